// SqlQuery + catalog → BoundQuery: every table and column becomes an entity and a field, "*" and positions are spelt out,
// sub-queries in FROM that only choose and rename are merged. Refused: names the catalog does not have, all of them at once.
import { closest, entityCandidates, entityOf, fieldCandidates } from '../../catalog/find.ts'
import type { Catalog, Entity } from '../../catalog/schema.ts'
import type { OrderItem, SqlCte, SqlExpr, SqlFrom, SqlQuery, SqlSelect, SqlTarget } from './ast.ts'
import {
  type Bound,
  type BoundQuery,
  type BoundSelect,
  conjunctsOf,
  type OptionalGroup,
  type Source,
  type Target,
  targetsOf,
} from './bound.ts'
import type { Problem } from './problem.ts'
import { hasAggregate } from './walk.ts'

type Column = { readonly name: string; readonly expr: Bound }
type Entry = {
  readonly name: string
  readonly columns: readonly Column[]
  /** Join columns that the catalog does not list as fields; "*" leaves them out. */
  readonly hiddenColumns: readonly Column[]
  readonly entity: string | null
  /** The table is not in the catalog: questions about its columns are not asked again. */
  readonly broken: boolean
}
type Scope = {
  readonly entries: Entry[]
  /** Columns merged by USING: the unqualified name means the left one. */
  readonly merged: Map<string, Bound>
  readonly ctes: ReadonlyMap<string, SqlCte & { scope: Scope | null }>
  readonly parent: Scope | null
}
type State = { readonly catalog: Catalog; readonly problems: Problem[]; nextId: number; depth: number }

const MAX_DEPTH = 24

/** Looks every name of a query up; problems come back beside the query, which then must not be used. */
export function bindQuery(catalog: Catalog, query: SqlQuery): { query: BoundQuery; problems: Problem[] } {
  const state: State = { catalog, problems: [], nextId: 1, depth: 0 }
  const bound = bind(state, query, null)
  return { query: bound, problems: state.problems }
}

function bind(state: State, query: SqlQuery, parent: Scope | null): BoundQuery {
  const scope: Scope = { entries: [], merged: new Map(), ctes: ctesFor(query, parent), parent }
  state.depth += 1
  if (state.depth > MAX_DEPTH)
    report(state, 'nesting', 'Cannot import queries nested this deep: flatten the query', query.at)
  const bound =
    state.depth > MAX_DEPTH
      ? emptySelect(query.at)
      : query.kind === 'set'
        ? bindSet(state, query, scope)
        : bindSelect(state, query, scope)
  state.depth -= 1
  return bound
}

function ctesFor(query: SqlQuery, parent: Scope | null): Scope['ctes'] {
  const ctes = new Map(parent?.ctes)
  for (const cte of query.ctes) {
    const before = new Map(ctes)
    ctes.set(cte.name, { ...cte, scope: { entries: [], merged: new Map(), ctes: before, parent: null } })
  }
  return ctes
}

function emptySelect(at: number): BoundSelect {
  return {
    kind: 'select',
    sources: [],
    optional: [],
    conjuncts: [],
    groupBy: [],
    having: [],
    targets: [],
    orderBy: [],
    limit: null,
    distinct: false,
    grouped: false,
    at,
  }
}

function bindSet(state: State, query: Extract<SqlQuery, { kind: 'set' }>, scope: Scope): BoundQuery {
  const inner: Scope = { ...scope, entries: [] }
  const left = bind(state, query.left, inner)
  const right = bind(state, query.right, inner)
  if (targetsOf(left).length !== targetsOf(right).length)
    report(
      state,
      query.op.toUpperCase(),
      `Cannot combine the two queries: both must have the same number of columns`,
      right.at,
    )
  const names = targetsOf(left).map(outputName)
  const orderBy = query.orderBy.flatMap((item) => {
    const { expr } = item
    const index =
      expr.kind === 'literal' && typeof expr.value === 'number'
        ? expr.value - 1
        : expr.kind === 'column'
          ? names.indexOf(expr.name)
          : -1
    if (names[index] === undefined) {
      report(state, 'ORDER BY', 'Cannot sort a set operation by this: name one of its output columns', expr.at)
      return []
    }
    return [{ index, desc: item.desc, nulls: item.nulls }]
  })
  return { kind: 'set', op: query.op, all: query.all, left, right, orderBy, limit: query.limit, at: query.at }
}

