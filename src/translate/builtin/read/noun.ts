// Noun phrases: "the 3 oldest female students of the Math department" — qualities before the noun, owners after it.
// In: a reader and an index. Out: the head noun as a mention, the conditions its qualities make, where the phrase ends.
// Refused: relative clauses and comparisons; those belong to the clause reader.
import type { Chunk } from '../chunk.ts'
import { ordinalOf } from '../tokens.ts'
import type { Cond, Mention } from './ast.ts'
import { boundBehind } from './operand.ts'
import {
  isNoun,
  isNumber,
  isSoft,
  isValue,
  keyword,
  kwOf,
  mayMeanField,
  meansEntity,
  mention,
  note,
  type Reader,
  use,
  wordOf,
} from './reader.ts'

export type Super = {
  readonly dir: 'asc' | 'desc'
  readonly dims: readonly string[]
  readonly count: boolean
  readonly adj: string
}
export type NounPhrase = {
  readonly head?: Mention
  readonly where: Cond[]
  readonly next: number
  readonly each: boolean
  readonly distinct: boolean
  readonly all: boolean
  readonly any: boolean
  readonly their: boolean
  readonly negated: boolean
  readonly limit?: number
  readonly sup?: Super
}

const LEADING: ReadonlySet<string> = new Set([
  'det',
  'all',
  'any',
  'possessive',
  'corresponding',
  'polite',
  'there',
  'only',
])

/** Reads a noun phrase at an index; without a noun there, `head` is missing and `next` is where it gave up. */
export function readNoun(r: Reader, start: number, end: number, options: { owners?: boolean } = {}): NounPhrase {
  let at = start
  const where: Cond[] = []
  let each = false
  let distinct = false
  let all = false
  let any = false
  let their = false
  let negated = false
  let limit: number | undefined
  let sup: Super | undefined
  const pending: number[] = []
  for (; at < end; at += 1) {
    const kw = kwOf(r, at)
    if (flagOf(r, at, end)) {
      where.push({ kind: 'flag', of: mention(r, at) })
      continue
    }
    if (isNoun(r, at) && !(isValue(r, at) && prefersValue(r, at, end))) break
    if (kw !== undefined && LEADING.has(kw) && !isNoun(r, at)) {
      all ||= kw === 'all'
      any ||= kw === 'any'
      their ||= kw === 'possessive'
    } else if (kw === 'filler' && /^(kind|kinds|sort|sorts) of$/.test(wordOf(r, at))) {
      distinct = true
    } else if (
      kw === undefined &&
      /^(types?|kinds?|sorts?|varieties)$/.test(wordOf(r, at)) &&
      wordOf(r, at + 1) === 'of' &&
      !isNoun(r, at)
    ) {
      // "types of positions": what differs is the positions.
      distinct = true
      use(r, at)
      at += 1
    } else if (kw === 'distinct') distinct = true
    else if (kw === 'each') each = true
    else if (kw === 'not' && wordOf(r, at) === 'no') negated = true
    else if (ordinalHere(r, at, end)) {
      readOrdinal(r, at, where)
      at += 1
    } else if (kw === 'super') {
      const found = keyword(r, at, 'super')
      if (found !== undefined) sup = { dir: found.dir, dims: found.dims, count: found.count === true, adj: found.adj }
    } else if (isNumber(r, at) && limit === undefined && nounAhead(r, at + 1, end)) limit = r.chunks[at]?.num
    else if (isValue(r, at) && nounAhead(r, at + 1, end)) pending.push(at)
    // "Ohio's donors"
    else if (wordOf(r, at) === "'s" && pending.at(-1) === at - 1) {
      use(r, at)
      continue
    } else if (wordOf(r, at) === '-' || wordOf(r, at) === 'full') continue
    else if (unknownOwner(r, at, end)) at += 1
    else break
    use(r, at)
  }
  const head = readHead(r, at, end)
  if (head === undefined) {
    return {
      where,
      next: at,
      each,
      distinct,
      all,
      any,
      their,
      negated,
      ...(limit === undefined ? {} : { limit }),
      ...(sup === undefined ? {} : { sup }),
    }
  }
  for (const index of pending) {
    const chunk = r.chunks[index]
    if (chunk !== undefined) where.push({ kind: 'value', chunk, op: 'eq', near: head.mention })
  }
  let next = readApposition(r, head.mention, head.next, end, where)
  if (options.owners !== false) next = readOwner(r, head.mention, next, end, where)
  if (head.mention.owner?.distinct === true) distinct = true
  // "companies" names households of one kind: rows and their value at once.
  const kinds = kindOf(head.mention)
  if (kinds !== undefined) where.push({ kind: 'value', chunk: kinds, op: 'eq', near: head.mention })
  if (distinct) head.mention.distinct = true
  return {
    head: head.mention,
    where,
    next,
    each,
    distinct,
    all,
    any,
    their,
    negated,
    ...(limit === undefined ? {} : { limit }),
    ...(sup === undefined ? {} : { sup }),
  }
}

function namesRows(chunk: Chunk | undefined, least: number): boolean {
  return chunk?.links.some(({ target, score }) => target.kind === 'entity' && score >= least) ?? false
}

