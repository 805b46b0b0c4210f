// Relations that nobody declared, proposed from names and, where rows may be looked at, from values.
// In: tables, what their samples show, the links that are declared. Out: further links, each onto unique columns.
// Refused: targets that may hold a value twice, columns of different kinds, values that mostly do not exist in the target.
import { words } from '../words.ts'
import { CLEAR, isSoleKey, type Match, nameMatch, ownership } from './match.ts'
import type { Query, RawColumn, RawTable } from './read.ts'
import { joinClass, measureOverlaps, type TableFacts, wholeTableUnique } from './sample.ts'

/** A way from rows of one table to the one row of another that they belong to. */
export type Link = {
  readonly from: RawTable
  readonly columns: readonly string[]
  readonly to: RawTable
  readonly targetColumns: readonly string[]
  readonly guessed: boolean
}
type JoinedTables = Omit<Link, 'guessed'>
type Candidate = JoinedTables & Match

export type Sampling = {
  readonly query: Query
  readonly schema: string
  readonly maxRows: number
  readonly facts: ReadonlyMap<string, TableFacts>
}

/** Tables up to this estimated size may be read as a whole to see whether a column is unique. */
const WHOLE_TABLE_ROWS = 2_000_000
/** Fewer different values prove nothing. */
const MIN_VALUES = 5

/** Proposes links beside the declared ones; without `sampling` only clear names onto declared keys count. */
export async function guessLinks(
  tables: readonly RawTable[],
  declared: readonly Link[],
  ignored: (column: string) => boolean,
  sampling: Sampling | undefined,
): Promise<Link[]> {
  const uniques = new Map<string, string[]>()
  for (const table of tables) uniques.set(table.id, await uniqueColumns(table, sampling))
  const guesses: Link[] = []
  const believe = async (from: RawTable, candidates: readonly Candidate[]): Promise<void> => {
    const fresh = candidates.filter((one) => !declared.some((link) => mirrors(link, one)))
    const found = sampling === undefined ? fresh.filter(isClear) : await withValues(fresh, from, sampling)
    guesses.push(...bestPerColumn(found, sampling))
  }
  const free = (from: RawTable, taken: readonly { columns: readonly string[] }[]) =>
    from.columns.filter(({ name }) => !ignored(name) && !taken.some((one) => one.columns.includes(name)))
  for (const from of tables) {
    const known = declared.filter((link) => link.from.id === from.id)
    const named = [
      ...free(from, []).flatMap((column) =>
        candidatesFor(from, column, tables, uniques).filter((one) => !contradicts(one, known)),
      ),
      ...compositeCandidates(from, tables, known, ignored),
    ]
    const unnamed = sampling === undefined ? [] : free(from, [...known, ...named])
    await believe(from, [...named, ...unnamed.flatMap((column) => sparseKeyCandidates(from, column, tables, sampling))])
  }
  const links = [...declared, ...guesses]
  for (const from of tables) {
    const open = free(
      from,
      links.filter((link) => link.from.id === from.id),
    )
    await believe(
      from,
      open.flatMap((column) => borrowedCandidates(from, column, links)),
    )
  }
  return guesses.filter((link) => !guesses.some((other) => mirrors(link, other) && strength(other) > strength(link)))
}

function isClear(candidate: Candidate): boolean {
  return candidate.wanted <= CLEAR
}

/** Where columns of the same name lead in other tables: departments.manager_id as employees.manager_id. */
function borrowedCandidates(from: RawTable, column: RawColumn, links: readonly Link[]): Candidate[] {
  const kind = joinClass(column)
  // Every table has its own "id" and its own "parent_id".
  const own = /^(id|parent|previous|next|root)$/.test(words(column.name)[0] ?? '')
  if (kind === undefined || own || isSoleKey(from, column.name)) return []
  return links.flatMap(({ from: other, columns: [name, ...more], to, targetColumns }): Candidate[] => {
    const target = to.columns.find((one) => one.name === targetColumns[0])
    const fits = name === column.name && more.length === 0 && other.id !== from.id && to.id !== from.id
    if (!fits || target === undefined || joinClass(target) !== kind) return []
    return [{ from, columns: [column.name], to, targetColumns, score: 0.5, wanted: 0.9 }]
  })
}

/** A column with a foreign key leads elsewhere too only when its very name says so and the key's target does not fit the name. */
function contradicts(candidate: Candidate, known: readonly Link[]): boolean {
  const [source] = candidate.columns
  const key = known.find((link) => link.columns.length === 1 && link.columns[0] === source)
  if (key === undefined || source === undefined) return false
  const target = key.targetColumns[0] ?? ''
  const fits = ownership(key.to, source) > 0 || nameMatch(key.from, source, key.to, target) !== undefined
  return fits || candidate.score < 0.94 || ownership(candidate.to, source) < 2
}

/** Integers that all lie within another table's widely spread key, such as student.advisor in faculty's numbers. */
function sparseKeyCandidates(
  from: RawTable,
  column: RawColumn,
  tables: readonly RawTable[],
  sampling: Sampling | undefined,
): Candidate[] {
  const own = sampling?.facts.get(from.id)?.columns.get(column.name)
  if (own?.range === undefined || own.distinct < MIN_VALUES || from.primaryKey.includes(column.name)) return []
  const [low, high] = own.range
  const found = tables.flatMap((to): Candidate[] => {
    const [key, ...more] = to.primaryKey
    const facts = key === undefined || more.length > 0 ? undefined : sampling?.facts.get(to.id)?.columns.get(key)
    if (key === undefined || facts?.range === undefined || to.id === from.id || to.kind === 'v') return []
    const [first, last] = facts.range
    const spread = (last - first) / Math.max(1, facts.distinct)
    if (spread < 5 || low < first || high > last) return []
    return [{ from, columns: [column.name], to, targetColumns: [key], score: 0.4, wanted: 1 }]
  })
  return found.length === 1 ? found : []
}

