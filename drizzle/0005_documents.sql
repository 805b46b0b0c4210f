CREATE TABLE "tablewright"."document_shares" (
	"organization_id" text NOT NULL,
	"document_id" text NOT NULL,
	"kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"permission" text NOT NULL,
	CONSTRAINT "document_shares_organization_id_document_id_kind_subject_id_pk" PRIMARY KEY("organization_id","document_id","kind","subject_id")
);
--> statement-breakpoint
CREATE TABLE "tablewright"."documents" (
	"organization_id" text NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"content" jsonb NOT NULL,
	"visibility" text DEFAULT 'PRIVATE' NOT NULL,
	"org_permission" text DEFAULT 'view' NOT NULL,
	"created_by" text NOT NULL,
	"owner_id" text NOT NULL,
	"updated_by" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"deleted_by" text,
	CONSTRAINT "documents_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "documents_kind" CHECK ("tablewright"."documents"."kind" in ('dashboard', 'view', 'report')),
	CONSTRAINT "documents_visibility" CHECK ("tablewright"."documents"."visibility" in ('PRIVATE', 'TEAM', 'ORG'))
);
--> statement-breakpoint
CREATE TABLE "tablewright"."placements" (
	"organization_id" text NOT NULL,
	"document_id" text NOT NULL,
	"table_id" text NOT NULL,
	CONSTRAINT "placements_organization_id_document_id_table_id_pk" PRIMARY KEY("organization_id","document_id","table_id")
);
--> statement-breakpoint
ALTER TABLE "tablewright"."document_shares" ADD CONSTRAINT "document_shares_organization_id_document_id_documents_organization_id_id_fk" FOREIGN KEY ("organization_id","document_id") REFERENCES "tablewright"."documents"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."documents" ADD CONSTRAINT "documents_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "tablewright"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."placements" ADD CONSTRAINT "placements_organization_id_document_id_documents_organization_id_id_fk" FOREIGN KEY ("organization_id","document_id") REFERENCES "tablewright"."documents"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tablewright"."placements" ADD CONSTRAINT "placements_organization_id_table_id_tables_organization_id_id_fk" FOREIGN KEY ("organization_id","table_id") REFERENCES "tablewright"."tables"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "document_shares_subject" ON "tablewright"."document_shares" USING btree ("organization_id","kind","subject_id");--> statement-breakpoint
CREATE INDEX "documents_recent" ON "tablewright"."documents" USING btree ("organization_id","kind","updated_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "documents_owner" ON "tablewright"."documents" USING btree ("organization_id","owner_id");--> statement-breakpoint
CREATE INDEX "placements_table" ON "tablewright"."placements" USING btree ("organization_id","table_id");