// Which columns a SQL statement joins: every `a.x = b.y` between two tables of one FROM, as table and column names.
import { parse } from 'libpg-query'

export type JoinPair = { readonly left: readonly [string, string]; readonly right: readonly [string, string] }

type Node = Record<string, unknown>
/** Table by alias, of one FROM; inner ones first. */
type Scopes = readonly ReadonlyMap<string, string>[]

/** The equalities between columns of two different tables (or two uses of one); columns without a table name are passed over. */
export async function joinPairs(statement: string): Promise<JoinPair[]> {
  const pairs: JoinPair[] = []
  visit(await parse(statement), [], pairs)
  return pairs
}

function visit(node: unknown, scopes: Scopes, pairs: JoinPair[]): void {
  if (Array.isArray(node)) for (const one of node) visit(one, scopes, pairs)
  if (!isNode(node) || Array.isArray(node)) return
  const select = isNode(node.SelectStmt) ? node.SelectStmt : undefined
  const own = new Map<string, string>()
  collectTables(select?.fromClause, own)
  const inner = select === undefined ? scopes : [own, ...scopes]
  if (isNode(node.A_Expr)) {
    const left = columnOf(node.A_Expr.lexpr, inner)
    const right = columnOf(node.A_Expr.rexpr, inner)
    const isEqual = JSON.stringify(node.A_Expr.name) === '[{"String":{"sval":"="}}]'
    if (isEqual && left !== undefined && right !== undefined && left.alias !== right.alias)
      pairs.push({ left: left.column, right: right.column })
  }
  for (const part of Object.values(node)) visit(part, inner, pairs)
}

function collectTables(node: unknown, tables: Map<string, string>): void {
  if (Array.isArray(node)) for (const one of node) collectTables(one, tables)
  if (!isNode(node)) return
  const { RangeVar: table, JoinExpr: join } = node
  if (isNode(table)) {
    const alias = isNode(table.alias) ? table.alias.aliasname : table.relname
    tables.set(String(alias), String(table.relname))
  }
  if (isNode(join)) collectTables([join.larg, join.rarg], tables)
}

function columnOf(node: unknown, scopes: Scopes): { alias: string; column: [string, string] } | undefined {
  const reference = isNode(node) && isNode(node.ColumnRef) ? node.ColumnRef : undefined
  const fields = Array.isArray(reference?.fields) ? reference.fields : []
  const [alias, column] = fields.map((field) => (isNode(field) && isNode(field.String) ? field.String.sval : undefined))
  if (typeof alias !== 'string' || typeof column !== 'string') return undefined
  const table = scopes.find((scope) => scope.has(alias))?.get(alias)
  return table === undefined ? undefined : { alias, column: [table, column] }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null
}
