// Runs one definition through the product and through the judge, and says how the two differ.
import { definitionToRows } from '../../../src/pipeline.ts'
import type { Cell, OutputColumn } from '../../../src/plan/columns.ts'
import type { TableResult } from '../../../src/rows/result.ts'
import { parseTime } from '../calendar.ts'
import { evaluate, type Judgement } from '../evaluate.ts'
import type { TestWorld } from '../generate/world.ts'
import { isNear, parseDecimal } from '../rational.ts'
import { inSchema, type TestDatabase } from './database.ts'

export type Statement = TableResult['statements'][number]
/**
 * mismatch: other numbers; refused: issues although the judge takes it as valid; crash: the statement failed;
 * fragile: other numbers, but the answer hangs on the last digit of an approximate one.
 */
export type FailureKind = 'mismatch' | 'refused' | 'crash' | 'fragile'
export type Outcome =
  | { readonly kind: 'same'; readonly result: TableResult; readonly judgement: Judgement }
  | { readonly kind: 'judge-refused'; readonly detail: string }
  | {
      readonly kind: FailureKind
      readonly detail: string
      /** What failures of one cause share: issue codes, or the error's message. */
      readonly signature: string
      readonly judgement: Judgement
      readonly result?: TableResult
    }

const MAX_ROWS = 1_000_000

export async function outcomeOf(
  database: TestDatabase,
  world: TestWorld,
  schema: string,
  definition: unknown,
): Promise<Outcome> {
  let judgement: Judgement
  try {
    judgement = judge(database, world, definition)
  } catch (error) {
    return { kind: 'judge-refused', detail: String(error) }
  }
  try {
    const run = await runProduct(database, world, schema, definition)
    if (!run.ok) {
      const detail = run.issues.map(({ code, path, message }) => `${code} at ${path.join('.')}: ${message}`).join('\n')
      return {
        kind: 'refused',
        detail,
        signature: [...new Set(run.issues.map(({ code }) => code))].sort().join(),
        judgement,
      }
    }
    const { result } = run
    const detail = differenceOf(judgement, result)
    if (detail === undefined) return { kind: 'same', result, judgement }
    return { kind: judgement.fragile.length > 0 ? 'fragile' : 'mismatch', detail, signature: '', judgement, result }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const detail =
      cause instanceof Error ? `${cause.message}\n${cause.stack?.split('\n').slice(1, 5).join('\n')}` : String(cause)
    const signature = (cause instanceof Error ? cause.message : String(cause))
      .replace(/\d+|"[^"]*"/g, '…')
      .slice(0, 120)
    return { kind: 'crash', detail, signature, judgement }
  }
}

export function judge(
  database: { letters: TestDatabase['letters'] },
  world: TestWorld,
  definition: unknown,
): Judgement {
  const { catalog, data, organizationId, now, timezone } = world
  return evaluate({
    definition,
    catalog,
    data,
    organizationId,
    now: new Date(now),
    timezone,
    letters: database.letters,
  })
}

export async function runProduct(database: TestDatabase, world: TestWorld, schema: string, definition: unknown) {
  return definitionToRows({
    definition,
    catalog: inSchema(world, schema),
    scope: { organizationId: world.organizationId, roles: [] },
    clock: { now: new Date(world.now), timezone: world.timezone },
    source: database.source,
    maxRows: MAX_ROWS,
  })
}

/** The first difference in columns, rows or totals; undefined when there is none. */
export function differenceOf(judgement: Judgement, result: TableResult): string | undefined {
  const ids = result.columns.map(({ id, role }) => (role === 'pivot' ? '#' : id))
  const wanted = judgement.columns.map((id) => (id.includes('#') ? '#' : id))
  if (JSON.stringify(ids) !== JSON.stringify(wanted))
    return `columns ${JSON.stringify(ids)}, expected ${JSON.stringify(wanted)}`
  if (result.truncated) return 'the result was cut'
  if (result.rows.length !== judgement.rows.length)
    return `${result.rows.length} rows, expected ${judgement.rows.length}`
  for (const [index, row] of judgement.rows.entries()) {
    const found = differenceInRow(row, result.rows[index] ?? [], judgement.rough[index] ?? [], result.columns)
    if (found !== undefined) return `row ${index + 1}, ${found}`
  }
  if ((judgement.totals === undefined) !== (result.totals === undefined)) return 'totals on one side only'
  if (judgement.totals === undefined || result.totals === undefined) return undefined
  const found = differenceInRow(judgement.totals, result.totals, judgement.rough.at(-1) ?? [], result.columns)
  return found === undefined ? undefined : `totals, ${found}`
}

function differenceInRow(
  wanted: readonly Cell[],
  found: readonly Cell[],
  rough: readonly boolean[],
  columns: readonly OutputColumn[],
): string | undefined {
  for (const [index, column] of columns.entries()) {
    const [left = null, right = null] = [wanted[index], found[index]]
    if (!isSameCell(left, right, rough[index] === true, column))
      return `column ${column.id} (${column.type}): ${JSON.stringify(right)}, expected ${JSON.stringify(left)}`
  }
  return undefined
}

function isSameCell(wanted: Cell, found: Cell, rough: boolean, { type }: OutputColumn): boolean {
  if (wanted === null || found === null) return wanted === found
  switch (type) {
    case 'integer':
    case 'number':
    case 'money': {
      const wantedType = type === 'integer' && Math.abs(Number(found)) <= Number.MAX_SAFE_INTEGER ? 'number' : 'string'
      const [left, right] = [parseDecimal(String(wanted)), parseDecimal(String(found))]
      if (left === undefined || right === undefined || typeof found !== wantedType) return false
      return rough ? isNear(left, right) : left.n === right.n && left.d === right.d
    }
    case 'timestamp': {
      const [left, right] = [parseTime(String(wanted)), parseTime(String(found))]
      return (
        left !== undefined && right !== undefined && left.wallUs === right.wallUs && left.instantUs === right.instantUs
      )
    }
    default:
      return wanted === found
  }
}
