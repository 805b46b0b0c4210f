// Relations that nobody declared, proposed from names and, where rows may be looked at, from values.
// In: tables, what their samples show, the links that are declared. Out: further links, each onto unique columns.
// Refused: targets that may hold a value twice, columns of different kinds, values that mostly do not exist in the target.
import { expand, singular, words } from '../words.ts'
import { entityWords, namesKey, stemWords } from './names.ts'
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
type Candidate = Omit<Link, 'guessed'> & {
  /** 0 to 1: how clearly the names say it. */
  readonly score: number
  /** Share of the values that must exist in the target; names alone are not enough above 0.8. */
  readonly wanted: number
}

export type Sampling = {
  readonly query: Query
  readonly schema: string
  readonly maxRows: number
  readonly facts: ReadonlyMap<string, TableFacts>
}

/** Tables up to this estimated size may be read as a whole to see whether a column is unique. */
const WHOLE_TABLE_ROWS = 2_000_000

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
  for (const from of tables) {
    const known = declared.filter((link) => link.from.id === from.id)
    const candidates = [
      ...from.columns
        .filter(
          (column) =>
            !ignored(column.name) &&
            !known.some((link) => link.columns.length === 1 && link.columns[0] === column.name),
        )
        .flatMap((column) => candidatesFor(from, column, tables, uniques)),
      ...compositeCandidates(from, tables, known, ignored),
    ].filter((one) => sampling !== undefined || one.wanted <= 0.8)
    const kept = sampling === undefined ? candidates : await withValues(candidates, from, sampling)
    guesses.push(...bestPerColumn(kept, sampling))
  }
  return withoutMirrors(guesses)
}

/** Single columns in which no value stands twice: declared, or measured over the whole table. */
async function uniqueColumns(table: RawTable, sampling: Sampling | undefined): Promise<string[]> {
  const declared = table.uniques.flatMap(([column, ...more]) =>
    column !== undefined && more.length === 0 ? [column] : [],
  )
  const facts = sampling?.facts.get(table.id)
  if (sampling === undefined || facts === undefined || table.kind === 'v') return declared
  const measured = [...facts.columns].flatMap(([name, { present, distinct }]) =>
    present > 1 && present === distinct && !declared.includes(name) ? [name] : [],
  )
  if (facts.complete || measured.length === 0) return [...declared, ...measured]
  const likely = measured.filter(
    (name) => namesKey(name) || entityWords(table.name).some((word) => words(name).includes(word)),
  )
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
          return match === undefined ? [] : [{ from, columns: [column.name], to, targetColumns: [name], ...match }]
        }),
  )
}

const GENERIC = new Set(
  'id ids key code no num number nbr uuid guid name title label type kind date year month day time description desc status state value position rank order email phone address comment note first last full short long count total'.split(
    ' ',
  ),
)
const SELF_ROLES =
  /^(parent|manager|supervisor|boss|mgr|mentor|super|reports?|referred|referrer|predecessor|successor|previous|next|root)$/

