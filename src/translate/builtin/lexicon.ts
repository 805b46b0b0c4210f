// What the words of a prompt may mean in one catalog: an index from words to entities, fields, metrics and relations.
// In: a checked catalog. Out: entries found by word, built once per catalog and kept with it.
// Refused: stored values; those come from the value index (and enum values from here).
import { editDistance } from '../../catalog/find.ts'
import type { Catalog, Field } from '../../catalog/schema.ts'
import { words } from '../../catalog/words.ts'
import { lemma, stem } from './stem.ts'
import { relatives } from './synonyms.ts'
import { asFound } from './written.ts'

export type Target =
  | { readonly kind: 'entity'; readonly entity: string }
  | { readonly kind: 'field'; readonly entity: string; readonly field: string }
  | { readonly kind: 'metric'; readonly entity: string; readonly metric: string }
  | { readonly kind: 'relation'; readonly entity: string; readonly relation: string; readonly to: string }
  | { readonly kind: 'enum'; readonly entity: string; readonly field: string; readonly value: string }

export type Entry = {
  readonly target: Target
  /** Lemmas with their share in the meaning. */
  readonly words: readonly { readonly lemma: string; readonly weight: number }[]
  readonly total: number
  /** 1 for names and labels, a little less for synonyms and guesses. */
  readonly trust: number
}
export type Posting = { readonly entry: Entry; readonly index: number }
export type Hit = Posting & { readonly quality: number }

export type Lexicon = {
  readonly entries: readonly Entry[]
  /** Entries that hold the word or a relative of it, with how close it is. */
  find(word: string): readonly Hit[]
  readonly known: (word: string) => boolean
  /** Whether an entity's own name or label (not a synonym) ends in the word. */
  readonly knownEntity: (word: string) => boolean
  /** The entities whose rows the word alone names, by a synonym too. */
  readonly rowsCalled: (word: string) => readonly string[]
}

const cache = new WeakMap<Catalog, Lexicon>()

/** The lexicon of a catalog, made once. */
export function lexiconOf(given: Catalog): Lexicon {
  const catalog = asFound(given)
  const known = cache.get(catalog)
  if (known !== undefined) return known
  const made = makeLexicon(catalog)
  cache.set(catalog, made)
  return made
}

/** Words at the end of a name that say how a thing is told apart, not what it is. */
const GENERIC: ReadonlySet<string> = new Set(
  'id code name type number date description detail value text key title time no num status line nr ref'.split(' '),
)
const FAINT: ReadonlySet<string> = new Set(
  (
    'of in the a an and or per for to by at on is has s dollar dollars usd million billion thousand mib gib kb mb gb km kg lb lbs cm mm ft feet m ' +
    'ref tbl table list info data record records master lookup dim fact percent pct'
  ).split(' '),
)
/** What a number is counted in, behind its name: "budget_in_billions" is a budget. */
const UNITS: ReadonlySet<string> = new Set(
  'dollar usd euro million billion thousand mib gib kb mb gb km kg lb lbs cm mm ft feet foot meter metre percent pct'.split(
    ' ',
  ),
)
const SPELT: Readonly<Record<string, string>> = {
  acc: 'account',
  acct: 'account',
  bal: 'balance',
  num: 'number',
  no: 'number',
  nbr: 'number',
  nr: 'number',
  qty: 'quantity',
  amt: 'amount',
  desc: 'description',
  addr: 'address',
  dept: 'department',
  loc: 'location',
  lang: 'language',
  pop: 'population',
  temp: 'temperature',
  dest: 'destination',
  dst: 'destination',
  src: 'source',
  yr: 'year',
  pct: 'percent',
  avg: 'average',
  cnt: 'count',
  mgr: 'manager',
  emp: 'employee',
  cust: 'customer',
  org: 'organization',
  bldg: 'building',
  tel: 'telephone',
  prof: 'professor',
  stu: 'student',
  fac: 'faculty',
  crs: 'course',
  cat: 'category',
  lat: 'latitude',
  long: 'longitude',
  lng: 'longitude',
  lon: 'longitude',
  enr: 'enrollment',
  pos: 'position',
  nat: 'nationality',
  inst: 'institution',
  univ: 'university',
  dir: 'director',
  max: 'maximum',
  min: 'minimum',
  tot: 'total',
  trans: 'transaction',
  prod: 'product',
  cert: 'certificate',
  req: 'requirement',
  gov: 'government',
  dob: 'birth',
  app: 'application',
  apt: 'appointment',
  ave: 'average',
  hrs: 'hours',
  hr: 'hour',
  mins: 'minutes',
  sec: 'second',
  msg: 'message',
  pic: 'picture',
  pwd: 'password',
  val: 'value',
  cd: 'code',
  dt: 'date',
  fname: 'first name',
  lname: 'last name',
  mname: 'middle name',
  init: 'initial',
  abbr: 'abbreviation',
  abbrev: 'abbreviation',
  std: 'standard',
  vol: 'volume',
  ed: 'edition',
  pub: 'publication',
  yob: 'year birth',
  gpa: 'gpa',
  mid: 'mid',
  uname: 'user name',
  pname: 'name',
  cname: 'name',
  sname: 'name',
  gname: 'name',
  hs: 'hours',
  sal: 'salary',
  comm: 'commission',
  ins: 'insurance',
  med: 'medication',
  phys: 'physician',
  pat: 'patient',
  dorm: 'dorm',
  allergy: 'allergy',
  airport: 'airport',
  stat: 'status',
  attr: 'attribute',
  char: 'characteristic',
  docs: 'document',
  doc: 'document',
  ref: 'ref',
  cal: 'calendar',
  ht: 'height',
  wt: 'weight',
  grad: 'graduation',
}
const TAILS = [
  'name',
  'id',
  'type',
  'code',
  'date',
  'number',
  'no',
  'num',
  'desc',
  'description',
  'time',
  'year',
  'price',
  'amount',
  'title',
  'location',
  'city',
  'state',
  'address',
  'age',
  'size',
  'fee',
  'count',
  'rate',
  'order',
  'level',
  'rank',
  'status',
  'area',
  'day',
  'month',
  'country',
  'phone',
  'votes',
  'vote',
  'points',
  'score',
  'occupancy',
]