function mirrors(link: JoinedTables, other: JoinedTables): boolean {
  return (
    other.from.id === link.to.id &&
    other.to.id === link.from.id &&
    other.columns.join('\n') === link.targetColumns.join('\n') &&
    other.targetColumns.join('\n') === link.columns.join('\n')
  )
}

/** Of two guesses that join the same columns from both sides, the one towards the table that owns the name is stronger. */
function strength({ from, to, targetColumns: [target = ''] }: Link): number {
  return ownership(to, target) * 2 + (to.name < from.name ? 1 : 0)
}

/** Single columns in which no value stands twice: declared, or measured over the whole table. */
async function uniqueColumns(table: RawTable, sampling: Sampling | undefined): Promise<string[]> {
  const declared = table.uniques.flatMap(([column, ...more]) =>
    column !== undefined && more.length === 0 ? [column] : [],
  )
  const facts = sampling?.facts.get(table.id)
  if (sampling === undefined || facts === undefined || table.kind === 'v') return declared
  const measured = [...facts.columns].flatMap(([name, { present, distinct }]) =>
    present >= MIN_VALUES && present === distinct && !declared.includes(name) ? [name] : [],
  )
  if (facts.complete || measured.length === 0) return [...declared, ...measured]
  const likely = measured.filter((name) => ownership(table, name) > 0)
  if (likely.length === 0 || table.rows > WHOLE_TABLE_ROWS) return declared
  const unique = await wholeTableUnique(sampling.query, sampling.schema, table.name, likely).catch(() => [])
  return [...declared, ...likely.filter((_, index) => unique[index] === true)]
}

function candidatesFor(
  from: RawTable,
  column: RawColumn,
  tables: readonly RawTable[],
  uniques: ReadonlyMap<string, readonly string[]>,
): Candidate[] {
  const kind = joinClass(column)
  if (kind === undefined) return []
  return tables.flatMap((to) =>
    to.kind === 'v'
      ? []
      : (uniques.get(to.id) ?? []).flatMap((name): Candidate[] => {
          const target = to.columns.find((one) => one.name === name)
          if (target === undefined || joinClass(target) !== kind || (to.id === from.id && name === column.name))
            return []
          const match = nameMatch(from, column.name, to, name)
          // Unique by measure alone, and not the table's own key by its name: all values must be there.
          const chance =
            !isSoleKey(to, name) &&
            !to.uniques.some(([one, ...more]) => one === name && more.length === 0) &&
            ownership(to, name) === 0
          if (match !== undefined && chance)
            return [{ from, columns: [column.name], to, targetColumns: [name], score: match.score - 0.3, wanted: 1 }]
          return match === undefined ? [] : [{ from, columns: [column.name], to, targetColumns: [name], ...match }]
        }),
  )
}

/** Same-named columns that make up another table's whole key. */
function compositeCandidates(
  from: RawTable,
  tables: readonly RawTable[],
  known: readonly Link[],
  ignored: (column: string) => boolean,
): Candidate[] {
  const kinds = new Map(from.columns.map((column) => [column.name, joinClass(column)]))
  return tables.flatMap((to): Candidate[] => {
    const key = to.primaryKey
    if (key.length < 2 || to.id === from.id || key.some(ignored)) return []
    const fits = key.every((name) => {
      const own = to.columns.find((column) => column.name === name)
      return own !== undefined && joinClass(own) !== undefined && kinds.get(name) === joinClass(own)
    })
    const linked = known.some((link) => link.to.id === to.id && link.columns.length > 1)
    // Two tables with the very same key are two views of one thing; which one leads cannot be told.
    const mirrored = from.primaryKey.length === key.length && key.every((name) => from.primaryKey.includes(name))
    return fits && !linked && !mirrored
      ? [{ from, columns: key, to, targetColumns: key, score: 0.9, wanted: CLEAR }]
      : []
  })
}

/** The candidates whose values are found in the target; without values a clear name is enough. */
async function withValues(candidates: readonly Candidate[], from: RawTable, sampling: Sampling): Promise<Candidate[]> {
  if (candidates.length === 0) return []
  const joins = candidates.map(({ columns, to, targetColumns }) => ({ columns, target: to.name, targetColumns }))
  const overlaps = await measureOverlaps(sampling.query, sampling.schema, from.name, joins, sampling.maxRows).catch(
    () => undefined,
  )
  if (overlaps === undefined) return candidates.filter(isClear)
  return candidates.flatMap((candidate, index) => {
    const { values, found } = overlaps[index] ?? { values: 0, found: 0 }
    if (values === 0) return candidate.wanted <= CLEAR ? [candidate] : []
    const share = found / values
    if (
      share < candidate.wanted ||
      (candidate.wanted > CLEAR && values < 2) ||
      (candidate.wanted === 1 && values < MIN_VALUES)
    )
      return []
    return [{ ...candidate, score: candidate.score + share * 0.05 }]
  })
}

/** One target per source column: the clearest name, then the table that has the most rows. */
function bestPerColumn(candidates: readonly Candidate[], sampling: Sampling | undefined): Link[] {
  const rows = (table: RawTable) => sampling?.facts.get(table.id)?.rows ?? table.rows
  const ordered = [...candidates].sort(
    (a, b) => b.score - a.score || rows(b.to) - rows(a.to) || (a.to.name < b.to.name ? -1 : 1),
  )
  const seen = new Set<string>()
  return ordered.flatMap(({ from, columns, to, targetColumns }) => {
    const key = columns.join('\n')
    if (seen.has(key)) return []
    seen.add(key)
    return [{ from, columns, to, targetColumns, guessed: true }]
  })
}
