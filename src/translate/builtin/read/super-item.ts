// A column with a superlative: "the oldest student", "the highest salary", "best fundraising month".
// In: chunks from that word on. Out: what is ranked, in the ask, and where it ends.
import { DATE } from '../keywords.ts'
import type { Measure, Mention } from './ast.ts'
import { isStretch, topStretch } from './clause/superlative.ts'
import { isPredicate, readTop } from './measure.ts'
import { nounAhead, readNoun } from './noun.ts'
import {
  isNoun,
  isNumber,
  isValue,
  keyword,
  kwOf,
  mayMeanNumber,
  meansEntity,
  note,
  type Reader,
  type Scope,
  use,
} from './reader.ts'

/** "best fundraising month": the stretch of time, behind what it is best at. */
function bestNamed(
  r: Reader,
  at: number,
  next: number,
  { dir, count }: { dir: 'asc' | 'desc'; count?: true },
  limit = 1,
): number | undefined {
  const chunk = r.chunks[next]
  const grain = r.chunks[next + 1]?.grain
  if (chunk === undefined || grain === undefined || count === true || dir === 'asc') return undefined
  if (!isNoun(r, next) || !isStretch(r, next + 1)) return undefined
  const rows = chunk.links.some(({ target, score }) => target.kind === 'entity' && score >= 0.9)
  const [metric, other] = chunk.links.filter(({ target, score }) => target.kind === 'metric' && score >= 0.45)
  if (!rows && (metric === undefined || other !== undefined || isValue(r, next))) return undefined
  use(r, at, next + 2)
  r.ids += 1
  const links = rows || metric === undefined ? chunk.links : [{ ...metric, score: 1 }]
  const of = { id: r.ids, chunk: { ...chunk, links }, soft: false }
  if (rows) note(r, 'rowsBy')
  r.ask.group.push({ grain })
  r.ask.select.push({ kind: 'noun', of })
  r.ask.top = { dir, limit, ...(rows ? { of } : {}) }
  return next + 2
}

/** "the lowest consider rate and oppose rate": the lowest of each. */
function sameExtreme(r: Reader, at: number, end: number): { of: Mention; next: number } | undefined {
  const next = at + 1
  if (kwOf(r, at) !== 'and' || !isNoun(r, next) || !mayMeanNumber(r.chunks[next]) || isPredicate(r, next + 1))
    return undefined
  if (meansEntity(r.chunks[next])) return undefined
  const spread = r.pick('spread', [
    [0.1, true],
    [0.5, false],
  ])
  const phrase = spread ? readNoun(r, next, end) : undefined
  if (phrase?.head === undefined) return undefined
  use(r, at, phrase.next)
  return { of: phrase.head, next: phrase.next }
}

/** "the oldest student", "the highest salary", "the most common city", "the 3 most expensive rooms". */
export function readSuperItem(
  r: Reader,
  scope: Scope,
  at: number,
  end: number,
  count: number | undefined,
): number | undefined {
  const found = keyword(r, at, 'super')
  if (found === undefined) return undefined
  let limit = count
  let next = at + 1
  if (isNumber(r, next) && (nounAhead(r, next + 1, end) || isStretch(r, next + 1))) {
    limit = r.chunks[next]?.num
    use(r, next)
    next += 1
  }
  const named = bestNamed(r, at, next, found, limit)
  if (named !== undefined) return named
  const stretch = topStretch(r, scope, next, end, { dir: found.dir, limit, brought: found.count !== true })
  if (stretch !== undefined) {
    use(r, at)
    return stretch
  }
  const sup = { dir: found.dir, dims: found.dims, count: found.count === true, adj: found.adj }
  const top = readTop(r, sup, next, end)
  if (top.next === next && top.target === undefined && top.by.kind === 'dim') return undefined
  use(r, at, top.next)
  scope.where.push(...top.where)
  if (top.target !== undefined) {
    r.ask.select.push({ kind: 'noun', of: top.target })
    r.ask.top ??= { by: top.by, dir: top.dir, limit: limit ?? 1, of: top.target }
    if (meansEntity(top.target.chunk)) {
      scope.subject ??= top.target
      r.ask.subject ??= top.target
    }
    return top.next
  }
  const by = top.by
  if (by.kind === 'count') {
    // "the most pets": whose, the clauses say.
    r.ask.select.push(by)
    r.ask.top ??= { by, dir: top.dir, limit: limit ?? 1 }
    return top.next
  }
  // "the highest salary": one number, or with "top 3 highest" the rows.
  if (
    by.kind === 'noun' &&
    limit === undefined &&
    r.pick('extreme', [
      [0, true],
      [0.8, false],
    ])
  ) {
    const fn = top.dir === 'desc' ? 'max' : 'min'
    r.ask.select.push({ kind: 'agg', fn, of: by.of, ...(found.dims === DATE ? { unsummed: true } : {}) })
    const more = sameExtreme(r, top.next, end)
    if (more !== undefined) {
      r.ask.select.push({ kind: 'agg', fn, of: more.of })
      return more.next
    }
    if (top.of !== undefined && meansEntity(top.of.chunk)) {
      scope.subject ??= top.of
      r.ask.subject ??= top.of
    }
    return top.next
  }
  r.ask.select.push(by)
  r.ask.top ??= { by, dir: top.dir, limit: limit ?? 1 }
  return top.next
}

/** Ranks rows by a superlative that stood with their noun. */
export function applySuper(
  r: Reader,
  scope: Scope,
  sup: { dir: 'asc' | 'desc'; dims: readonly string[]; count: boolean; adj: string },
  head: Mention,
  limit?: number,
): void {
  const by: Measure =
    sup.count || sup.dims.length === 0 ? { kind: 'count', where: [] } : { kind: 'dim', dims: sup.dims, of: head }
  r.ask.top ??= { by, dir: sup.dir, limit: limit ?? 1, of: head }
  scope.subject ??= head
}
