// Random SELECT statements over the small database, from a list of choices: shorter lists and smaller numbers give simpler SQL.
type Kind = 'number' | 'text' | 'date' | 'id' | 'boolean'
type Table = {
  readonly name: string
  readonly columns: Readonly<Record<string, Kind>>
  readonly key: readonly string[]
}
type Link = { readonly from: string; readonly column: string; readonly to: string; readonly key: string }

const tables: Readonly<Record<string, Table>> = {
  people: {
    name: 'people',
    key: ['id'],
    columns: { age: 'number', name: 'text', id: 'id', region: 'text', joined: 'date', note: 'text', boss_id: 'id' },
  },
  gifts: {
    name: 'gifts',
    key: ['id'],
    columns: { amount: 'number', kind: 'text', id: 'id', cost: 'number', person_id: 'id', day: 'date', club_id: 'id' },
  },
  clubs: { name: 'clubs', key: ['id'], columns: { fee: 'number', title: 'text', id: 'id', region: 'text' } },
  memberships: {
    name: 'memberships',
    key: ['person_id', 'club_id'],
    columns: { role: 'text', person_id: 'id', club_id: 'id', since: 'date' },
  },
  promises: {
    name: 'promises',
    key: ['id'],
    columns: { amount: 'number', id: 'id', person_id: 'id', kept: 'boolean' },
  },
  regions: { name: 'regions', key: ['code'], columns: { title: 'text', code: 'text' } },
}
const links: readonly Link[] = [
  { from: 'gifts', column: 'person_id', to: 'people', key: 'id' },
  { from: 'gifts', column: 'club_id', to: 'clubs', key: 'id' },
  { from: 'people', column: 'region', to: 'regions', key: 'code' },
  { from: 'memberships', column: 'person_id', to: 'people', key: 'id' },
  { from: 'memberships', column: 'club_id', to: 'clubs', key: 'id' },
  { from: 'promises', column: 'person_id', to: 'people', key: 'id' },
  { from: 'people', column: 'boss_id', to: 'people', key: 'id' },
  { from: 'clubs', column: 'region', to: 'regions', key: 'code' },
]
const values: Readonly<Record<Kind, readonly string[]>> = {
  number: ['40', '50', '75', '2', '10.5', '0'],
  text: ["'bob'", "'cash'", "'n'", "'first'", "'chess'", "'head'", "''", "'s'"],
  date: ["'2025-02-01'", "'2024-12-31'", "'2025-01-15'"],
  id: ['1', '2', '5', '9'],
  boolean: ['true', 'false'],
}

type Alias = { readonly alias: string; readonly table: Table }
type State = { readonly choices: readonly number[]; next: number; names: number; depth: number }

/** One SELECT; its output columns are named c0, c1, … so that they can be found again. */
export function randomSelect(choices: readonly number[]): string {
  const state: State = { choices, next: 0, names: 0, depth: 0 }
  return maybe(state, 8) ? setOperation(state) : select(state, {})
}

function pick(state: State, count: number): number {
  const choice = state.choices[state.next] ?? 0
  state.next += 1
  return choice % count
}
const maybe = (state: State, oneIn: number): boolean => pick(state, oneIn) === oneIn - 1
function oneOf<T>(state: State, list: readonly T[]): T {
  const item = list[pick(state, list.length)]
  if (item === undefined) throw new Error('nothing to choose from')
  return item
}

type Wish = {
  readonly table?: string
  readonly column?: string
  readonly outer?: readonly Alias[]
  readonly plain?: boolean
}

function newAlias(state: State, table: string): Alias {
  const found = tables[table]
  if (found === undefined) throw new Error(`no table ${table}`)
  state.names += 1
  return { alias: `t${state.names}`, table: found }
}

function column(state: State, from: readonly Alias[], kinds?: readonly Kind[]): { sql: string; kind: Kind } {
  const all = from.flatMap(({ alias, table }) =>
    Object.entries(table.columns)
      .filter(([, kind]) => kinds === undefined || kinds.includes(kind))
      .map(([name, kind]) => ({ sql: `${alias}.${name}`, kind })),
  )
  return all.length === 0 ? column(state, from) : oneOf(state, all)
}