type From = { readonly sources: Source[]; readonly optional: OptionalGroup[]; readonly conjuncts: Bound[] }

function bindSelect(state: State, query: SqlSelect, scope: Scope): BoundSelect {
  const from: From = { sources: [], optional: [], conjuncts: [] }
  for (const item of query.from) bindFrom(state, item, scope, from)
  const expr = (inner: SqlExpr) => bindExpr(state, inner, scope)
  const conjuncts = [...from.conjuncts, ...(query.where === null ? [] : conjunctsOf(expr(query.where)))]
  const targets = query.targets.flatMap((target) => bindTarget(state, target, scope))
  const groupBy = query.groupBy.map((item) => bindGroup(state, item, scope, targets))
  const having = query.having === null ? [] : conjunctsOf(expr(query.having))
  const orderBy = query.orderBy.map((item) => bindOrder(state, item, scope, targets))
  const grouped =
    groupBy.length > 0 ||
    having.length > 0 ||
    targets.some((target) => hasAggregate(target.expr)) ||
    orderBy.some((item) => hasAggregate(item.expr))
  const { limit, distinct, at } = query
  return { kind: 'select', ...from, conjuncts, groupBy, having, targets, orderBy, limit, distinct, grouped, at }
}

/** Adds one FROM item; gives the entries it brought into scope and the ids of its sources. */
function bindFrom(state: State, item: SqlFrom, scope: Scope, from: From): { entries: Entry[]; ids: number[] } {
  if (item.kind === 'table') {
    const cte = item.schema === null ? scope.ctes.get(item.name) : undefined
    if (cte !== undefined)
      return bindDerived(
        state,
        { query: cte.query, alias: item.alias ?? item.name, columns: cte.columns, at: item.at },
        cte.scope,
        scope,
        from,
      )
    return bindTable(state, item, scope, from)
  }
  if (item.kind === 'query') {
    const outer: Scope = { entries: [], merged: new Map(), ctes: scope.ctes, parent: scope.parent }
    return bindDerived(state, item, outer, scope, from)
  }
  const left = bindFrom(state, item.left, scope, from)
  const before = from.conjuncts.length
  const right = bindFrom(state, item.right, scope, from)
  const rightOwn = from.conjuncts.splice(before)
  const using = item.natural ? commonNames(left.entries, right.entries) : item.using
  const on = [
    ...using.map((name) => usingCondition(state, name, left.entries, right.entries, scope, item)),
    ...(item.on === null ? [] : conjunctsOf(bindExpr(state, item.on, scope))),
  ]
  if (item.type === 'left') from.optional.push({ sources: right.ids, on: [...rightOwn, ...on], at: item.at })
  else if (item.type === 'right') {
    from.conjuncts.push(...rightOwn)
    from.optional.push({ sources: left.ids, on, at: item.at })
  } else from.conjuncts.push(...rightOwn, ...on)
  return { entries: [...left.entries, ...right.entries], ids: [...left.ids, ...right.ids] }
}

function commonNames(left: readonly Entry[], right: readonly Entry[]): string[] {
  const known = new Set(right.flatMap((entry) => entry.columns.map((column) => column.name)))
  return [...new Set(left.flatMap((entry) => entry.columns.map((column) => column.name)))].filter((name) =>
    known.has(name),
  )
}

