// prompt → definition → plan → SQL → rows. Each function is one arrow; everything else is in the folder of its name.
// In: what a person or program asked. Out: rows and the sentence that says what they are, or every issue with a fix.
import type { Catalog } from './catalog/schema.ts'
import { visibleCatalog } from './catalog/visible.ts'
import { checkDefinition } from './definition/check.ts'
import { keptByText } from './definition/kept.ts'
import { isSummary, listColumns } from './definition/outputs.ts'
import { readBack } from './definition/read-back.ts'
import type { Definition } from './definition/schema.ts'
import { upgradeDefinition } from './definition/upgrade.ts'
import type { Issue } from './lib/issue.ts'
import type { Clock, Scope } from './lib/scope.ts'
import { traced } from './lib/trace.ts'
import { sentenceAt } from './plan/spoken-bounds.ts'
import type { TableResult } from './rows/result.ts'
import { runTable } from './rows/run.ts'
import type { Source } from './rows/source.ts'
import { streamTable, type TableStream } from './rows/stream.ts'

/** Rows on a screen; files have their own limits. */
export const SCREEN_ROWS = 10_000
export const STATEMENT_TIMEOUT_MS = 30_000

export type ValidateInput = { readonly definition: unknown; readonly catalog: Catalog; readonly scope: Scope }
export type Validated =
  | { readonly ok: true; readonly definition: Definition; readonly sentence: string }
  | { readonly ok: false; readonly issues: readonly Issue[] }

const validated = keptByText<Validated>(({ ok }) => ok)

/** Untrusted JSON → a definition that may run and the sentence that says what it means, or all of its issues. */
export function validateDefinition({ definition, catalog, scope }: ValidateInput): Validated {
  const visible = catalogFor(catalog, scope)
  return validated(visible, scope.organizationId, definition, () => validate(definition, visible))
}

function validate(input: unknown, visible: Catalog): Validated {
  const parsed = upgradeDefinition(input)
  if (!parsed.ok) return parsed
  const issues = checkDefinition(parsed.definition, visible)
  if (issues.length > 0) return { ok: false, issues }
  const definition = withColumns(parsed.definition, visible)
  return { ok: true, definition, sentence: readBack(definition, visible) }
}

export type RowsInput = ValidateInput & {
  readonly clock: Clock
  readonly source: Source
  readonly maxRows?: number | undefined
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}
export type RowsOutcome =
  | { readonly ok: true; readonly result: TableResult; readonly definition: Definition; readonly sentence: string }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** Untrusted JSON → rows inside the scope's organization; rejects only for faults that are not the asker's. */
export async function definitionToRows(input: RowsInput): Promise<RowsOutcome> {
  const valid = await traced('check', {}, () => validateDefinition(input))
  if (!valid.ok) return valid
  const { definition } = valid
  const sentence = saidAt(valid, input)
  const { maxRows = SCREEN_ROWS, timeoutMs = STATEMENT_TIMEOUT_MS } = input
  const run = await traced('rows', {}, () => runTable({ ...input, definition, maxRows, timeoutMs }))
  return run.ok ? { ...run, definition, sentence } : run
}

export type StreamInput = RowsInput & {
  readonly maxRows: number
  readonly timeoutMs: number
  /** From the first row to the last; an hour if not said. */
  readonly longestMs?: number
}
export type StreamedOutcome =
  | { readonly ok: true; readonly stream: TableStream; readonly definition: Definition; readonly sentence: string }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** Untrusted JSON → rows in batches, for files; `timeoutMs` holds for the first rows and for each batch after them. */
export async function definitionToStream(input: StreamInput): Promise<StreamedOutcome> {
  const valid = await traced('check', {}, () => validateDefinition(input))
  if (!valid.ok) return valid
  const { definition } = valid
  const sentence = saidAt(valid, input)
  const opened = await traced('rows', {}, () => streamTable({ ...input, definition }))
  return opened.ok ? { ...opened, definition, sentence } : opened
}

/** The sentence with the days that its periods have now: what is read beside rows is about those rows. */
function saidAt(valid: Validated & { ok: true }, { catalog, scope, clock }: RowsInput): string {
  return sentenceAt(valid.sentence, valid.definition, catalogFor(catalog, scope), clock)
}

const visibleByRoles = new WeakMap<Catalog, Map<string, Catalog>>()

/** The catalog as this scope sees it, kept per catalog and set of roles. */
export function catalogFor(catalog: Catalog, scope: Scope): Catalog {
  const known = visibleByRoles.get(catalog) ?? new Map<string, Catalog>()
  visibleByRoles.set(catalog, known)
  const key = JSON.stringify(scope.roles)
  const visible = known.get(key) ?? visibleCatalog(catalog, scope.roles)
  known.set(key, visible)
  return visible
}

/** A list without columns shows the default ones that its reader may see, written out so that nothing is implied. */
function withColumns(definition: Definition, visible: Catalog): Definition {
  if (isSummary(definition) || definition.columns.length > 0) return definition
  return { ...definition, columns: [...listColumns(definition, visible)] }
}