/** "recurring donations": a yes-or-no field right before the rows that have it. */
function flagOf(r: Reader, at: number, end: number): boolean {
  const [link] = r.chunks[at]?.links ?? []
  if (link === undefined || at + 1 >= end || link.type !== 'boolean' || link.score < 0.95) return false
  return (r.chunks[at + 1]?.links ?? []).some(
    ({ target, score }) => target.kind === 'entity' && target.entity === link.target.entity && score >= 0.9,
  )
}

/** "each student's first name" where nothing is called a student: whose name it is, the name itself knows. */
export function unknownOwner(r: Reader, at: number, end: number): boolean {
  const chunk = r.chunks[at]
  if (chunk === undefined || chunk.kw !== undefined || chunk.links.length > 0 || chunk.values.length > 0) return false
  return /^[a-z]+$/.test(chunk.text) && wordOf(r, at + 1) === "'s" && at + 2 < end && isNoun(r, at + 2)
}

/** A chunk that may be a noun or a value: before another noun it is a value ("checking accounts"). */
function prefersValue(r: Reader, at: number, end: number): boolean {
  const chunk = r.chunks[at]
  const link = chunk?.links[0]?.score ?? 0
  const value = chunk?.values[0]?.score ?? 0
  if (value < 0.9) return false
  const nextIsNoun = at + 1 < end && isNoun(r, at + 1)
  if (!nextIsNoun) return link < 0.8 && value > link
  return r.pick('value-or-noun', [
    [link < 0.9 ? 0 : 0.6, true],
    [link < 0.9 ? 0.6 : 0, false],
  ])
}