function usingCondition(
  state: State,
  name: string,
  left: readonly Entry[],
  right: readonly Entry[],
  scope: Scope,
  item: Extract<SqlFrom, { kind: 'join' }>,
): Bound {
  const find = (entries: readonly Entry[]): Bound => {
    for (const entry of entries) {
      const column = columnOf(entry, name)
      if (column !== undefined) return column
    }
    if (!entries.some((entry) => entry.broken))
      report(state, 'USING', `Cannot join by "${name}": both sides must have that column`, item.at)
    return nothing(item.at)
  }
  const one = find(left)
  const other = find(right)
  scope.merged.set(name, item.type === 'right' ? other : one)
  return { kind: 'compare', sign: '=', left: one, right: other, at: item.at }
}

function bindTable(
  state: State,
  item: Extract<SqlFrom, { kind: 'table' }>,
  scope: Scope,
  from: From,
): { entries: Entry[]; ids: number[] } {
  const name = item.alias ?? item.name
  const entityName = findEntity(state.catalog, item.schema, item.name)
  const entity = entityName === undefined ? undefined : entityOf(state.catalog, entityName)
  if (scope.entries.some((entry) => entry.name === name))
    report(state, 'FROM', `Cannot use the name "${name}" twice: give each table its own alias`, item.at)
  if (entityName === undefined || entity === undefined) {
    const near = closest(item.name, tableCandidates(state.catalog))
    report(
      state,
      'table',
      `Cannot read the table "${item.name}": the catalog has no such table${didYouMean(near)}`,
      item.at,
      near[0] === undefined ? 'Add the table to the catalog' : `Use "${near[0]}"`,
    )
    scope.entries.push(entry)
    return { entries: [entry], ids: [] }
  }
  const id = state.nextId++
  from.sources.push({ id, name, at: item.at, entity: entityName, query: null })
  const entry: Entry = {
    name,
    columns: Object.entries(entity.fields).map(([field, { column }]) => ({
      name: column,
      expr: { kind: 'field', source: id, entity: entityName, field, column, at: item.at },
    })),
    hiddenColumns: joinColumns(state.catalog, entityName, entity).map((column) => ({
      name: column,
      expr: { kind: 'field', source: id, entity: entityName, field: null, column, at: item.at },
    })),
    entity: entityName,
    broken: false,
  }
  scope.entries.push(entry)
  return { entries: [entry], ids: [id] }
}

/** Columns that only relations name. */
function joinColumns(catalog: Catalog, entityName: string, entity: Entity): string[] {
  const columns = new Set<string>()
  for (const relation of Object.values(entity.relations)) for (const pair of relation.on) columns.add(pair.from)
  for (const other of Object.values(catalog.entities))
    for (const relation of Object.values(other.relations))
      if (relation.to === entityName) for (const pair of relation.on) columns.add(pair.to)
  for (const field of Object.values(entity.fields)) columns.delete(field.column)
  return [...columns]
}

type Derived = {
  readonly query: SqlQuery
  readonly alias: string
  readonly columns: readonly string[]
  readonly at: number
}

function bindDerived(
  state: State,
  item: Derived,
  outer: Scope | null,
  scope: Scope,
  from: From,
): { entries: Entry[]; ids: number[] } {
  const query = bind(state, item.query, outer)
  const names = targetsOf(query).map((target, index) => item.columns[index] ?? outputName(target))
  const columns: Column[] = []
  let ids: number[]
  if (isPlain(query)) {
    from.sources.push(...query.sources)
    from.optional.push(...query.optional)
    from.conjuncts.push(...query.conjuncts)
    ids = query.sources.map((source) => source.id)
    for (const [index, target] of query.targets.entries()) columns.push({ name: names[index] ?? '', expr: target.expr })
  } else {
    const id = state.nextId++
    from.sources.push({ id, name: item.alias, at: item.at, entity: null, query })
    ids = [id]
    for (const [index, name] of names.entries())
      columns.push({ name, expr: { kind: 'derived', source: id, index, at: item.at } })
  }
  const broken = state.problems.length > 0
  scope.entries.push(entry)
  return { entries: [entry], ids }
}

