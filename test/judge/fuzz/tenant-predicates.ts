// Reads a statement's text and finds tables of organizations that are read without their organization's predicate.
import { loadModule, parseSync } from 'libpg-query'
import type { Catalog } from '../../../src/catalog/schema.ts'
import type { Statement } from './outcome.ts'

type Json = string | number | boolean | null | undefined | Json[] | { [key: string]: Json }
type Table = { readonly name: string; readonly alias: string; readonly guards: readonly Json[] }

await loadModule()

/** Tables in the statement that are not held to `alias.tenant_column = $n` with the organization as value. */
export function unguardedTables(catalog: Catalog, organizationId: string, { text, params }: Statement): string[] {
  const tenantKeys = new Map(Object.values(catalog.entities).map(({ table, tenantKey }) => [table, tenantKey]))
  const isGuard = (condition: Json, table: Table, tenantKey: string) => {
    const sides = equality(condition)
    if (sides === undefined) return false
    return [sides, sides.toReversed()].some(([left, right]) => {
      const column = columnOf(left)
      const param = field(withoutCasts(right), 'ParamRef')
      return (
        column?.join('.') === `${table.alias}.${tenantKey}` &&
        param !== undefined &&
        params[Number(field(param, 'number')) - 1] === organizationId
      )
    })
  }
  return selectsIn(parseSync(text) as Json)
    .flatMap(tablesOf)
    .flatMap((table) => {
      if (!tenantKeys.has(table.name)) return [`unknown table ${table.name}`]
      const tenantKey = tenantKeys.get(table.name)
      if (tenantKey === undefined) return []
      return table.guards.some((condition) => isGuard(condition, table, tenantKey))
        ? []
        : [`${table.name} as ${table.alias}`]
    })
}

function field(node: Json, name: string): Json {
  return typeof node === 'object' && node !== null && !Array.isArray(node) ? node[name] : undefined
}

function list(node: Json): Json[] {
  return Array.isArray(node) ? node : []
}

/** Every SELECT anywhere in the tree, with the names of common table expressions left out of its tables. */
function selectsIn(node: Json): Json[] {
  if (Array.isArray(node)) return node.flatMap(selectsIn)
  if (typeof node !== 'object' || node === null) return []
  const here = 'SelectStmt' in node ? [node.SelectStmt] : []
  const sides = ['larg', 'rarg'].map((side) => node[side]).filter((side) => list(field(side, 'targetList')).length > 0)
  return [...here, ...sides, ...Object.values(node).flatMap(selectsIn)]
}

function tablesOf(select: Json): Table[] {
  const where = conjuncts(field(select, 'whereClause'))
  return list(field(select, 'fromClause')).flatMap((item) => tablesIn(item, where))
}

/** Tables of a FROM item with the conditions that every row of them must meet. */
function tablesIn(item: Json, guards: readonly Json[]): Table[] {
  const range = field(item, 'RangeVar')
  if (range !== undefined) {
    const name = String(field(range, 'relname'))
    // Tables have a schema here; a name without one is a common table expression.
    if (field(range, 'schemaname') === undefined) return []
    return [{ name, alias: String(field(field(range, 'alias'), 'aliasname') ?? name), guards }]
  }
  const join = field(item, 'JoinExpr')
  if (join === undefined) return []
  const on = conjuncts(field(join, 'quals'))
  const kind = field(join, 'jointype')
  const left = kind === 'JOIN_INNER' || kind === 'JOIN_RIGHT' ? [...guards, ...on] : guards
  const right = kind === 'JOIN_INNER' || kind === 'JOIN_LEFT' ? [...guards, ...on] : guards
  return [...tablesIn(field(join, 'larg'), left), ...tablesIn(field(join, 'rarg'), right)]
}

function conjuncts(node: Json): Json[] {
  const and = field(node, 'BoolExpr')
  if (field(and, 'boolop') === 'AND_EXPR') return list(field(and, 'args')).flatMap(conjuncts)
  return node === undefined ? [] : [node]
}

function equality(node: Json): [Json, Json] | undefined {
  const expression = field(node, 'A_Expr')
  const operator = field(field(list(field(expression, 'name'))[0], 'String'), 'sval')
  return operator === '=' ? [field(expression, 'lexpr'), field(expression, 'rexpr')] : undefined
}

function withoutCasts(node: Json): Json {
  const cast = field(node, 'TypeCast')
  return cast === undefined ? node : withoutCasts(field(cast, 'arg'))
}

function columnOf(node: Json): string[] | undefined {
  const column = field(withoutCasts(node), 'ColumnRef')
  if (column === undefined) return undefined
  return list(field(column, 'fields')).map((part) => String(field(field(part, 'String'), 'sval')))
}
