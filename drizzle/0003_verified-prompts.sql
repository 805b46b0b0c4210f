CREATE TABLE "tablewright"."translation_cache" (
	"organization_id" text NOT NULL,
	"key" text NOT NULL,
	"answer" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "translation_cache_organization_id_key_pk" PRIMARY KEY("organization_id","key")
);
--> statement-breakpoint
CREATE TABLE "tablewright"."translations" (
	"organization_id" text NOT NULL,
	"id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"user_id" text,
	"translator" text NOT NULL,
	"outcome" text NOT NULL,
	"follow_up" boolean NOT NULL,
	"cached" boolean DEFAULT false NOT NULL,
	"model" text,
	"calls" integer DEFAULT 0 NOT NULL,
	"input_tokens" integer DEFAULT 0 NOT NULL,
	"output_tokens" integer DEFAULT 0 NOT NULL,
	"cached_tokens" integer DEFAULT 0 NOT NULL,
	"elapsed_ms" integer NOT NULL,
	CONSTRAINT "translations_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "tablewright"."verified_prompts" (
	"organization_id" text NOT NULL,
	"table_id" text NOT NULL,
	"prompt" text NOT NULL,
	"prompt_key" text NOT NULL,
	"definition" jsonb NOT NULL,
	"verified_by" text NOT NULL,
	"verified_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "verified_prompts_organization_id_table_id_pk" PRIMARY KEY("organization_id","table_id")
);
--> statement-breakpoint
ALTER TABLE "tablewright"."verified_prompts" ADD CONSTRAINT "verified_prompts_organization_id_table_id_tables_organization_id_id_fk" FOREIGN KEY ("organization_id","table_id") REFERENCES "tablewright"."tables"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "translation_cache_age" ON "tablewright"."translation_cache" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "translations_at" ON "tablewright"."translations" USING btree ("organization_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "verified_prompts_key" ON "tablewright"."verified_prompts" USING btree ("organization_id","prompt_key");