/** Whether a sub-query in FROM only chooses rows and names columns. */
function isPlain(query: BoundQuery): query is BoundSelect {
  return query.kind === 'select' && !query.grouped && !query.distinct && query.limit === null
}

function bindTarget(state: State, target: SqlTarget, scope: Scope): Target[] {
  if (target.kind === 'value') {
    const name = target.name ?? null
    return [{ expr: bindExpr(state, target.expr, scope), name }]
  }
  const entries = scope.entries.filter((entry) => target.table === null || sameName(entry.name, target.table))
  if (entries.length === 0 && target.table !== null) reportTable(state, target.table, scope, target.at)
  const seen = new Set<string>()
  return entries.flatMap((entry) =>
    entry.columns
      .filter((column) => {
        const again = target.table === null && scope.merged.has(column.name) && seen.has(column.name)
        seen.add(column.name)
        return !again
      })
      .map((column) => ({ expr: placed(column.expr, target.at), name: null })),
  )
}

function bindGroup(state: State, item: SqlExpr, scope: Scope, targets: readonly Target[]): Bound {
  if (item.kind === 'literal' && typeof item.value === 'number') return byPosition(state, item.value, item.at, targets)
  if (item.kind === 'column' && item.table === null && lookUp(item.name, null, scope).length === 0) {
    const named = targets.find((target) => target.name === item.name)
    if (named !== undefined) return named.expr
  }
  return bindExpr(state, item, scope)
}

function bindOrder(state: State, item: OrderItem<SqlExpr>, scope: Scope, targets: readonly Target[]): OrderItem<Bound> {
  const { expr } = item
  if (expr.kind === 'literal' && typeof expr.value === 'number')
    return { ...item, expr: byPosition(state, expr.value, expr.at, targets) }
  if (expr.kind === 'column' && expr.table === null) {
    const named = targets.find((target) => target.name === expr.name)
    if (named !== undefined) return { ...item, expr: named.expr }
  }
  return { ...item, expr: bindExpr(state, expr, scope) }
}

function byPosition(state: State, position: number, at: number, targets: readonly Target[]): Bound {
  const target = targets[position - 1]
  if (target !== undefined) return target.expr
  report(state, 'position', `Cannot find column ${position}: the query has ${targets.length} output columns`, at)
  return nothing(at)
}

function bindExpr(state: State, expr: SqlExpr, scope: Scope): Bound {
  const one = (inner: SqlExpr) => bindExpr(state, inner, scope)
  const sub = (query: SqlQuery) => bind(state, query, scope)
  const order = (items: readonly OrderItem<SqlExpr>[]) => items.map((item) => ({ ...item, expr: one(item.expr) }))
  switch (expr.kind) {
    case 'column':
      return bindColumn(state, expr, scope)
    case 'literal':
      return expr
    case 'compare':
    case 'arithmetic':
    case 'same':
      return { ...expr, left: one(expr.left), right: one(expr.right) }
    case 'negative':
    case 'not':
    case 'is_null':
    case 'is_true':
    case 'cast':
      return { ...expr, arg: one(expr.arg) }
    case 'and':
    case 'or':
    case 'row':
      return { ...expr, args: expr.args.map(one) }
    case 'in_list':
      return { ...expr, arg: one(expr.arg), list: expr.list.map(one) }
    case 'between':
      return { ...expr, arg: one(expr.arg), low: one(expr.low), high: one(expr.high) }
    case 'like':
      return { ...expr, arg: one(expr.arg), pattern: one(expr.pattern) }
    case 'in_query':
      return { ...expr, args: expr.args.map(one), query: sub(expr.query) }
    case 'quantified':
      return { ...expr, arg: one(expr.arg), query: sub(expr.query) }
    case 'exists':
    case 'scalar_query':
      return { ...expr, query: sub(expr.query) }
    case 'case':
      return {
        ...expr,
        whens: expr.whens.map((when) => ({ when: one(when.when), result: one(when.result) })),
        otherwise: expr.otherwise === null ? null : one(expr.otherwise),
      }
    case 'call':
      return {
        ...expr,
        args: expr.args.map(one),
        filter: expr.filter === null ? null : one(expr.filter),
        order: order(expr.order),
        over: expr.over === null ? null : { partition: expr.over.partition.map(one), order: order(expr.over.order) },
      }
  }
}