const PLACES: ReadonlySet<string> = new Set('city town state province county region zip postcode postal'.split(' '))

const INITIALS: Readonly<Record<string, string>> = { f: 'first', l: 'last', m: 'middle' }

/** The words of a database name with abbreviations spelt out and glued words taken apart ("clubname", "stuid"). */
export function nameWords(name: string, vocabulary: ReadonlySet<string>): string[] {
  const out: string[] = []
  const parts = words(name)
  for (const [at, word] of parts.entries()) {
    const initial = INITIALS[word]
    if (initial !== undefined && parts[at + 1] === 'name') {
      out.push(initial)
      continue
    }
    if (/^\d+$/.test(word)) {
      out.push(word)
      continue
    }
    const spelt = Object.hasOwn(SPELT, word) ? SPELT[word] : undefined
    if (spelt !== undefined && !vocabulary.has(word)) out.push(...spelt.split(' '))
    else out.push(...apart(word, vocabulary))
  }
  return out
}

/** The words of a name with every abbreviation spelt out, also those the catalog uses as words ("inst", "useracct"). */
function spelt(name: string): string[] {
  return words(name).flatMap((word) => {
    const whole = Object.hasOwn(SPELT, word) ? SPELT[word] : undefined
    if (whole !== undefined) return whole.split(' ')
    const tail = Object.keys(SPELT).find(
      (one) => one.length >= 4 && word.endsWith(one) && word.length >= one.length + 3,
    )
    return tail === undefined ? [word] : [word.slice(0, -tail.length), ...(SPELT[tail] ?? tail).split(' ')]
  })
}

function apart(word: string, vocabulary: ReadonlySet<string>): string[] {
  if (word.length < 5 || vocabulary.has(lemma(word))) return [word]
  for (const tail of TAILS) {
    if (!word.endsWith(tail) || word.length === tail.length) continue
    const head = word.slice(0, -tail.length)
    const spelt = Object.hasOwn(SPELT, head) ? SPELT[head] : undefined
    if (spelt !== undefined) return [...spelt.split(' '), ...(SPELT[tail] ?? tail).split(' ')]
    if (head.length === 1 && tail.length >= 4) return [head, tail]
    if (head.length >= 3 && (vocabulary.has(head) || vocabulary.has(lemma(head)))) return [head, SPELT[tail] ?? tail]
    if (head.length >= 3) {
      const whole = [...vocabulary].find((one) => one.startsWith(head))
      if (whole !== undefined) return [whole, SPELT[tail] ?? tail]
    }
  }
  for (let cut = 3; cut <= word.length - 3; cut += 1) {
    const head = word.slice(0, cut)
    const tail = word.slice(cut)
    if ((vocabulary.has(head) || vocabulary.has(lemma(head))) && (vocabulary.has(tail) || vocabulary.has(lemma(tail))))
      return [head, tail]
  }
  return [word]
}