/** Whether a noun follows before anything but qualities. */
export function nounAhead(r: Reader, from: number, end: number): boolean {
  for (let at = from; at < end && at < from + 4; at += 1) {
    if (isNoun(r, at)) return true
    const kw = kwOf(r, at)
    if (kw === 'filler' && / of$/.test(wordOf(r, at))) continue
    if (/^(types?|kinds?|sorts?)$/.test(wordOf(r, at)) && wordOf(r, at + 1) === 'of') {
      at += 1
      continue
    }
    const quality = kw === 'super' || kw === 'distinct' || kw === 'det' || isValue(r, at)
    if (!quality && !/^(-|full|'s)$/.test(wordOf(r, at))) return false
  }
  return false
}

type Head = { readonly mention: Mention; readonly next: number }

/** A run of nouns; the last is the head, those before own it ("department head name"). */
function readHead(r: Reader, start: number, end: number): Head | undefined {
  if (start >= end || !isNoun(r, start)) return undefined
  let head = mention(r, start)
  let at = start + 1
  while (at < end) {
    const possessive = wordOf(r, at) === "'s"
    const next = possessive ? at + 1 : at
    if (!possessive && wordOf(r, at) === '(' && wordOf(r, at + 1) === 's' && wordOf(r, at + 2) === ')') {
      use(r, at, at + 3)
      at += 3
      continue
    }
    let after = next
    while (possessive && after < end && (kwOf(r, after) === 'distinct' || kwOf(r, after) === 'det')) after += 1
    if (after >= end || !isNoun(r, after)) {
      if (possessive) use(r, at)
      break
    }
    const chunk = r.chunks[after]
    // A verb behind a noun begins a clause ("students enrolled in …"), it is not the noun's head.
    if (!possessive && isSoft(chunk)) break
    if (!possessive && isValue(r, after) && (chunk?.links[0]?.score ?? 0) < 0.9) break
    use(r, at, after)
    const owner = head
    head = mention(r, after, owner)
    // "new donors": a quality that no condition is made of.
    if (!possessive && namesRows(chunk, 0.9) && !namesRows(owner.chunk, 0.6)) r.ask.dropped.push(owner.chunk.text)
    at = after + 1
  }
  if (wordOf(r, at) === '(' && wordOf(r, at + 1) === 's' && wordOf(r, at + 2) === ')') {
    use(r, at, at + 3)
    at += 3
  }
  return { mention: head, next: at }
}

/** "room 101", "club 'Bootup Baltimore'": a value right behind its noun. */
function readApposition(r: Reader, head: Mention, start: number, end: number, where: Cond[]): number {
  let at = start
  if (at >= end) return at
  const chunk = r.chunks[at]
  if (chunk === undefined) return at
  if (isValue(r, at) && !(isNoun(r, at) && !chunk.quoted)) {
    // "students Janessa …": a value of the noun's entity, of the noun itself, or in quotes.
    const fits = chunk.values.some((value) =>
      head.chunk.links.some(
        (link) =>
          link.target.entity === value.entity && (link.target.kind !== 'field' || link.target.field === value.field),
      ),
    )
    if (!fits && chunk.quoted !== true) return at
    if (at + 1 < end && isNoun(r, at + 1) && !fits) return at
    use(r, at)
    where.push({
      kind: 'value',
      chunk,
      op: 'eq',
      ...(mayMeanField(head.chunk) && !meansEntity(head.chunk) ? { field: head } : { near: head }),
    })
    at += 1
    // Two values of one row: "Janessa Sawayn".
    const second = r.chunks[at]
    if (
      at < end &&
      second !== undefined &&
      isValue(r, at) &&
      !isNoun(r, at) &&
      chunk.quoted !== true &&
      second.values.some((value) =>
        chunk.values.some((one) => one.entity === value.entity && one.field !== value.field),
      )
    ) {
      use(r, at)
      where.push({ kind: 'value', chunk: second, op: 'eq', near: head })
      at += 1
    }
    return at
  }
  if (
    isNumber(r, at) &&
    !(at + 1 < end && ((isNoun(r, at + 1) && !isSoft(r.chunks[at + 1])) || kwOf(r, at + 1) === 'times')) &&
    chunk.unit === undefined &&
    !(/^(to|-|through)$/.test(wordOf(r, at + 1)) && isNumber(r, at + 2) && at + 2 < end && mayMeanField(head.chunk))
  ) {
    use(r, at)
    note(r, 'apposedNumber')
    const bound = boundBehind(r, at + 1, end)
    const said = (one: Chunk): Cond => ({
      kind: 'number',
      value: one.num ?? 0,
      text: one.numText ?? one.text,
      ...(bound === undefined ? {} : { op: bound.op }),
      ...(meansEntity(head.chunk) && !mayMeanField(head.chunk) ? { near: head } : { field: head }),
    })
    const second = r.chunks[at + 2]
    const alone = at + 3 >= end || !isNoun(r, at + 3)
    if (bound === undefined && kwOf(r, at + 1) === 'or' && second !== undefined && isNumber(r, at + 2) && alone) {
      // "in the year 1999 or 2000"
      use(r, at, at + 3)
      where.push({ kind: 'or', parts: [said(chunk), said(second)] })
      return at + 3
    }
    where.push(said(chunk))
    return bound?.next ?? at + 1
  }
  return at
}

/** "name of the student": the noun behind "of" owns the head. */
function readOwner(r: Reader, head: Mention, start: number, end: number, where: Cond[]): number {
  if (start >= end || kwOf(r, start) !== 'prep' || wordOf(r, start) !== 'of') return start
  const kwNext = kwOf(r, start + 1)
  if (kwNext === 'each' || kwNext === 'agg' || kwNext === 'howmany') return start
  const mark = new Set(r.used)
  const owner = readNoun(r, start + 1, end)
  const bound = kwOf(r, owner.next)
  // "editors of age either 24 or 25": a quality of theirs, which a condition follows.
  const quality =
    owner.head !== undefined &&
    meansEntity(head.chunk) &&
    !meansEntity(owner.head.chunk) &&
    (bound === 'either' || bound === 'cmp' || bound === 'between' || bound === 'both')
  if (owner.head === undefined || owner.each || owner.sup !== undefined || quality) {
    r.used.clear()
    for (const one of mark) r.used.add(one)
    return start
  }
  use(r, start)
  if (owner.limit !== undefined) r.ask.limit ??= owner.limit
  // The innermost noun of a chain owns first: "id of the city of the airport".
  let last = head
  while (last.owner !== undefined) last = last.owner
  last.owner = owner.head
  where.push(...owner.where)
  return owner.next
}

/** "first grade", "second semester": an ordinal that is the value of the noun behind it, not a superlative. */
export function ordinalHere(r: Reader, at: number, end: number): boolean {
  if (ordinalOf(wordOf(r, at)) === undefined || at + 1 >= end) return false
  const next = wordOf(r, at + 1) === '-' ? at + 2 : at + 1
  const chunk = r.chunks[next]
  if (chunk === undefined || !isNoun(r, next) || chunk.plural || !mayMeanField(chunk) || meansEntity(chunk))
    return false
  if (r.chunks[at]?.kw?.k !== 'super' && r.chunks[at]?.kw?.k !== 'cmp') return true
  const number = chunk.links.some((link) => link.score > 0.9 && (link.type === 'integer' || link.type === 'number'))
  return r.pick('ordinal', [
    [number ? 0.1 : 0.6, true],
    [number ? 0.5 : 0, false],
  ])
}

/** Makes the condition of an ordinal and its noun; returns where it ends. */
export function readOrdinal(r: Reader, at: number, where: Cond[]): number {
  const noun = wordOf(r, at + 1) === '-' ? at + 2 : at + 1
  use(r, at, noun)
  const value = ordinalOf(wordOf(r, at)) ?? 1
  where.push({ kind: 'number', value, text: String(value), field: mention(r, noun) })
  return noun + 1
}

/** The chunk as a value, when a synonym of an entity is also the label of one of its own kinds. */
function kindOf(head: Mention): Chunk | undefined {
  const link = head.chunk.links.find((one) => one.target.kind === 'entity')
  if (link === undefined || link.score >= 0.99 || link.score < 0.7 || isSoft(head.chunk)) return undefined
  const values = head.chunk.values.filter((value) => value.entity === link.target.entity && value.score >= 0.9)
  return values.length === 0 ? undefined : { ...head.chunk, values }
}
