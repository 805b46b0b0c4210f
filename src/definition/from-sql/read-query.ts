// Statements as the parser gives them → SqlQuery. Refused here: anything but one SELECT, and clauses no definition can say.
import type { JoinExpr, Node, RangeVar, SelectStmt } from 'libpg-query'
import type { SqlCte, SqlFrom, SqlQuery, SqlTarget } from './ast.ts'
import { gather, gatherMap, refuse } from './problem.ts'
import { nameOf, placeOf, placeOfAny, type Reader, readExpression, readOrder } from './read-expression.ts'

/** Reads a SELECT statement (or a set operation of several); `near` is where to point when the parser gives no place. */
export function readQuery(reader: Reader, node: Node | undefined, near: number): SqlQuery {
  if (node === undefined || !('SelectStmt' in node)) {
    const name = node === undefined ? 'statement' : statementName(node)
    return refuse(name, `Cannot import ${name}: only a SELECT says what a table shows`, near)
  }
  return readSelect(reader, node.SelectStmt, near)
}

function readSelect(reader: Reader, select: SelectStmt, near: number): SqlQuery {
  const at = firstPlace(reader, select, near)
  const tail = gather<unknown>([
    () => refuseClauses(reader, select, at),
    () => ctesOf(reader, select, at),
    () => readOrder(reader, select.sortClause, at),
    () => limitOf(reader, select, at),
  ])
  const common = {
    ctes: tail[1] as SqlCte[],
    orderBy: tail[2] as ReturnType<typeof readOrder>,
    limit: tail[3] as number | null,
    at,
  }
  if (select.op !== undefined && select.op !== 'SETOP_NONE') {
    const [left, right] = gatherMap([select.larg, select.rarg], (side) => readSelect(reader, side ?? {}, at))
    if (left === undefined || right === undefined) return refuse('set operation', 'Cannot read the set operation', at)
    const op = select.op === 'SETOP_UNION' ? 'union' : select.op === 'SETOP_INTERSECT' ? 'intersect' : 'except'
    return { kind: 'set', op, all: select.all === true, left, right, ...common }
  }
  const parts = gather<unknown>([
    () => gatherMap(select.targetList ?? [], (target) => targetOf(reader, target, at)),
    () => gatherMap(select.fromClause ?? [], (item) => fromOf(reader, item, at)),
    () => (select.whereClause === undefined ? null : readExpression(reader, select.whereClause, at)),
    () => gatherMap(select.groupClause ?? [], (item) => groupItem(reader, item, at)),
    () => (select.havingClause === undefined ? null : readExpression(reader, select.havingClause, at)),
  ])
  type Select = Extract<SqlQuery, { kind: 'select' }>
  return {
    kind: 'select',
    targets: parts[0] as SqlTarget[],
    from: parts[1] as SqlFrom[],
    where: parts[2] as Select['where'],
    groupBy: parts[3] as Select['groupBy'],
    having: parts[4] as Select['having'],
    distinct: (select.distinctClause ?? []).length > 0,
    ...common,
  }
}

function refuseClauses(reader: Reader, select: SelectStmt, at: number): void {
  const refusals: (() => void)[] = []
  if (select.intoClause !== undefined)
    refusals.push(() => refuse('SELECT INTO', 'Cannot import SELECT INTO: leave INTO out', at))
  if ((select.valuesLists ?? []).length > 0)
    refusals.push(() => refuse('VALUES', 'Cannot import VALUES: a table shows rows of the catalog’s entities', at))
  if ((select.lockingClause ?? []).length > 0)
    refusals.push(() => refuse('FOR UPDATE', 'Cannot import a locking clause: a table only reads', at))
  if ((select.windowClause ?? []).length > 0)
    refusals.push(() => refuse('WINDOW', 'Cannot import a named window: write it inside OVER (…)', at))
  const on = select.distinctClause?.find((node) => Object.keys(node).length > 0)
  if (on !== undefined)
    refusals.push(() =>
      refuse(
        'DISTINCT ON',
        'Cannot import DISTINCT ON: use a group with first or last, or the top rows of each group (limitPer)',
        placeOfAny(reader, on, at),
      ),
    )
  if (select.limitOffset !== undefined)
    refusals.push(() =>
      refuse(
        'OFFSET',
        'Cannot import OFFSET: a table begins with its first row',
        placeOfAny(reader, select.limitOffset ?? on ?? ({} as Node), at),
      ),
    )
  if (select.limitOption === 'LIMIT_OPTION_WITH_TIES')
    refusals.push(() => refuse('WITH TIES', 'Cannot import WITH TIES: give a number of rows, or filter by rank', at))
  gather(refusals)
}

