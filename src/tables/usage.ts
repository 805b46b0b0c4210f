// What was asked and what it cost, by day, translator and model; for admins. Prompts are not part of it.
import { and, desc, eq, gte, sql } from 'drizzle-orm'
import { may } from '../access/rules.ts'
import type { ModelPrice } from '../config.ts'
import type { Call } from '../context.ts'
import { translations, UNANSWERED } from '../db/schema-translations.ts'

export type UsageLine = {
  /** UTC. */
  readonly day: string
  readonly translator: string
  readonly model: string | null
  readonly prompts: number
  readonly answered: number
  readonly followUps: number
  /** Given again from before, at no cost. */
  readonly cached: number
  readonly calls: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cachedTokens: number
  readonly averageMs: number
  /** null: MODEL_PRICES does not name the model. */
  readonly dollars: number | null
}

const A_DAY_MS = 86_400_000
const total = (column: unknown) => sql<number>`coalesce(sum(${column}), 0)::float8`
const many = (condition: unknown) => sql<number>`count(*) filter (where ${condition})::int`

const isPrompt = sql`${translations.outcome} <> ${UNANSWERED}`

/** The last days, the newest first. */
export async function readUsage({
  ctx,
  identity,
  days,
}: Call & { days: number }): Promise<{ lines: readonly UsageLine[]; tokensPerDay: number | null }> {
  may(identity, 'usage.read')
  const day = sql<string>`to_char(${translations.at} at time zone 'UTC', 'YYYY-MM-DD')`
  const rows = await ctx.db
    .select({
      day,
      translator: translations.translator,
      model: translations.model,
      prompts: many(isPrompt),
      answered: many(sql`${translations.outcome} = 'answer'`),
      followUps: many(sql`${isPrompt} and ${translations.followUp}`),
      cached: many(translations.cached),
      calls: total(translations.calls),
      inputTokens: total(translations.inputTokens),
      outputTokens: total(translations.outputTokens),
      cachedTokens: total(translations.cachedTokens),
      averageMs: sql<number>`coalesce(round(avg(${translations.elapsedMs}) filter (where ${isPrompt})), 0)::int`,
    })
    .from(translations)
    .where(
      and(
        eq(translations.organizationId, identity.organizationId),
        gte(translations.at, new Date(ctx.now().getTime() - days * A_DAY_MS)),
      ),
    )
    .groupBy(day, translations.translator, translations.model)
    .orderBy(desc(day), translations.translator)
  const lines = rows.map((line) => ({ ...line, dollars: costOf(ctx.models.prices, line) }))
  return { lines, tokensPerDay: ctx.models.tokensPerDay ?? null }
}

/** Dollars; null: there is no price for the model. */
export function costOf(
  prices: ReadonlyMap<string, ModelPrice> | undefined,
  line: Pick<UsageLine, 'model' | 'inputTokens' | 'outputTokens' | 'cachedTokens'>,
): number | null {
  if (line.model === null) return 0
  const price = prices?.get(line.model)
  if (price === undefined) return null
  const { inputTokens, outputTokens, cachedTokens } = line
  const fresh = inputTokens - cachedTokens
  return (fresh * price.input + cachedTokens * price.cached + outputTokens * price.output) / 1_000_000
}