function makeLexicon(catalog: Catalog): Lexicon {
  const vocabulary = vocabularyOf(catalog)
  const entries: Entry[] = []
  const there = new Set<string>()
  const add = (target: Target, parts: readonly string[], trust: number, own: ReadonlySet<string>) => {
    const made = entryOf(target, parts, trust, own)
    const key = JSON.stringify([target, made?.words.map((word) => word.lemma)])
    if (made === undefined || there.has(key)) return
    there.add(key)
    entries.push(made)
  }
  const none: ReadonlySet<string> = new Set()
  for (const [entityName, entity] of Object.entries(catalog.entities)) {
    const self: Target = { kind: 'entity', entity: entityName }
    const start = entries.length
    add(self, nameWords(entityName, vocabulary), 1, none)
    add(self, spelt(entityName), 0.98, none)
    add(self, nameWords(entity.label, vocabulary), 1, none)
    if (entity.singular !== undefined) add(self, nameWords(entity.singular, vocabulary), 1, none)
    for (const synonym of entity.synonyms) add(self, words(synonym), 0.97, none)
    const own = new Set(entries.slice(start).flatMap((one) => one.words.map((word) => word.lemma)))
    for (const [fieldName, field] of Object.entries(entity.fields)) {
      const target: Target = { kind: 'field', entity: entityName, field: fieldName }
      add(target, nameWords(fieldName, vocabulary), 1, own)
      add(target, spelt(fieldName), 0.98, own)
      add(target, nameWords(field.label, vocabulary), 1, own)
      // A synonym is meant as it stands: "state of the campaign" is not said by "state" alone.
      for (const synonym of field.synonyms) add(target, words(synonym), 0.97, none)
      // "state_province_county" is whichever of them there is.
      const parts = words(fieldName)
      const others = parts.filter((word) => PLACES.has(word))
      if (others.length > 1 && others.length === parts.length)
        for (const other of others) add(target, [other], 0.9, none)
      addEnum(add, entityName, fieldName, field)
    }
    for (const [metric, one] of Object.entries(entity.metrics)) {
      const target: Target = { kind: 'metric', entity: entityName, metric }
      for (const text of [metric, one.label, ...one.synonyms]) add(target, words(text), 1, none)
    }
    for (const [relation, one] of Object.entries(entity.relations)) {
      const target: Target = { kind: 'relation', entity: entityName, relation, to: one.to }
      for (const text of [one.label, ...one.synonyms]) add(target, words(text), 0.9, none)
    }
  }
  return index(entries)
}

function addEnum(
  add: (target: Target, parts: readonly string[], trust: number, own: ReadonlySet<string>) => void,
  entity: string,
  field: string,
  one: Field,
): void {
  const none: ReadonlySet<string> = new Set()
  for (const value of one.values ?? []) {
    const target: Target = { kind: 'enum', entity, field, value: value.value }
    for (const text of new Set([value.value, ...(value.label === undefined ? [] : [value.label]), ...value.synonyms]))
      add(target, words(text), text === value.value || text === value.label ? 1 : 0.98, none)
  }
}

/** All words of names and labels that are words by themselves, so that glued ones can be taken apart. */
function vocabularyOf(catalog: Catalog): Set<string> {
  const found = new Set<string>()
  for (const entity of Object.values(catalog.entities)) {
    for (const text of [entity.label, entity.table])
      for (const word of words(text)) if (word.length > 2) found.add(lemma(word))
    for (const [name, field] of Object.entries(entity.fields)) {
      const parts = [...words(name), ...words(field.label)]
      if (words(name).length > 1) for (const word of parts) if (word.length > 3) found.add(lemma(word))
    }
  }
  return found
}

function entryOf(target: Target, parts: readonly string[], trust: number, own: ReadonlySet<string>): Entry | undefined {
  const lemmas = parts.map(lemma)
  if (lemmas.length === 0) return undefined
  const strong = lemmas.some((one) => !FAINT.has(one) && !own.has(one) && one.length > 1)
  // "festival_detail" holds festivals.
  const end = lemmas.length - (target.kind === 'entity' && lemmas.length > 1 && lemmas.at(-1) === 'detail' ? 2 : 1)
  const made = lemmas.map((one, index) => {
    const last = index === end
    let weight = target.kind === 'entity' ? (last ? 1 : 0.65) : 1
    if (index > end) weight = 0.25
    else if (
      target.kind === 'field' &&
      index > 0 &&
      (UNITS.has(one) || (one === 'in' && UNITS.has(lemmas[index + 1] ?? '')))
    )
      weight = 0.05
    else if (FAINT.has(one) || (one.length === 1 && lemmas.length > 1)) weight = 0.1
    else if (own.has(one) && strong) weight = 0.15
    else if (one === 'code' && lemmas.length > 1 && strong) weight = 0.3
    else if (GENERIC.has(one) && lemmas.length > 1) weight = 0.6
    else if (target.kind === 'field' && /^\d+$/.test(one)) weight = 0.5
    return { lemma: one, weight }
  })
  const total = made.reduce((sum, one) => sum + one.weight, 0)
  return { target, words: made, total, trust }
}

