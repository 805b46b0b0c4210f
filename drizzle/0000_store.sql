CREATE SCHEMA IF NOT EXISTS "tablewright";
--> statement-breakpoint
CREATE TABLE "tablewright"."accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp (3) with time zone,
	"refresh_token_expires_at" timestamp (3) with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tablewright"."api_keys" (
	"organization_id" text NOT NULL,
	"id" text NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"hint" text NOT NULL,
	"scopes" text[] NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "api_keys_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "api_keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "tablewright"."invitations" (
	"organization_id" text NOT NULL,
	"id" text NOT NULL,
	"token_hash" text NOT NULL,
	"email" text,
	"role" text NOT NULL,
	"team_ids" text[] DEFAULT '{}' NOT NULL,
	"invited_by" text,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"accepted_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "invitations_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "invitations_token_hash_unique" UNIQUE("token_hash"),
	CONSTRAINT "invitations_role" CHECK ("tablewright"."invitations"."role" in ('viewer', 'editor', 'admin'))
);
--> statement-breakpoint
CREATE TABLE "tablewright"."memberships" (
	"organization_id" text NOT NULL,
	"user_id" text NOT NULL,
	"role" text NOT NULL,
	"column_roles" text[] DEFAULT '{}' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "memberships_organization_id_user_id_pk" PRIMARY KEY("organization_id","user_id"),
	CONSTRAINT "memberships_role" CHECK ("tablewright"."memberships"."role" in ('viewer', 'editor', 'admin'))
);
--> statement-breakpoint
CREATE TABLE "tablewright"."organizations" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tablewright"."sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"token" text NOT NULL,
	"active_organization_id" text,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sessions_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "tablewright"."team_members" (
	"organization_id" text NOT NULL,
	"team_id" text NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "team_members_organization_id_team_id_user_id_pk" PRIMARY KEY("organization_id","team_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "tablewright"."teams" (
	"organization_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "teams_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "tablewright"."users" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "tablewright"."verifications" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tablewright"."cached_results" (
	"organization_id" text NOT NULL,
	"id" text NOT NULL,
	"table_id" text NOT NULL,
	"permission_class" text NOT NULL,
	"timezone" text NOT NULL,
	"definition_hash" text NOT NULL,
	"head" jsonb NOT NULL,
	"row_count" integer NOT NULL,
	"truncated" boolean NOT NULL,
	"as_of" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "cached_results_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "tablewright"."cached_rows" (
	"organization_id" text NOT NULL,
	"result_id" text NOT NULL,
	"position" integer NOT NULL,
	"rows" jsonb NOT NULL,
	CONSTRAINT "cached_rows_organization_id_result_id_position_pk" PRIMARY KEY("organization_id","result_id","position")
);
--> statement-breakpoint
CREATE TABLE "tablewright"."refreshes" (
	"organization_id" text NOT NULL,
	"table_id" text NOT NULL,
	"permission_class" text NOT NULL,
	"timezone" text NOT NULL,
	"definition_hash" text NOT NULL,
	"token" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"lease_until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "refreshes_organization_id_table_id_permission_class_timezone_definition_hash_pk" PRIMARY KEY("organization_id","table_id","permission_class","timezone","definition_hash")
);
--> statement-breakpoint
CREATE TABLE "tablewright"."table_shares" (
	"organization_id" text NOT NULL,
	"table_id" text NOT NULL,
	"kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"permission" text NOT NULL,
	CONSTRAINT "table_shares_organization_id_table_id_kind_subject_id_pk" PRIMARY KEY("organization_id","table_id","kind","subject_id")
);
--> statement-breakpoint
CREATE TABLE "tablewright"."table_versions" (
	"organization_id" text NOT NULL,
	"table_id" text NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"definition" jsonb NOT NULL,
	"reverted_to" integer,
	"changed_by" text NOT NULL,
	"changed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "table_versions_organization_id_table_id_version_pk" PRIMARY KEY("organization_id","table_id","version")
);
--> statement-breakpoint
CREATE TABLE "tablewright"."tables" (
	"organization_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"created_via" text NOT NULL,
	"ai_prompt" text,
	"definition" jsonb NOT NULL,
	"destinations" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"visibility" text DEFAULT 'PRIVATE' NOT NULL,
	"org_permission" text DEFAULT 'view' NOT NULL,
	"schedule_config" jsonb,
	"scheduled_by" text,
	"next_scheduled_run" timestamp (3) with time zone,
	"created_by" text NOT NULL,
	"owner_id" text NOT NULL,
	"updated_by" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"deleted_by" text,
	CONSTRAINT "tables_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "tables_created_via" CHECK ("tablewright"."tables"."created_via" in ('BUILDER', 'AI_GENERATED', 'IMPORT')),
	CONSTRAINT "tables_visibility" CHECK ("tablewright"."tables"."visibility" in ('PRIVATE', 'TEAM', 'ORG')),
	CONSTRAINT "tables_schedule" CHECK (("tablewright"."tables"."schedule_config" is null) = ("tablewright"."tables"."next_scheduled_run" is null))
);
--> statement-breakpoint
CREATE TABLE "tablewright"."audit_log" (
	"organization_id" text NOT NULL,
	"id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_id" text NOT NULL,
	"via" text NOT NULL,
	"action" text NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"request_id" text,
	CONSTRAINT "audit_log_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "tablewright"."idempotency_keys" (
	"organization_id" text NOT NULL,
	"user_id" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"subject_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_organization_id_user_id_key_pk" PRIMARY KEY("organization_id","user_id","key")
);
--> statement-breakpoint
ALTER TABLE "tablewright"."accounts" ADD CONSTRAINT "accounts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "tablewright"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."api_keys" ADD CONSTRAINT "api_keys_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "tablewright"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."api_keys" ADD CONSTRAINT "api_keys_organization_id_user_id_memberships_organization_id_user_id_fk" FOREIGN KEY ("organization_id","user_id") REFERENCES "tablewright"."memberships"("organization_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."invitations" ADD CONSTRAINT "invitations_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "tablewright"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."memberships" ADD CONSTRAINT "memberships_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "tablewright"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."memberships" ADD CONSTRAINT "memberships_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "tablewright"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "tablewright"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."team_members" ADD CONSTRAINT "team_members_organization_id_team_id_teams_organization_id_id_fk" FOREIGN KEY ("organization_id","team_id") REFERENCES "tablewright"."teams"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."team_members" ADD CONSTRAINT "team_members_organization_id_user_id_memberships_organization_id_user_id_fk" FOREIGN KEY ("organization_id","user_id") REFERENCES "tablewright"."memberships"("organization_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."teams" ADD CONSTRAINT "teams_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "tablewright"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."cached_results" ADD CONSTRAINT "cached_results_organization_id_table_id_tables_organization_id_id_fk" FOREIGN KEY ("organization_id","table_id") REFERENCES "tablewright"."tables"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."cached_rows" ADD CONSTRAINT "cached_rows_organization_id_result_id_cached_results_organization_id_id_fk" FOREIGN KEY ("organization_id","result_id") REFERENCES "tablewright"."cached_results"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."refreshes" ADD CONSTRAINT "refreshes_organization_id_table_id_tables_organization_id_id_fk" FOREIGN KEY ("organization_id","table_id") REFERENCES "tablewright"."tables"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."table_shares" ADD CONSTRAINT "table_shares_organization_id_table_id_tables_organization_id_id_fk" FOREIGN KEY ("organization_id","table_id") REFERENCES "tablewright"."tables"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."table_versions" ADD CONSTRAINT "table_versions_organization_id_table_id_tables_organization_id_id_fk" FOREIGN KEY ("organization_id","table_id") REFERENCES "tablewright"."tables"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."tables" ADD CONSTRAINT "tables_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "tablewright"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."audit_log" ADD CONSTRAINT "audit_log_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "tablewright"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."idempotency_keys" ADD CONSTRAINT "idempotency_keys_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "tablewright"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "accounts_user" ON "tablewright"."accounts" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "memberships_user" ON "tablewright"."memberships" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "tablewright"."sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "team_members_user" ON "tablewright"."team_members" USING btree ("organization_id","user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "teams_name" ON "tablewright"."teams" USING btree ("organization_id",lower("name"));--> statement-breakpoint
CREATE INDEX "verifications_identifier" ON "tablewright"."verifications" USING btree ("identifier");--> statement-breakpoint
CREATE INDEX "cached_results_of_table" ON "tablewright"."cached_results" USING btree ("organization_id","table_id","permission_class","timezone","as_of" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "table_shares_subject" ON "tablewright"."table_shares" USING btree ("organization_id","kind","subject_id");--> statement-breakpoint
CREATE INDEX "tables_recent" ON "tablewright"."tables" USING btree ("organization_id","updated_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "tables_owner" ON "tablewright"."tables" USING btree ("organization_id","owner_id");--> statement-breakpoint
CREATE INDEX "tables_due" ON "tablewright"."tables" USING btree ("next_scheduled_run") WHERE "tablewright"."tables"."next_scheduled_run" is not null and "tablewright"."tables"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "audit_log_subject" ON "tablewright"."audit_log" USING btree ("organization_id","subject_kind","subject_id","id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_age" ON "tablewright"."idempotency_keys" USING btree ("created_at");