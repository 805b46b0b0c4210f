ALTER TABLE "tablewright"."conversation_turns" ADD COLUMN "parent" integer;--> statement-breakpoint
ALTER TABLE "tablewright"."conversations" ADD COLUMN "place" integer;