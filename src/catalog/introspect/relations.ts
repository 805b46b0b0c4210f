// Links between tables as named relations, one on each side.
// In: links, entity names, the names that fields have taken. Out: per table the relations of its entity.
// Refused: nothing; a name that is taken gives way to a longer one that says more.
import type { CatalogInput } from '../schema.ts'
import { humanise, plural, sentence, singular, words } from '../words.ts'
import type { Link } from './guess.ts'
import { claim, entityLabels, entityWords, stemWords } from './names.ts'
import type { RawTable } from './read.ts'

type RelationInput = NonNullable<CatalogInput['entities'][string]['relations']>[string]
export type NamedRelations = ReadonlyMap<string, Record<string, RelationInput>>

/** What rows that point at a row of their own table are to it. */
const INVERSE_ROLES: Readonly<Record<string, string>> = {
  parent: 'children',
  manager: 'reports',
  mgr: 'reports',
  supervisor: 'reports',
  boss: 'reports',
  super: 'reports',
  reports: 'reports',
  mentor: 'mentees',
  referrer: 'referrals',
  referred: 'referrals',
}

/** Names every link from both sides; `taken` holds the lower-case names in use per table id and grows. */
export function nameRelations(
  links: readonly Link[],
  entityNames: ReadonlyMap<string, string>,
  taken: ReadonlyMap<string, Set<string>>,
  isUnique: (table: RawTable, columns: readonly string[]) => boolean,
  ignored: (column: string) => boolean,
): NamedRelations {
  const relations = new Map([...entityNames.keys()].map((id) => [id, {} as Record<string, RelationInput>]))
  // All to-one names first: they are the ones people write most.
  const named = links.map((link) => {
    const siblings = links.filter((one) => one.from.id === link.from.id && one.to.id === link.to.id)
    const role = roleOf(link, ignored)
    const name = claim(taken.get(link.from.id) ?? new Set(), ...forwardNames(link, role, siblings.length === 1))
    add(link.from, name, link, {
      to: entityNames.get(link.to.id) ?? '',
      kind: 'to_one',
      on: link.columns.map((from, index) => ({ from, to: link.targetColumns[index] ?? '' })),
      label: role.length === 0 ? sentence(words(entityLabels(link.to.name).singular)) : sentence(role),
      ...(link.guessed ? { guessed: true } : {}),
    })
    // Where two tables point at each other, the way back needs its role to be told from the way there.
    const mutual = links.some((one) => one !== link && one.from.id === link.to.id && one.to.id === link.from.id)
    return { link, name, role, only: siblings.length === 1 && (role.length === 0 || !mutual) }
  })
  for (const { link, name, role, only } of named) {
    const one = isUnique(link.from, link.columns)
    const inverse = inverseNames(link, name, one, only)
    add(link.to, claim(taken.get(link.to.id) ?? new Set(), ...inverse), link, {
      to: entityNames.get(link.from.id) ?? '',
      kind: one ? 'to_one' : 'to_many',
      on: link.columns.map((to, index) => ({ from: link.targetColumns[index] ?? '', to })),
      label: inverseLabel(link, role, one, only),
      ...(link.guessed ? { guessed: true } : {}),
    })
  }
  return relations

  function add(table: RawTable, name: string, link: Link, relation: RelationInput): void {
    if (relation.to === '') throw new Error(`link of "${link.from.name}" leads to a table that is no entity`)
    const own = relations.get(table.id)
    if (own !== undefined) own[name] = relation
  }
}

/** What the target is to the row, from the columns: ["billing", "address"]; empty when they say no more than the target's name. */
function roleOf(link: Link, ignored: (column: string) => boolean): string[] {
  const columns = link.columns.map((name, index) => ({ name, target: link.targetColumns[index] ?? '' }))
  // In a composite key, what both sides call the same (organization_id) says nothing about the role.
  const telling = columns.filter(({ name, target }) => !ignored(name) && (columns.length === 1 || name !== target))
  const [only, ...more] = telling
  const owner = entityWords(link.to.name)
  if (only === undefined) return []
  if (more.length > 0) {
    // Composite: what every column says before the name of its target column (home_country, home_code).
    const roles = telling.map(({ name, target }) => withoutEnding(words(name), words(target)))
    const [first = []] = roles
    return first.length > 0 && roles.every((role) => role.join(' ') === first.join(' ')) ? [...first, ...owner] : []
  }
  const parts = words(only.name)
  if (parts.join(' ') === words(only.target).join(' ') && link.from.id !== link.to.id) return []
  const stem = stemWords(only.name)
  const ofTarget = withoutEnding(parts, words(only.target))
  const role =
    stem.length < parts.length || stem.join('') !== parts.join('') ? stem : ofTarget.length > 0 ? ofTarget : parts
  // "stu_id" and "stuid" say no more than "student".
  const abbreviation = owner.join('').startsWith(role.join('')) || role.join('').length < 3
  return abbreviation || role.map(singular).join('') === owner.join('') ? [] : role
}

/** The words without the ending they share with another name; empty when there is no such ending. */
function withoutEnding(parts: readonly string[], ending: readonly string[]): string[] {
  const cut = parts.length - ending.length
  return cut > 0 && ending.every((word, index) => parts[cut + index] === word) ? parts.slice(0, cut) : []
}

function forwardNames(link: Link, role: readonly string[], only: boolean): string[] {
  const target = entityWords(link.to.name)
  const one = target.join('_')
  const base = role.join('_')
  if (link.from.id === link.to.id && /^reports?_?(to)?$/.test(base))
    return ['manager', `manager_${one}`, `${base}_${one}`]
  if (base === '') return [one, `${one}_details`, `${one}_of_${words(link.columns[0] ?? '').join('_')}`]
  const says = role.map(singular).join('_').endsWith(one)
  return [
    base,
    ...(only && link.from.id !== link.to.id ? [one] : []),
    ...(says ? [] : [`${base}_${one}`]),
    `${base}_details`,
  ].map(identifier)
}

function inverseNames(link: Link, forward: string, one: boolean, only: boolean): string[] {
  const child = entityWords(link.from.name)
  const last = child.at(-1) ?? ''
  const many = [...child.slice(0, -1), one ? last : plural(last)].join('_')
  if (link.from.id === link.to.id) {
    const role = INVERSE_ROLES[words(forward)[0] ?? '']
    return [...(role === undefined ? [] : [role]), `${many}_by_${forward}`].map(identifier)
  }
  return [...(only ? [many] : []), `${many}_as_${forward}`].map(identifier)
}

function inverseLabel(link: Link, role: readonly string[], one: boolean, only: boolean): string {
  const labels = entityLabels(link.from.name)
  const text = one ? sentence(words(labels.singular)) : labels.label
  if (link.from.id === link.to.id) {
    const known = INVERSE_ROLES[role[0] ?? (link.columns[0] === undefined ? '' : (words(link.columns[0])[0] ?? ''))]
    if (known !== undefined) return humanise(known)
  }
  if (only || role.length === 0) return text
  return `${text} (${sentence(role).toLowerCase()})`.slice(0, 120)
}

function identifier(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_]+/g, '')
    .slice(0, 63)
  return /^\d/.test(plain) ? `_${plain}`.slice(0, 63) : plain
}
