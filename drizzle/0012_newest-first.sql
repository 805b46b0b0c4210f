DROP INDEX "tablewright"."deliveries_recent";--> statement-breakpoint
DROP INDEX "tablewright"."cached_results_of_table";--> statement-breakpoint
DROP INDEX "tablewright"."tables_recent";--> statement-breakpoint
DROP INDEX "tablewright"."deliveries_of_table";--> statement-breakpoint
DROP INDEX "tablewright"."deliveries_last";--> statement-breakpoint
DROP INDEX "tablewright"."outbox_mails_recent";--> statement-breakpoint
DROP INDEX "tablewright"."conversations_recent";--> statement-breakpoint
DROP INDEX "tablewright"."documents_recent";--> statement-breakpoint
DROP INDEX "tablewright"."translations_at";--> statement-breakpoint
CREATE INDEX "tables_named" ON "tablewright"."tables" USING btree ("organization_id",lower("name"),"id");--> statement-breakpoint
CREATE INDEX "cached_results_of_table" ON "tablewright"."cached_results" USING btree ("organization_id","table_id","permission_class","timezone","as_of","id");--> statement-breakpoint
CREATE INDEX "tables_recent" ON "tablewright"."tables" USING btree ("organization_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "deliveries_of_table" ON "tablewright"."deliveries" USING btree ("organization_id","table_id","id");--> statement-breakpoint
CREATE INDEX "deliveries_last" ON "tablewright"."deliveries" USING btree ("organization_id","table_id",lower("recipient"),"id");--> statement-breakpoint
CREATE INDEX "outbox_mails_recent" ON "tablewright"."outbox_mails" USING btree ("organization_id","created_at","delivery_id");--> statement-breakpoint
CREATE INDEX "conversations_recent" ON "tablewright"."conversations" USING btree ("organization_id","user_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "documents_recent" ON "tablewright"."documents" USING btree ("organization_id","kind","updated_at","id");--> statement-breakpoint
CREATE INDEX "translations_at" ON "tablewright"."translations" USING btree ("organization_id","at");