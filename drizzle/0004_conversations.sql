CREATE TABLE "tablewright"."conversation_turns" (
	"organization_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"number" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"prompt" text NOT NULL,
	"after_turn" integer,
	"base" jsonb,
	"kind" text NOT NULL,
	"definition" jsonb,
	"answer" jsonb NOT NULL,
	"row_count" integer,
	CONSTRAINT "conversation_turns_organization_id_conversation_id_number_pk" PRIMARY KEY("organization_id","conversation_id","number"),
	CONSTRAINT "conversation_turns_kind" CHECK ("tablewright"."conversation_turns"."kind" in ('answer', 'draft', 'refused', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "tablewright"."conversations" (
	"organization_id" text NOT NULL,
	"id" text NOT NULL,
	"user_id" text NOT NULL,
	"title" text NOT NULL,
	"turn_count" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "conversations_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "tablewright"."conversation_turns" ADD CONSTRAINT "conversation_turns_organization_id_conversation_id_conversations_organization_id_id_fk" FOREIGN KEY ("organization_id","conversation_id") REFERENCES "tablewright"."conversations"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."conversations" ADD CONSTRAINT "conversations_organization_id_user_id_memberships_organization_id_user_id_fk" FOREIGN KEY ("organization_id","user_id") REFERENCES "tablewright"."memberships"("organization_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conversations_recent" ON "tablewright"."conversations" USING btree ("organization_id","user_id","updated_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "conversations_age" ON "tablewright"."conversations" USING btree ("updated_at");