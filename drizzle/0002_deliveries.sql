CREATE TABLE "tablewright"."deliveries" (
	"organization_id" text NOT NULL,
	"id" text NOT NULL,
	"table_id" text NOT NULL,
	"kind" text NOT NULL,
	"occurrence" timestamp (3) with time zone NOT NULL,
	"recipient" text NOT NULL,
	"config" jsonb NOT NULL,
	"run_as" text NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"reason" text,
	"answer" text,
	"message_id" text,
	"missed" integer DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"token" text,
	"lease_until" timestamp (3) with time zone,
	"as_of" timestamp (3) with time zone,
	"row_count" integer,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "deliveries_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "deliveries_state" CHECK ("tablewright"."deliveries"."state" in ('queued', 'running', 'sending', 'sent', 'outbox', 'failed', 'skipped', 'unknown')),
	CONSTRAINT "deliveries_kind" CHECK ("tablewright"."deliveries"."kind" in ('scheduled', 'now', 'test', 'notice'))
);
--> statement-breakpoint
CREATE TABLE "tablewright"."outbox_mails" (
	"organization_id" text NOT NULL,
	"delivery_id" text NOT NULL,
	"message" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "outbox_mails_organization_id_delivery_id_pk" PRIMARY KEY("organization_id","delivery_id")
);
--> statement-breakpoint
ALTER TABLE "tablewright"."deliveries" ADD CONSTRAINT "deliveries_organization_id_table_id_tables_organization_id_id_fk" FOREIGN KEY ("organization_id","table_id") REFERENCES "tablewright"."tables"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."outbox_mails" ADD CONSTRAINT "outbox_mails_organization_id_delivery_id_deliveries_organization_id_id_fk" FOREIGN KEY ("organization_id","delivery_id") REFERENCES "tablewright"."deliveries"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_once" ON "tablewright"."deliveries" USING btree ("organization_id","table_id","occurrence","kind",lower("recipient"));--> statement-breakpoint
CREATE INDEX "deliveries_of_table" ON "tablewright"."deliveries" USING btree ("organization_id","table_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "tablewright"."deliveries" USING btree ("next_attempt_at") WHERE "tablewright"."deliveries"."state" = 'queued';--> statement-breakpoint
CREATE INDEX "deliveries_leased" ON "tablewright"."deliveries" USING btree ("lease_until") WHERE "tablewright"."deliveries"."lease_until" is not null;--> statement-breakpoint
CREATE INDEX "outbox_mails_recent" ON "tablewright"."outbox_mails" USING btree ("organization_id","created_at" DESC NULLS LAST);