// Where names are looked up: the tables in scope, their columns, and what to say when a name is not there.
import { closest, entityCandidates, entityOf, fieldCandidates } from '../../catalog/find.ts'
import type { Catalog } from '../../catalog/schema.ts'
import type { SqlCte } from './ast.ts'
import type { Bound, Target } from './bound.ts'
import type { Problem } from './problem.ts'

export type Column = { readonly name: string; readonly expr: Bound }
export type Entry = {
  readonly name: string
  readonly columns: readonly Column[]
  /** Join columns that the catalog does not list as fields; "*" leaves them out. */
  readonly hiddenColumns: readonly Column[]
  readonly entity: string | null
  /** The table is not in the catalog: questions about its columns are not asked again. */
  readonly broken: boolean
}
export type Scope = {
  readonly entries: Entry[]
  /** Columns merged by USING: the unqualified name means the left one. */
  readonly merged: Map<string, Bound>
  readonly ctes: ReadonlyMap<string, SqlCte & { scope: Scope | null }>
  readonly parent: Scope | null
}
export type State = { readonly catalog: Catalog; readonly problems: Problem[]; nextId: number; depth: number }

export function lookUp(name: string, table: string | null, scope: Scope): Bound[] {
  if (table === null) {
    const merged = scope.merged.get(name)
    if (merged !== undefined) return [merged]
  }
  const entries = scope.entries.filter((entry) => table === null || sameName(entry.name, table))
  return entries.flatMap((entry) => columnOf(entry, name) ?? [])
}

export function columnOf(entry: Entry, name: string): Bound | undefined {
  const all = [...entry.columns, ...entry.hiddenColumns]
  const exact = all.find((column) => column.name === name)
  if (exact !== undefined) return exact.expr
  const folded = all.filter((column) => sameName(column.name, name))
  if (folded.length > 0) return folded[0]?.expr
  return entry.columns.find(({ expr }) => expr.kind === 'field' && expr.field === name)?.expr
}

export function findEntity(catalog: Catalog, schema: string | null, table: string): string | undefined {
  const all = Object.entries(catalog.entities).filter(
    ([, entity]) => schema === null || sameName(entity.schema ?? 'public', schema),
  )
  const exact =
    all.find(([, entity]) => entity.table === table) ?? all.find(([, entity]) => sameName(entity.table, table))
  return (exact ?? all.find(([name]) => sameName(name, table)))?.[0]
}

export function tableCandidates(catalog: Catalog): { name: string; aliases: readonly string[] }[] {
  return entityCandidates(catalog).map(({ name, aliases }) => ({
    name: entityOf(catalog, name)?.table ?? name,
    aliases: [name, ...(aliases ?? [])],
  }))
}

export function reportTable(state: State, table: string, scope: Scope, at: number): void {
  const near = closest(
    table,
    scope.entries.map((entry) => entry.name),
  )
  report(state, 'table', `Cannot find "${table}": FROM has no table of that name${didYouMean(near)}`, at)
}

export function reportColumn(
  state: State,
  column: { name: string; table: string | null; at: number },
  entries: readonly Entry[],
): void {
  const candidates = entries.flatMap((entry) => {
    const entity = entry.entity === null ? undefined : entityOf(state.catalog, entry.entity)
    if (entity === undefined) return entry.columns.map(({ name }) => ({ name }))
    return fieldCandidates(entity).map((one) => ({
      name: Object.hasOwn(entity.fields, one.name) ? (entity.fields[one.name]?.column ?? one.name) : one.name,
      aliases: [one.name, ...(one.aliases ?? [])],
    }))
  })
  const near = closest(column.name, candidates)
  const where =
    column.table === null
      ? entries.length === 1
        ? `"${entries[0]?.name ?? ''}"`
        : 'the tables in FROM'
      : `"${column.table}"`
  const message = `Cannot read the column "${column.name}": ${where} ${entries.length === 1 || column.table !== null ? 'has' : 'have'} no such column${didYouMean(near)}`
  report(state, 'column', message, column.at, near[0] === undefined ? undefined : `Use "${near[0]}"`)
}

export function report(state: State, construct: string, message: string, at: number, fix?: string): void {
  state.problems.push(fix === undefined ? { construct, message, at } : { construct, message, at, fix })
}

export function didYouMean(near: readonly string[]): string {
  return near[0] === undefined ? '' : `; did you mean "${near[0]}"`
}

/** The name of an output column as Postgres gives it, as far as it can be referred to. */
export function outputName(target: Target): string {
  if (target.name !== null) return target.name
  const { expr } = target
  if (expr.kind === 'field') return expr.column
  if (expr.kind === 'call') return expr.name
  return expr.kind === 'case' ? 'case' : '?column?'
}

export function placed(expr: Bound, at: number): Bound {
  return { ...expr, at }
}

export function nothing(at: number): Bound {
  return { kind: 'literal', value: null, at }
}

export function sameName(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase()
}
