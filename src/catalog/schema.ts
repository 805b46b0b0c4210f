// The catalog: the whitelist of everything a definition may name.
// In: plain JSON (from YAML). Out: a checked, fully defaulted `Catalog`. Refused: unknown keys, wrong types.
// References between entities (relations, tenant keys, metrics) are checked in load.ts, which knows line numbers.
import { z } from 'zod'

/** Names of entities, fields, relations and metrics: an identifier, at most 63 characters. */
export const Name = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, 'a name has letters, digits and underscores, at most 63 of them')

/** A column or table name exactly as the database spells it. */
const DbName = z.string().min(1).max(63)
const Label = z.string().min(1).max(120)
const Synonyms = z.array(z.string().min(1).max(80)).max(40).default([])
const Description = z.string().max(2000).optional()

export const FieldType = z.enum(['text', 'integer', 'number', 'money', 'date', 'timestamp', 'boolean', 'enum', 'id'])
export type FieldType = z.infer<typeof FieldType>

export const EnumValue = z.strictObject({
  value: z.string().max(200),
  label: Label.optional(),
  synonyms: Synonyms,
})
export type EnumValue = z.infer<typeof EnumValue>

export const Field = z.strictObject({
  column: DbName,
  type: FieldType,
  label: Label,
  synonyms: Synonyms,
  description: Description,
  /** ISO 4217 code; only with type money. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  /** Shown after the number, such as "kg" or "%". */
  unit: z.string().max(20).optional(),
  /** Stored values of an enum field, in display order. */
  values: z.array(EnumValue).max(500).optional(),
  /** Text comparison minds upper and lower case. */
  caseSensitive: z.boolean().default(false),
  /**
   * text: the column is text that holds numbers, dates …; cells that do not parse read as empty. real: it holds floats of
   * four bytes, each read as the decimal that it is written as. The server finds the latter by itself.
   */
  storedAs: z.enum(['text', 'real']).optional(),
  /** false: a timestamp without time zone, taken as wall-clock time as it is written. */
  zoned: z.boolean().default(true),
  /** Never empty. The server asks the database at its start; a Worker, which does not, believes what is written here. */
  required: z.boolean().default(false),
  /** Left out of the value index, of samples and of everything a model sees. */
  sensitive: z.boolean().default(false),
  /** Roles that may see the field; absent: everybody. */
  roles: z.array(z.string().min(1)).min(1).optional(),
})
export type Field = z.infer<typeof Field>

export const Relation = z.strictObject({
  to: Name,
  kind: z.enum(['to_one', 'to_many']),
  /** Join columns, as the database spells them: `from` in this entity's table, `to` in the target's. */
  on: z
    .array(z.strictObject({ from: DbName, to: DbName }))
    .min(1)
    .max(8),
  label: Label,
  synonyms: Synonyms,
  description: Description,
  /** Proposed from names, not declared by a key. */
  guessed: z.boolean().default(false),
})
export type Relation = z.infer<typeof Relation>

export const Metric = z.strictObject({
  label: Label,
  synonyms: Synonyms,
  description: Description,
  /** An aggregate of the definition language without id, label or metric; checked in load.ts. */
  aggregate: z.record(z.string(), z.unknown()),
})
export type Metric = z.infer<typeof Metric>

export const Entity = z.strictObject({
  table: DbName,
  schema: DbName.optional(),
  label: Label,
  /** What one row is called, such as "donation". */
  singular: Label.optional(),
  synonyms: Synonyms,
  description: Description,
  /** Column that holds the organization's id; an entity has this or `shared: true`, never both. */
  tenantKey: DbName.optional(),
  shared: z.literal(true).optional(),
  /** Field names; empty for a table without a key. */
  primaryKey: z.array(Name).default([]),
  displayField: Name.optional(),
  defaultColumns: z.array(Name).default([]),
  defaultDate: Name.optional(),
  /** A table that only links others (many-to-many). */
  junction: z.boolean().default(false),
  /** At most ten thousand rows, as the database estimated when the server started; only speed hangs on it. */
  small: z.boolean().default(false),
  fields: z.record(Name, Field),
  relations: z.record(Name, Relation).default({}),
  metrics: z.record(Name, Metric).default({}),
})
export type Entity = z.infer<typeof Entity>

export const Weekday = z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])
export type Weekday = z.infer<typeof Weekday>

export const Catalog = z.strictObject({
  version: z.literal(1),
  name: z.string().max(120).default('catalog'),
  description: Description,
  /** First month of the fiscal year, 1 to 12. */
  fiscalYearStart: z.int().min(1).max(12).default(1),
  weekStart: Weekday.default('monday'),
  entities: z.record(Name, Entity),
})
/** A checked catalog with every default filled in; plain data, safe to share and to serialise. */
export type Catalog = z.infer<typeof Catalog>
/** What a YAML file may say: defaults left out. */
export type CatalogInput = z.input<typeof Catalog>
