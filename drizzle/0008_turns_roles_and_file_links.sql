ALTER TABLE "tablewright"."exports" ADD COLUMN "options" jsonb;--> statement-breakpoint
ALTER TABLE "tablewright"."exports" ADD COLUMN "roles" jsonb;--> statement-breakpoint
ALTER TABLE "tablewright"."file_links" ADD COLUMN "user_id" text;--> statement-breakpoint
ALTER TABLE "tablewright"."file_links" ADD COLUMN "roles" jsonb;--> statement-breakpoint
ALTER TABLE "tablewright"."kept_files" ADD COLUMN "made_of" text;--> statement-breakpoint
ALTER TABLE "tablewright"."conversation_turns" ADD COLUMN "roles" jsonb;--> statement-breakpoint
CREATE INDEX "kept_files_made_of" ON "tablewright"."kept_files" USING btree ("organization_id","made_of") WHERE "tablewright"."kept_files"."made_of" is not null;