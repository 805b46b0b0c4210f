// What names alone say about where a column leads.
// In: a column and a unique column of another table. Out: how clearly one names the other.
// Refused: nothing is looked up; names such as "id" or "name" mean nothing without their table.
import { expand, singular, words } from '../words.ts'
import { entityWords, namesKey, stemWords } from './names.ts'
import type { RawTable } from './read.ts'

/** Names this clear need no values to be believed. */
export const CLEAR = 0.8

const GENERIC = new Set(
  'id ids key code no num number nbr uuid guid name title label type kind date year month day time description desc status state value position rank order email phone address comment note first last full short long count total'.split(
    ' ',
  ),
)
const SELF_ROLES =
  /^(parent|manager|supervisor|boss|mgr|mentor|super|reports?|referred|referrer|predecessor|successor|previous|next|root)$/

/** How clearly a column's name points at a unique column of a table; undefined when it does not. */
export function nameMatch(from: RawTable, source: string, to: RawTable, target: string): Match | undefined {
  const s = singulars(words(source))
  const t = singulars(words(target))
  const owner = entityWords(to.name)
  const fullOwner = singulars(expand(owner))
  const stem = singulars(expand(stemWords(source)))
  const isKey = isSoleKey(to, target)
  const match = (score: number, wanted: number): Match => ({ score: score + (isKey ? 0.02 : 0), wanted })

  if (to.id === from.id) {
    // Inside one table only a role makes sense: parent_id, manager_id, reports_to.
    return isKey && stem.length > 0 && s.some((word) => SELF_ROLES.test(word)) ? match(0.7, 0.9) : undefined
  }
  // A table's own key leads nowhere, unless to the table it is named after: school_details.school_id to school.
  if (isSoleKey(from, source) && ownership(from, source) >= Math.max(1, ownership(to, target))) return undefined
  const generic = t.every((word) => GENERIC.has(word))
  if (text(s) === text([...owner, ...t]) && text(t) !== text(owner)) return match(0.95, CLEAR)
  if (text(s) === text(t) && !generic) return match(ownership(to, target) > 0 ? 0.94 : 0.8, CLEAR)
  if (endsWith(s, [...owner, ...t]) || (endsWith(s, t) && !generic && ownership(to, target) > 0))
    return match(0.85, CLEAR)
  const keyed = namesKey(source) && isKey && stem.length > 0
  if (keyed && text(stem) === text(fullOwner)) return match(0.9, CLEAR)
  if (keyed && endsWith(stem, fullOwner)) return match(0.82, CLEAR)
  if (keyed && abbreviates(stem, fullOwner)) return match(0.6, 0.9)
  if (!isKey && !t.some((word) => word === 'name' || word === 'code' || word === 'title') && text(t) !== text(owner))
    return undefined
  if (text(s) === text(owner) || text(s) === text(fullOwner)) return match(0.65, 0.95)
  if (endsWith(s, owner) || endsWith(singulars(expand(s)), fullOwner)) return match(0.55, 0.95)
  return undefined
}

export type Match = {
  /** 0 to 1: how clearly the names say it. */
  readonly score: number
  /** Share of the values that must exist in the target; above CLEAR the names alone are not enough. */
  readonly wanted: number
}

/** The declared key of one column; in a table without a key, a column that is named after the table. */
export function isSoleKey(table: RawTable, column: string): boolean {
  if (table.primaryKey.length === 0) return namesKey(column) && ownership(table, column) > 0
  return table.primaryKey.length === 1 && table.primaryKey[0] === column
}

function text(parts: readonly string[]): string {
  return parts.join('')
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

/** "stu" for student, "cust order" for customer order. */
function abbreviates(stem: readonly string[], full: readonly string[]): boolean {
  return (
    text(stem).length >= 3 &&
    stem.length === full.length &&
    stem.every((word, index) => full[index]?.startsWith(word) === true)
  )
}

/** How far a table's key is named after the table: 2 the same (`school_id` in schools), 1 partly (`stuid` in student), 0 not at all. */
export function ownership(table: RawTable, column: string): number {
  const owner = text(singulars(expand(entityWords(table.name))))
  const stem = text(singulars(expand(stemWords(column))))
  if (stem === '' || stem === owner) return 2
  return owner.startsWith(stem) || stem.startsWith(owner) ? 1 : 0
}