function fromClause(state: State, wish: Wish): { sql: string; from: Alias[] } {
  const first = newAlias(state, wish.table ?? oneOf(state, Object.keys(tables)))
  const from = [first]
  let sql = `${first.table.name} ${first.alias}`
  const joins = state.depth > 0 ? pick(state, 2) : pick(state, 4)
  for (let i = 0; i < joins; i += 1) {
    const at = oneOf(state, from)
    const possible = links.flatMap((link) => [
      ...(link.from === at.table.name ? [{ table: link.to, own: link.key, theirs: link.column }] : []),
      ...(link.to === at.table.name ? [{ table: link.from, own: link.column, theirs: link.key }] : []),
    ])
    const step = oneOf(state, possible)
    const joined = newAlias(state, step.table)
    const on = `${joined.alias}.${step.own} = ${at.alias}.${step.theirs}`
    sql += ` ${maybe(state, 4) ? 'left join' : 'join'} ${joined.table.name} ${joined.alias} on ${on}`
    from.push(joined)
  }
  return { sql, from }
}

function condition(state: State, from: readonly Alias[]): string {
  const kind = pick(state, state.depth > 1 ? 9 : 15)
  const any = column(state, from)
  const value = oneOf(state, values[any.kind])
  const numeric = column(state, from, ['number'])
  const text = column(state, from, ['text'])
  switch (kind) {
    case 0:
      return `${any.sql} = ${value}`
    case 1:
      return `${any.sql} <> ${value}`
    case 2:
      return numeric.kind === 'number'
        ? `${numeric.sql} ${oneOf(state, ['>', '<=', '<', '>='])} ${oneOf(state, values.number)}`
        : `${any.sql} = ${value}`
    case 3:
      return `${any.sql} is ${maybe(state, 2) ? 'not ' : ''}null`
    case 4:
      return `${any.sql} ${maybe(state, 2) ? 'not ' : ''}in (${value}, ${oneOf(state, values[any.kind])})`
    case 5:
      return text.kind === 'text'
        ? `${text.sql} ${maybe(state, 2) ? 'not ' : ''}like ${oneOf(state, ["'b%'", "'%s'", "'%a%'", "'c%s'"])}`
        : `${any.sql} = ${value}`
    case 6:
      return `not (${condition(state, from)})`
    case 7:
      return `(${condition(state, from)} or ${condition(state, from)})`
    case 8:
      return any.kind === 'boolean' ? any.sql : `${any.sql} between ${value} and ${oneOf(state, values[any.kind])}`
    case 9:
      return membership(state, from, maybe(state, 2))
    case 10:
      return correlated(state, from)
    case 11:
      return `${numeric.sql} ${oneOf(state, ['>', '<', '<='])} (${scalar(state, numeric)})`
    case 12:
      return related(state, from)
    case 13:
      return `(${condition(state, from)} and ${condition(state, from)})`
    default:
      return `${any.sql} = ${column(state, from, [any.kind]).sql}`
  }
}

const aggregates = ['avg', 'max', 'min', 'sum'] as const

function scalar(state: State, like: { sql: string; kind: Kind }): string {
  state.depth += 1
  const wanted = like.kind === 'number' ? oneOf(state, ['gifts', 'people', 'promises']) : 'people'
  const { sql, from } = fromClause(state, { table: wanted })
  const value = like.kind === 'number' ? column(state, from.slice(0, 1), ['number']) : { sql: like.sql }
  const where = maybe(state, 2) ? ` where ${condition(state, from)}` : ''
  state.depth -= 1
  return `select ${oneOf(state, aggregates)}(${value.sql}) from ${sql}${where}`
}

function membership(state: State, from: readonly Alias[], negated: boolean): string {
  const at = oneOf(state, from)
  const key = oneOf(state, at.table.key)
  const entity = links.find((link) => link.from === at.table.name && link.column === key)?.to ?? at.table.name
  const inward = links.filter((link) => link.to === entity)
  const link = inward.length === 0 ? undefined : oneOf(state, inward)
  if (link === undefined) return `${at.alias}.${key} is not null`
  state.depth += 1
  const inner = fromClause(state, { table: link.from })
  const first = inner.from[0]
  const value = `${first?.alias}.${link.column}`
  const grouped = maybe(state, 4)
  // A NULL among the values makes NOT IN give nothing in SQL: asked away here, as people do who know it.
  const where = ` where ${value} is not null${maybe(state, 2) ? ` and ${condition(state, inner.from)}` : ''}`
  state.depth -= 1
  const having = grouped ? ` group by ${value} having count(*) > ${pick(state, 2)}` : ''
  return `${at.alias}.${key} ${negated ? 'not in' : 'in'} (select ${value} from ${inner.sql}${where}${having})`
}

