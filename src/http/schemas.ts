// The shapes that several routes share, as the reference page names them.

import { z } from 'zod'
import { FieldType } from '../catalog/schema.ts'
import { sentencePartNames } from '../definition/read-back.ts'
import { type Definition, Format, Grain } from '../definition/schema.ts'
import { errorCodes } from '../errors.ts'
import { ianaTimezone } from '../lib/timezone.ts'

export const Timezone = z
  .string()
  .default('UTC')
  .transform((name, check) => {
    const known = ianaTimezone(name)
    if (known !== undefined) return known
    check.addIssue(`"${name.slice(0, 64)}" is not an IANA time zone such as Europe/Berlin`)
    return z.NEVER
  })
  .describe('IANA time zone of "today" and of times')

export const MaxRows = z.int().min(1).max(100_000).optional().describe('Rows wanted at most; 1,000 if not given')

/** Taken as it comes: the verb checks it against the catalog and names every issue at once. */
export const AnyDefinition = z
  .unknown()
  .refine((value) => value !== undefined, 'a definition is expected')
  .meta({ definition: true })

/** A definition that was checked. */
export const CheckedDefinition = z.custom<Definition>(() => true).meta({ definition: true })

export const Named = z.strictObject({ id: z.string(), name: z.string() }).meta({ id: 'Named' })

export const Instant = z.iso.datetime({ offset: true })

export const Issue = z
  .strictObject({
    code: z.string(),
    path: z.array(z.union([z.string(), z.number()])).describe('Where in the definition or body'),
    message: z.string(),
    fix: z.string().optional(),
  })
  .meta({ id: 'Issue' })

export const ErrorBody = z
  .strictObject({
    error: z.strictObject({
      code: z.enum(Object.keys(errorCodes) as [keyof typeof errorCodes, ...(keyof typeof errorCodes)[]]),
      message: z.string(),
      fix: z.string().optional(),
      issues: z.array(Issue).optional(),
      changed: z
        .strictObject({ by: z.string().optional(), byId: z.string().optional(), at: z.iso.datetime() })
        .describe('With version_conflict: who changed it, where that is known, and when')
        .optional(),
      requestId: z.string(),
    }),
  })
  .meta({ id: 'Error' })

export const Cell = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .describe(
    'Texts, enum values and ids as text; integers as numbers, beyond 2^53 as text; decimals and money as exact text; dates as 2025-03-01; timestamps as ISO text',
  )
  .meta({ id: 'Cell' })

export const OutputColumn = z
  .strictObject({
    id: z.string(),
    label: z.string(),
    type: FieldType,
    role: z.enum(['column', 'key', 'aggregate', 'calculation', 'compare', 'pivot']),
    grain: Grain.optional(),
    format: Format.optional(),
    unit: z.string().optional(),
    valueLabels: z.record(z.string(), z.string()).optional().describe('Labels of enum values, by stored value'),
  })
  .meta({ id: 'Column' })

/** What every table of rows has. */
export const tableShape = {
  columns: z.array(OutputColumn),
  rows: z.array(z.array(Cell)),
  totals: z.array(Cell).optional(),
  truncated: z.boolean().describe('There are more rows than maxRows'),
  maxRows: z.int(),
}

/** Of a table that ran just now. */
export const runShape = {
  ...tableShape,
  elapsedMs: z.number(),
  statements: z
    .array(z.strictObject({ text: z.string(), params: z.array(z.union([z.string(), z.null()])) }))
    .describe('The SQL that ran, values apart'),
}

export const ConditionWords = z
  .array(
    z.strictObject({
      path: z.array(z.union([z.string(), z.number()])).describe('Where in the definition'),
      text: z.string(),
    }),
  )
  .describe('Each condition and each number in the words of the sentence')

export const SentenceParts = z
  .array(
    z.strictObject({
      part: z.enum(sentencePartNames).describe('The key of the definition that says it'),
      text: z.string(),
    }),
  )
  .describe('The sentence in pieces')
export const ChangeWords = z
  .strictObject({ gone: SentenceParts, come: SentenceParts })
  .describe('What a follow-up did to what it refined')
