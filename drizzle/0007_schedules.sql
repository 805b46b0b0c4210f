CREATE TABLE "tablewright"."exports" (
	"organization_id" text NOT NULL,
	"id" text NOT NULL,
	"subject_id" text NOT NULL,
	"user_id" text NOT NULL,
	"format" text NOT NULL,
	"timezone" text NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"row_count" integer DEFAULT 0 NOT NULL,
	"file_id" text,
	"reason" text,
	"token" text,
	"lease_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "exports_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "exports_state" CHECK ("tablewright"."exports"."state" in ('queued', 'running', 'done', 'failed', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "tablewright"."file_links" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"file_id" text NOT NULL,
	"recipient" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tablewright"."kept_files" (
	"organization_id" text NOT NULL,
	"id" text NOT NULL,
	"subject_id" text NOT NULL,
	"name" text NOT NULL,
	"content_type" text NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"complete" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "kept_files_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "tablewright"."kept_pieces" (
	"organization_id" text NOT NULL,
	"file_id" text NOT NULL,
	"position" integer NOT NULL,
	"data" "bytea" NOT NULL,
	CONSTRAINT "kept_pieces_organization_id_file_id_position_pk" PRIMARY KEY("organization_id","file_id","position")
);
--> statement-breakpoint
CREATE TABLE "tablewright"."subscriptions" (
	"organization_id" text NOT NULL,
	"subject_id" text NOT NULL,
	"address" text NOT NULL,
	"token" text NOT NULL,
	"unsubscribed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "subscriptions_organization_id_subject_id_address_pk" PRIMARY KEY("organization_id","subject_id","address"),
	CONSTRAINT "subscriptions_token_unique" UNIQUE("token")
);
--> statement-breakpoint
ALTER TABLE "tablewright"."tables" DROP CONSTRAINT "tables_schedule";--> statement-breakpoint
ALTER TABLE "tablewright"."deliveries" DROP CONSTRAINT "deliveries_organization_id_table_id_tables_organization_id_id_fk";
--> statement-breakpoint
ALTER TABLE "tablewright"."deliveries" ADD COLUMN "content_hash" text;--> statement-breakpoint
ALTER TABLE "tablewright"."outbox_mails" ADD COLUMN "subject" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "tablewright"."outbox_mails" ADD COLUMN "html" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "tablewright"."documents" ADD COLUMN "schedule_config" jsonb;--> statement-breakpoint
ALTER TABLE "tablewright"."documents" ADD COLUMN "scheduled_by" text;--> statement-breakpoint
ALTER TABLE "tablewright"."documents" ADD COLUMN "next_scheduled_run" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "tablewright"."exports" ADD CONSTRAINT "exports_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "tablewright"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."file_links" ADD CONSTRAINT "file_links_organization_id_file_id_kept_files_organization_id_id_fk" FOREIGN KEY ("organization_id","file_id") REFERENCES "tablewright"."kept_files"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."kept_files" ADD CONSTRAINT "kept_files_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "tablewright"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."kept_pieces" ADD CONSTRAINT "kept_pieces_organization_id_file_id_kept_files_organization_id_id_fk" FOREIGN KEY ("organization_id","file_id") REFERENCES "tablewright"."kept_files"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "exports_waiting" ON "tablewright"."exports" USING btree ("created_at") WHERE "tablewright"."exports"."state" in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "file_links_file" ON "tablewright"."file_links" USING btree ("organization_id","file_id");--> statement-breakpoint
CREATE INDEX "kept_files_expiry" ON "tablewright"."kept_files" USING btree ("expires_at");--> statement-breakpoint
ALTER TABLE "tablewright"."deliveries" ADD CONSTRAINT "deliveries_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "tablewright"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deliveries_last" ON "tablewright"."deliveries" USING btree ("organization_id","table_id",lower("recipient"),"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "deliveries_recent" ON "tablewright"."deliveries" USING btree ("organization_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "documents_due" ON "tablewright"."documents" USING btree ("next_scheduled_run") WHERE "tablewright"."documents"."next_scheduled_run" is not null and "tablewright"."documents"."deleted_at" is null;--> statement-breakpoint
ALTER TABLE "tablewright"."tables" ADD CONSTRAINT "tables_schedule" CHECK ("tablewright"."tables"."schedule_config" is not null or "tablewright"."tables"."next_scheduled_run" is null);