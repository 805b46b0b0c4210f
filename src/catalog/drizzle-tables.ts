// The catalog's entities as Drizzle tables, the only tables that SQL is ever made of.
// In: a checked catalog. Out: per entity one table with every column that a plan may name.
// Refused: nothing; columns carry no type, because rows are read as text and values are converted elsewhere.
import { type AnyPgColumn, type AnyPgTable, alias, customType, getTableColumns, pgTableWithSchema } from 'drizzle-orm/pg-core'
import type { Catalog, Entity } from './schema.ts'