function index(entries: readonly Entry[]): Lexicon {
  const byLemma = new Map<string, Posting[]>()
  const byStem = new Map<string, Posting[]>()
  const put = (map: Map<string, Posting[]>, key: string, posting: Posting) => {
    const list = map.get(key)
    if (list === undefined) map.set(key, [posting])
    else list.push(posting)
  }
  for (const entry of entries)
    for (const [index, word] of entry.words.entries()) {
      put(byLemma, word.lemma, { entry, index })
      put(byStem, stem(word.lemma), { entry, index })
    }
  const heads = new Set(
    entries.flatMap((entry) =>
      entry.target.kind === 'entity' && entry.trust === 1 ? [entry.words.at(-1)?.lemma ?? ''] : [],
    ),
  )
  const shelves = new Map<string, string[]>()
  for (const word of byLemma.keys()) {
    const shelf = word.charAt(0)
    shelves.set(shelf, [...(shelves.get(shelf) ?? []), word])
  }
  const known = new Map<string, readonly Hit[]>()
  const look = (word: string): readonly Hit[] => {
    const best = new Map<Posting, number>()
    const take = (postings: readonly Posting[] | undefined, quality: number) => {
      for (const posting of postings ?? []) if ((best.get(posting) ?? 0) < quality) best.set(posting, quality)
    }
    const base = lemma(word)
    take(byLemma.get(base), 1)
    if (base !== word) take(byLemma.get(word), 1)
    const spelt = Object.hasOwn(SPELT, word) ? SPELT[word] : undefined
    if (spelt !== undefined && !spelt.includes(' ')) take(byLemma.get(spelt), 0.95)
    // A word that names something itself stands less for its relatives.
    const doubt = best.size > 0 ? 0.8 : 1
    const root = stem(word)
    if (root.length >= 4) take(byStem.get(root), best.size > 0 ? 0.82 : 0.86)
    for (const [relative, closeness] of relatives(base)) take(byLemma.get(relative), closeness * doubt)
    if (base !== word)
      for (const [relative, closeness] of relatives(word)) take(byLemma.get(relative), closeness * doubt)
    // "classroom" for class_room, "zipcode" for zip_code: two words of one name written as one.
    if (best.size === 0 && base.length >= 6)
      for (let cut = 2; cut <= base.length - 2; cut += 1)
        for (const { entry, index } of byLemma.get(base.slice(0, cut)) ?? []) {
          const next = entry.words[index + 1]
          const here = entry.words[index]
          if (here === undefined || next?.lemma !== base.slice(cut)) continue
          const glued = { lemma: base, weight: here.weight + next.weight }
          const joined = { ...entry, words: [...entry.words.slice(0, index), glued, ...entry.words.slice(index + 2)] }
          best.set({ entry: joined, index }, 0.98)
        }
    // "room" for a classroom, "town" for a hometown: the end of a longer word that nothing else explains.
    if (best.size === 0 && base.length >= 4)
      for (const whole of byLemma.keys())
        if (whole.length > base.length + 1 && whole.endsWith(base)) take(byLemma.get(whole), 0.72)
    if (best.size === 0 && word.length >= 5)
      for (const near of nearest(base, shelves.get(base.charAt(0)) ?? [])) take(byLemma.get(near), 0.8)
    return [...best].map(([posting, quality]) => ({ ...posting, quality }))
  }
  const find = (word: string): readonly Hit[] => {
    const before = known.get(word)
    if (before !== undefined) return before
    const made = look(word)
    // A server sees endless different words: the memory is emptied rather than grown.
    if (known.size > 5000) known.clear()
    known.set(word, made)
    return made
  }
  return {
    entries,
    find,
    known: (word) => byLemma.has(lemma(word)),
    knownEntity: (word) => heads.has(lemma(word)),
    rowsCalled: (word) =>
      (byLemma.get(lemma(word)) ?? []).flatMap(({ entry: { target, words } }) =>
        target.kind === 'entity' && words.length === 1 ? [target.entity] : [],
      ),
  }
}

/** Words of the catalog one slip away (two in a long word). */
function nearest(word: string, shelf: readonly string[]): string[] {
  const allowed = word.length >= 8 ? 2 : 1
  return shelf.filter(
    (one) =>
      one.length >= 4 && Math.abs(one.length - word.length) <= allowed && editDistance(word, one, allowed) <= allowed,
  )
}