function limitOf(reader: Reader, select: SelectStmt, near: number): number | null {
  const node = select.limitCount
  if (node === undefined) return null
  const value = readExpression(reader, node, near)
  if (value.kind === 'literal' && value.value === null) return null
  if (value.kind === 'literal' && typeof value.value === 'number' && Number.isInteger(value.value)) {
    if (value.value >= 1 && value.value <= 1_000_000) return value.value
    return refuse('LIMIT', `Cannot limit to ${value.value} rows: a limit is between 1 and 1000000`, value.at)
  }
  return refuse('LIMIT', 'Cannot compute a limit: write a whole number', value.at)
}

function ctesOf(reader: Reader, select: SelectStmt, near: number): SqlCte[] {
  return gatherMap(select.withClause?.ctes ?? [], (node) => {
    if (!('CommonTableExpr' in node)) return refuse('WITH', 'Cannot read WITH', near)
    const cte = node.CommonTableExpr
    const at = placeOf(reader, cte.location, near)
    if (select.withClause?.recursive === true)
      return refuse(
        'WITH RECURSIVE',
        'Cannot import WITH RECURSIVE: a definition follows a fixed number of relations',
        at,
      )
    const columns = (cte.aliascolnames ?? []).map((name) => nameOf(name) ?? '')
    return { name: cte.ctename ?? '', columns, query: readQuery(reader, cte.ctequery, at) }
  })
}

function targetOf(reader: Reader, node: Node, near: number): SqlTarget {
  const target = 'ResTarget' in node ? node.ResTarget : {}
  const at = placeOf(reader, target.location, near)
  const value = target.val
  if (value !== undefined && 'ColumnRef' in value) {
    const fields = value.ColumnRef.fields ?? []
    if (fields.some((field) => 'A_Star' in field)) return { kind: 'star', table: nameOf(fields.at(-2)) ?? null, at }
  }
  return { kind: 'value', expr: readExpression(reader, value, at), name: target.name ?? null, at }
}

function groupItem(reader: Reader, node: Node, near: number): ReturnType<typeof readExpression> {
  if ('GroupingSet' in node) {
    const at = placeOf(reader, node.GroupingSet.location, near)
    return refuse(
      'grouping sets',
      'Cannot import ROLLUP, CUBE or GROUPING SETS: group by plain columns, add totals',
      at,
    )
  }
  return readExpression(reader, node, near)
}

function fromOf(reader: Reader, node: Node, near: number): SqlFrom {
  if ('RangeVar' in node) return tableOf(reader, node.RangeVar, near)
  if ('JoinExpr' in node) return joinOf(reader, node.JoinExpr, near)
  if ('RangeSubselect' in node) {
    const item = node.RangeSubselect
    const query = readQuery(reader, item.subquery, near)
    if (item.lateral === true) return refuse('LATERAL', 'Cannot import LATERAL: join the entities themselves', query.at)
    const columns = (item.alias?.colnames ?? []).map((name) => nameOf(name) ?? '')
    return { kind: 'query', query, alias: item.alias?.aliasname ?? '', columns, at: query.at }
  }
  const name = 'RangeFunction' in node ? 'function in FROM' : 'FROM item'
  return refuse(name, `Cannot import a ${name}: name tables of the catalog`, placeOfAny(reader, node, near))
}

function tableOf(reader: Reader, table: RangeVar, near: number): SqlFrom {
  const at = placeOf(reader, table.location, near)
  if ((table.alias?.colnames ?? []).length > 0)
    return refuse('column aliases', 'Cannot rename the columns of a table in FROM: rename them in SELECT', at)
  return {
    kind: 'table',
    schema: table.schemaname ?? null,
    name: table.relname ?? '',
    alias: table.alias?.aliasname ?? null,
    at,
  }
}

function joinOf(reader: Reader, join: JoinExpr, near: number): SqlFrom {
  const [left, right] = gatherMap([join.larg, join.rarg], (side) => fromOf(reader, side ?? ({} as Node), near))
  if (left === undefined || right === undefined) return refuse('JOIN', 'Cannot read the join', near)
  const at = right.at
  if (join.alias !== undefined) return refuse('join alias', 'Cannot name a whole join: name its tables', at)
  const type = join.jointype === 'JOIN_INNER' ? 'inner' : join.jointype === 'JOIN_LEFT' ? 'left' : 'right'
  if (join.jointype === 'JOIN_FULL')
    return refuse('FULL JOIN', 'Cannot import FULL JOIN: a table lists or counts the rows of one entity', at)
  return {
    kind: 'join',
    type,
    left,
    right,
    on: join.quals === undefined ? null : readExpression(reader, join.quals, at),
    using: (join.usingClause ?? []).map((name) => nameOf(name) ?? ''),
    natural: join.isNatural === true,
    at,
  }
}

function firstPlace(reader: Reader, select: SelectStmt, near: number): number {
  const first = select.targetList?.[0]
  return first === undefined ? near : placeOfAny(reader, first, near)
}

function statementName(node: Node): string {
  const name = (Object.keys(node)[0] ?? 'statement').replace(/Stmt$/, '')
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toUpperCase()
}
