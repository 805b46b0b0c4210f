import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './src/db/schema-access.ts',
    './src/db/schema-tables.ts',
    './src/db/schema-deliveries.ts',
    './src/db/schema-conversations.ts',
    './src/db/schema-documents.ts',
    './src/db/schema-log.ts',
    './src/db/schema-translations.ts',
    './src/db/schema-parts.ts',
  ],
  out: './drizzle',
})