function bindColumn(state: State, column: Extract<SqlExpr, { kind: 'column' }>, scope: Scope): Bound {
  for (let here: Scope | null = scope; here !== null; here = here.parent) {
    const found = lookUp(column.name, column.table, here)
    const first = found[0]
    if (first !== undefined) {
      if (found.length > 1)
        report(
          state,
          'column',
          `Cannot tell which "${column.name}" is meant: several tables have that column; write the table's name before it`,
          column.at,
        )
      return placed(first, column.at)
    }
    const entries = here.entries.filter((entry) => column.table === null || sameName(entry.name, column.table))
    if (entries.some((entry) => entry.broken)) return nothing(column.at)
    if (column.table !== null && entries.length > 0) {
      reportColumn(state, column, entries)
      return nothing(column.at)
    }
  }
  if (column.table !== null) reportTable(state, column.table, scope, column.at)
  else reportColumn(state, column, scope.entries)
  return nothing(column.at)
}

function lookUp(name: string, table: string | null, scope: Scope): Bound[] {
  if (table === null) {
    const merged = scope.merged.get(name)
    if (merged !== undefined) return [merged]
  }
  const entries = scope.entries.filter((entry) => table === null || sameName(entry.name, table))
  return entries.flatMap((entry) => columnOf(entry, name) ?? [])
}

function columnOf(entry: Entry, name: string): Bound | undefined {
  const all = [...entry.columns, ...entry.hiddenColumns]
  const exact = all.find((column) => column.name === name)
  if (exact !== undefined) return exact.expr
  const folded = all.filter((column) => sameName(column.name, name))
  if (folded.length > 0) return folded[0]?.expr
  return entry.columns.find(({ expr }) => expr.kind === 'field' && expr.field === name)?.expr
}

function findEntity(catalog: Catalog, schema: string | null, table: string): string | undefined {
  const all = Object.entries(catalog.entities).filter(
    ([, entity]) => schema === null || sameName(entity.schema ?? 'public', schema),
  )
  const exact =
    all.find(([, entity]) => entity.table === table) ?? all.find(([, entity]) => sameName(entity.table, table))
  return (exact ?? all.find(([name]) => sameName(name, table)))?.[0]
}

function tableCandidates(catalog: Catalog): { name: string; aliases: readonly string[] }[] {
  return entityCandidates(catalog).map(({ name, aliases }) => ({
    name: entityOf(catalog, name)?.table ?? name,
    aliases: [name, ...(aliases ?? [])],
  }))
}

function reportTable(state: State, table: string, scope: Scope, at: number): void {
  const near = closest(
    table,
    scope.entries.map((entry) => entry.name),
  )
  report(state, 'table', `Cannot find "${table}": FROM has no table of that name${didYouMean(near)}`, at)
}

function reportColumn(
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

function report(state: State, construct: string, message: string, at: number, fix?: string): void {
  state.problems.push(fix === undefined ? { construct, message, at } : { construct, message, at, fix })
}

function didYouMean(near: readonly string[]): string {
  return near[0] === undefined ? '' : `; did you mean "${near[0]}"`
}

/** The name of an output column as Postgres gives it, as far as it can be referred to. */
function outputName(target: Target): string {
  if (target.name !== null) return target.name
  const { expr } = target
  if (expr.kind === 'field') return expr.column
  if (expr.kind === 'call') return expr.name
  return expr.kind === 'case' ? 'case' : '?column?'
}

function placed(expr: Bound, at: number): Bound {
  return { ...expr, at }
}

function nothing(at: number): Bound {
  return { kind: 'literal', value: null, at }
}

function sameName(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase()
}