/** How clearly a column's name points at a unique column of a table; undefined when it does not. */
function nameMatch(
  from: RawTable,
  source: string,
  to: RawTable,
  target: string,
): Pick<Candidate, 'score' | 'wanted'> | undefined {
  const s = singulars(words(source))
  const t = singulars(words(target))
  const owner = singulars(expand(entityWords(to.name)))
  const plainOwner = entityWords(to.name)
  const stem = singulars(expand(stemWords(source)))
  const isKey = to.primaryKey.length === 1 && to.primaryKey[0] === target
  const generic = t.every((word) => GENERIC.has(word))
  const join = (parts: readonly string[]) => parts.join('')
  const bonus = isKey ? 0.05 : 0
  const same = (score: number, wanted: number) => ({ score: score + bonus, wanted })

  if (to.id === from.id) {
    // Inside one table only a role makes sense: parent_id, manager_id, reports_to.
    const role = s.some((word) => SELF_ROLES.test(word))
    return role && isKey && (namesKey(source) || stem.length > 0) ? same(0.7, 0.9) : undefined
  }
  if (join(s) === join([...plainOwner, ...t]) && !(t.length === plainOwner.length && join(t) === join(plainOwner)))
    return same(0.95, 0.8)
  if (join(s) === join(t) && !generic) return same(owns(to, target) ? 0.94 : 0.8, 0.8)
  if (namesKey(source) && isKey && stem.length > 0 && join(stem) === join(owner)) return same(0.9, 0.8)
  if (endsWith(s, [...plainOwner, ...t]) || (endsWith(s, t) && !generic)) return same(0.85, 0.8)
  if (namesKey(source) && isKey && endsWith(stem, owner)) return same(0.82, 0.8)
  if (namesKey(source) && isKey && abbreviates(stem, owner)) return same(0.6, 0.9)
  const named =
    isKey || t.some((word) => word === 'name' || word === 'code' || word === 'title') || join(t) === join(owner)
  if (named && (join(s) === join(plainOwner) || join(s) === join(owner))) return same(0.65, 0.95)
  if (named && (endsWith(s, plainOwner) || endsWith(singulars(expand(s)), owner))) return same(0.55, 0.95)
  return undefined
}

function singulars(parts: readonly string[]): string[] {
  return parts.map(singular)
}

function endsWith(parts: readonly string[], ending: readonly string[]): boolean {
  return (
    ending.length > 0 &&
    parts.length > ending.length &&
    ending.every((word, index) => parts[parts.length - ending.length + index] === word)
  )
}

/** "stu" for student, "cust ord" for customer order. */
function abbreviates(stem: readonly string[], full: readonly string[]): boolean {
  return (
    stem.join('').length >= 3 &&
    stem.length <= full.length &&
    stem.every((word, index) => full[index]?.startsWith(word) === true)
  )
}

/** Whether a table's key is named after the table itself, such as `stuid` in `student`. */
export function owns(table: RawTable, column: string): boolean {
  const owner = singulars(expand(entityWords(table.name))).join('')
  const stem = singulars(expand(stemWords(column))).join('')
  return stem === '' || owner.startsWith(stem) || stem.startsWith(owner)
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
    return fits && !linked && !mirrored ? [{ from, columns: key, to, targetColumns: key, score: 0.9, wanted: 0.8 }] : []
  })
}

/** The candidates whose values are found in the target; without values a clear name is enough. */
async function withValues(candidates: readonly Candidate[], from: RawTable, sampling: Sampling): Promise<Candidate[]> {
  if (candidates.length === 0) return []
  const joins = candidates.map(({ columns, to, targetColumns }) => ({ columns, target: to.name, targetColumns }))
  const overlaps = await measureOverlaps(sampling.query, sampling.schema, from.name, joins, sampling.maxRows).catch(
    () => undefined,
  )
  if (overlaps === undefined) return candidates.filter((one) => one.wanted <= 0.8)
  return candidates.flatMap((candidate, index) => {
    const { values, found } = overlaps[index] ?? { values: 0, found: 0 }
    if (values === 0) return candidate.wanted <= 0.8 ? [candidate] : []
    const share = found / values
    if (share < candidate.wanted || (candidate.wanted > 0.8 && values < 2)) return []
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

/** Of two guesses that join the same columns from both sides, the one towards the table that owns the name. */
function withoutMirrors(links: readonly Link[]): Link[] {
  return links.filter((link) => {
    const mirror = links.find(
      (other) =>
        other.from.id === link.to.id &&
        other.to.id === link.from.id &&
        other.columns.join('\n') === link.targetColumns.join('\n') &&
        other.targetColumns.join('\n') === link.columns.join('\n'),
    )
    if (mirror === undefined) return true
    const strength = (one: Link) =>
      (owns(one.to, one.targetColumns[0] ?? '') ? 2 : 0) + (one.to.name < one.from.name ? 1 : 0)
    return strength(link) > strength(mirror)
  })
}