function correlated(state: State, from: readonly Alias[]): string {
  const at = oneOf(state, from)
  const possible = links.filter((link) => link.to === at.table.name)
  if (possible.length === 0) return `${at.alias}.${at.table.key[0]} is not null`
  const link = oneOf(state, possible)
  state.depth += 1
  const inner = fromClause(state, { table: link.from })
  const where = maybe(state, 2) ? ` and ${condition(state, inner.from)}` : ''
  state.depth -= 1
  return `${maybe(state, 2) ? 'not ' : ''}exists (select 1 from ${inner.sql} where ${inner.from[0]?.alias}.${link.column} = ${at.alias}.${link.key}${where})`
}

function related(state: State, from: readonly Alias[]): string {
  const at = oneOf(state, from)
  const possible = links.filter((link) => link.to === at.table.name)
  if (possible.length === 0) return `${at.alias}.${at.table.key[0]} is not null`
  const link = oneOf(state, possible)
  const inner = newAlias(state, link.from)
  const where = maybe(state, 3) ? ` and ${condition({ ...state, depth: 3 }, [inner])}` : ''
  state.next += 4
  return `(select count(*) from ${link.from} ${inner.alias} where ${inner.alias}.${link.column} = ${at.alias}.${link.key}${where}) ${oneOf(state, ['>', '=', '<='])} ${pick(state, 3)}`
}

function whereClause(state: State, from: readonly Alias[]): string {
  const count = pick(state, 3)
  const conditions = Array.from({ length: count }, () => condition(state, from))
  return conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`
}

function aggregate(state: State, from: readonly Alias[]): string {
  const numeric = column(state, from, ['number'])
  const any = column(state, from)
  switch (pick(state, 6)) {
    case 0:
      return 'count(*)'
    case 1:
      return `count(${any.sql})`
    case 2:
      return `count(distinct ${any.sql})`
    case 3:
      return numeric.kind === 'number' ? `${oneOf(state, aggregates)}(${numeric.sql})` : 'count(*)'
    case 4:
      return any.kind === 'boolean' ? 'count(*)' : `${oneOf(state, ['min', 'max'])}(${any.sql})`
    default:
      return `count(*) filter (where ${condition({ ...state, depth: 3 }, from)})`
  }
}

function select(state: State, wish: Wish): string {
  const { sql, from } = fromClause(state, wish)
  const where = whereClause(state, from)
  const shape = pick(state, 3)
  if (shape === 0) {
    const columns = Array.from({ length: 1 + pick(state, 3) }, (_, i) => `${column(state, from).sql} as c${i}`)
    return `select ${maybe(state, 3) ? 'distinct ' : ''}${columns.join(', ')} from ${sql}${where}`
  }
  const totals = Array.from({ length: 1 + pick(state, 2) }, () => aggregate(state, from))
  const named = (list: readonly string[]) => list.map((one, i) => `${one} as c${i}`).join(', ')
  if (shape === 1) return `select ${named(totals)} from ${sql}${where}`
  const keys = Array.from({ length: 1 + pick(state, 2) }, () => column(state, from).sql)
  const having = maybe(state, 3)
    ? ` having ${aggregate(state, from)} ${oneOf(state, ['>', '<>'])} ${pick(state, 3)}`
    : ''
  const order = maybe(state, 4) ? ` order by ${aggregate(state, from)} desc` : ''
  const safe = having.includes('min(') || having.includes('max(') ? '' : having
  return `select ${named([...keys, ...totals])} from ${sql}${where} group by ${[...new Set(keys)].join(', ')}${safe}${order}`
}

function setOperation(state: State): string {
  const table = oneOf(state, Object.keys(tables))
  const kinds = Object.keys(tables[table]?.columns ?? {})
  const shown = oneOf(state, kinds)
  const branch = () => {
    const { sql, from } = fromClause(state, { table })
    return `select ${from[0]?.alias}.${shown} as c0 from ${sql}${whereClause(state, from)}`
  }
  return `${branch()} ${oneOf(state, ['union', 'intersect', 'except'])} ${branch()}`
}
