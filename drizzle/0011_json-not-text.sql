-- After a lost connection, earlier versions kept JSON as a JSON text with the JSON in it. No column here ever holds a text.
UPDATE "tablewright"."conversation_turns" SET
  "base" = CASE WHEN jsonb_typeof("base") = 'string' THEN ("base" #>> '{}')::jsonb ELSE "base" END,
  "definition" = CASE WHEN jsonb_typeof("definition") = 'string' THEN ("definition" #>> '{}')::jsonb ELSE "definition" END,
  "roles" = CASE WHEN jsonb_typeof("roles") = 'string' THEN ("roles" #>> '{}')::jsonb ELSE "roles" END,
  "answer" = CASE WHEN jsonb_typeof("answer") = 'string' THEN ("answer" #>> '{}')::jsonb ELSE "answer" END
WHERE jsonb_typeof("base") = 'string' OR jsonb_typeof("definition") = 'string' OR jsonb_typeof("roles") = 'string' OR jsonb_typeof("answer") = 'string';--> statement-breakpoint
UPDATE "tablewright"."deliveries" SET
  "config" = CASE WHEN jsonb_typeof("config") = 'string' THEN ("config" #>> '{}')::jsonb ELSE "config" END
WHERE jsonb_typeof("config") = 'string';--> statement-breakpoint
UPDATE "tablewright"."exports" SET
  "options" = CASE WHEN jsonb_typeof("options") = 'string' THEN ("options" #>> '{}')::jsonb ELSE "options" END,
  "roles" = CASE WHEN jsonb_typeof("roles") = 'string' THEN ("roles" #>> '{}')::jsonb ELSE "roles" END
WHERE jsonb_typeof("options") = 'string' OR jsonb_typeof("roles") = 'string';--> statement-breakpoint
UPDATE "tablewright"."file_links" SET
  "roles" = CASE WHEN jsonb_typeof("roles") = 'string' THEN ("roles" #>> '{}')::jsonb ELSE "roles" END
WHERE jsonb_typeof("roles") = 'string';--> statement-breakpoint
UPDATE "tablewright"."documents" SET
  "content" = CASE WHEN jsonb_typeof("content") = 'string' THEN ("content" #>> '{}')::jsonb ELSE "content" END,
  "schedule_config" = CASE WHEN jsonb_typeof("schedule_config") = 'string' THEN ("schedule_config" #>> '{}')::jsonb ELSE "schedule_config" END
WHERE jsonb_typeof("content") = 'string' OR jsonb_typeof("schedule_config") = 'string';--> statement-breakpoint
UPDATE "tablewright"."audit_log" SET
  "details" = CASE WHEN jsonb_typeof("details") = 'string' THEN ("details" #>> '{}')::jsonb ELSE "details" END
WHERE jsonb_typeof("details") = 'string';--> statement-breakpoint
UPDATE "tablewright"."cached_results" SET
  "head" = CASE WHEN jsonb_typeof("head") = 'string' THEN ("head" #>> '{}')::jsonb ELSE "head" END
WHERE jsonb_typeof("head") = 'string';--> statement-breakpoint
UPDATE "tablewright"."cached_rows" SET
  "rows" = CASE WHEN jsonb_typeof("rows") = 'string' THEN ("rows" #>> '{}')::jsonb ELSE "rows" END
WHERE jsonb_typeof("rows") = 'string';--> statement-breakpoint
UPDATE "tablewright"."table_versions" SET
  "definition" = CASE WHEN jsonb_typeof("definition") = 'string' THEN ("definition" #>> '{}')::jsonb ELSE "definition" END
WHERE jsonb_typeof("definition") = 'string';--> statement-breakpoint
UPDATE "tablewright"."tables" SET
  "definition" = CASE WHEN jsonb_typeof("definition") = 'string' THEN ("definition" #>> '{}')::jsonb ELSE "definition" END,
  "destinations" = CASE WHEN jsonb_typeof("destinations") = 'string' THEN ("destinations" #>> '{}')::jsonb ELSE "destinations" END,
  "schedule_config" = CASE WHEN jsonb_typeof("schedule_config") = 'string' THEN ("schedule_config" #>> '{}')::jsonb ELSE "schedule_config" END
WHERE jsonb_typeof("definition") = 'string' OR jsonb_typeof("destinations") = 'string' OR jsonb_typeof("schedule_config") = 'string';--> statement-breakpoint
UPDATE "tablewright"."translation_cache" SET
  "answer" = CASE WHEN jsonb_typeof("answer") = 'string' THEN ("answer" #>> '{}')::jsonb ELSE "answer" END
WHERE jsonb_typeof("answer") = 'string';--> statement-breakpoint
UPDATE "tablewright"."verified_prompts" SET
  "definition" = CASE WHEN jsonb_typeof("definition") = 'string' THEN ("definition" #>> '{}')::jsonb ELSE "definition" END
WHERE jsonb_typeof("definition") = 'string';
