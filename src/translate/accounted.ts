// Asking with a memory. In: how prompts are translated, and the store. Out: the same, where a verified prompt is answered
// by its table, an answer of a model is given again, a budget is kept, and every prompt leaves a line without its words.
import { and, eq, gte, sql } from 'drizzle-orm'
import { canonicalJson, catalogHash } from '../catalog/hash.ts'
import type { Catalog } from '../catalog/schema.ts'
import { translationCache, translations, UNANSWERED } from '../db/schema-translations.ts'
import type { Db } from '../db/store.ts'
import type { Definition } from '../definition/schema.ts'
import { hashText } from '../lib/hash.ts'
import { newId } from '../lib/id.ts'
import type { Clock, Scope } from '../lib/scope.ts'
import { promptKey } from './prompt-key.ts'
import type { AnsweredBy, Example, Spent, TranslateInput, Translation, Usage } from './types.ts'
import { type Verified, verifiedFor } from './verified.ts'

export type Asked = {
  readonly prompt: string
  readonly base?: Definition
  readonly scope: Scope
  readonly clock: Clock
  readonly signal?: AbortSignal
  readonly examples?: readonly Example[]
  /** Why no model is asked; told with the answer. */
  readonly withoutModels?: string
  readonly onAbandoned?: NonNullable<TranslateInput['onAbandoned']>
}
type Ask = (input: Asked) => Promise<Translation>

export type AccountOptions = {
  readonly db: Db
  readonly catalog: Catalog
  readonly ask: Ask
  /** Names of the models in their order; none: nothing is kept or budgeted. */
  readonly models: readonly string[]
  /** Of one organization in a day (UTC), input and output together. */
  readonly tokensPerDay?: number | undefined
  readonly onError: (error: unknown) => void
}

/** Kept answers live this long: the data's words change, and so do models. */
const KEEP_MS = 7 * 24 * 60 * 60 * 1000
const OVER_BUDGET = 'The language models’ budget for today is used up'

/** Wraps what translates prompts. */
export function accounted(options: AccountOptions): Ask {
  const { db, catalog, ask, models, tokensPerDay } = options
  return async function askAccounted(input) {
    const begun = performance.now()
    const { prompt, scope, base } = input
    const verified = await verifiedFor({ db, catalog, scope, prompt })
    const done = async (translation: Translation, cached = false): Promise<Translation> => {
      await record(options, input, translation, { cached, elapsedMs: Math.round(performance.now() - begun) })
      return translation
    }
    if (base === undefined && verified.exact !== undefined) return done(fromVerified(verified.exact))
    if (models.length === 0) return done(await ask(input))
    const { examples } = verified
    const key = cacheKey(input, { examples, models, catalog })
    const kept = await findKept(db, scope.organizationId, key, input.clock.now)
    if (kept !== undefined) return done(kept, true)
    const spent = tokensPerDay === undefined ? 0 : await tokensToday(db, scope.organizationId, input.clock.now)
    if (tokensPerDay !== undefined && spent >= tokensPerDay) {
      return done(await ask({ ...input, withoutModels: OVER_BUDGET }))
    }
    const abandoned: Spent[] = []
    const onAbandoned = (spent: Spent): void => void abandoned.push(spent)
    const fresh = await ask({ ...input, examples, onAbandoned }).catch(async (error: unknown) => {
      const last = abandoned.pop()
      if (last !== undefined) {
        const gone = { kind: 'refused', reason: 'the asker has gone', suggestions: [], notes: [] } as const
        await done({ ...gone, ...last, spent: abandoned })
      }
      throw error
    })
    if (mayKeep(fresh, prompt)) await keep(options, scope.organizationId, key, fresh, input.clock.now)
    return done(fresh)
  }
}

function fromVerified({ definition, by, at }: Verified): Translation {
  const day = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' }).format(at)
  const notes = [`Verified by ${by} on ${day}`]
  return { kind: 'answer', definition, confidence: 1, assumptions: [], translator: 'verified', notes }
}

function cacheKey(
  { prompt, base, scope, clock }: Asked,
  { examples, models, catalog }: { examples: readonly Example[]; models: readonly string[]; catalog: Catalog },
): string {
  const roles = [...scope.roles].sort()
  return hashText(
    canonicalJson([promptKey(prompt), base ?? null, roles, clock.timezone, catalogHash(catalog), models, examples]),
  )
}

/** A model's own sure answer, whose periods stay true: a date that the prompt does not name was counted from today. */
function mayKeep(translation: Translation, prompt: string): boolean {
  if (translation.kind !== 'answer' || translation.notes.length > 0) return false
  if (translation.translator === 'builtin' || translation.translator === 'verified') return false
  const years = JSON.stringify(translation.definition).match(/\b(?:19|20)\d\d\b/g) ?? []
  return years.every((year) => prompt.includes(year))
}

async function findKept(db: Db, organizationId: string, key: string, now: Date): Promise<Translation | undefined> {
  const [row] = await db
    .select({ answer: translationCache.answer })
    .from(translationCache)
    .where(
      and(
        eq(translationCache.organizationId, organizationId),
        eq(translationCache.key, key),
        gte(translationCache.createdAt, new Date(now.getTime() - KEEP_MS)),
      ),
    )
  return row?.answer as Translation | undefined
}

async function keep(
  { db, onError }: AccountOptions,
  organizationId: string,
  key: string,
  translation: Translation,
  now: Date,
): Promise<void> {
  const { usage: _usage, spent: _spent, ...answer } = translation
  await db
    .insert(translationCache)
    .values({ organizationId, key, answer, createdAt: now })
    .onConflictDoUpdate({
      target: [translationCache.organizationId, translationCache.key],
      set: { answer, createdAt: now },
    })
    .catch(onError)
}

async function tokensToday(db: Db, organizationId: string, now: Date): Promise<number> {
  const midnight = new Date(`${now.toISOString().slice(0, 10)}T00:00:00Z`)
  const [row] = await db
    .select({ tokens: sql<string>`coalesce(sum(${translations.inputTokens} + ${translations.outputTokens}), 0)` })
    .from(translations)
    .where(and(eq(translations.organizationId, organizationId), gte(translations.at, midnight)))
  return Number(row?.tokens ?? 0)
}

/** A prompt is answered also when nobody can write down that it was. Each model that cost something has a line. */
async function record(
  { db, onError }: AccountOptions,
  { scope, base, clock }: Asked,
  { translator, kind, usage, spent = [] }: Translation,
  { cached, elapsedMs }: { cached: boolean; elapsedMs: number },
): Promise<void> {
  const line = (by: AnsweredBy, outcome: string, paid: Usage | undefined) => ({
    ...{ organizationId: scope.organizationId, id: newId('trn', clock.now.getTime()), at: clock.now },
    ...{ userId: scope.userId ?? null, translator: by, outcome, followUp: base !== undefined, cached, elapsedMs },
    ...(paid && {
      model: paid.model,
      calls: paid.calls,
      inputTokens: paid.inputTokens,
      outputTokens: paid.outputTokens,
      cachedTokens: paid.cachedTokens ?? 0,
    }),
  })
  const unanswered = spent.map((one) => line(one.translator, UNANSWERED, one.usage))
  await db
    .insert(translations)
    .values([line(translator, kind, usage), ...unanswered])
    .catch(onError)
}
