// Verified prompts, and what asking costs.
import { z } from 'zod'
import { readUsage } from '../tables/usage.ts'
import { checkVerified, listVerified } from '../tables/verified-prompts.ts'
import { route } from './route.ts'
import { Instant, Timezone } from './schemas.ts'

const Usage = z
  .strictObject({
    day: z.string().describe('UTC'),
    translator: z.string(),
    model: z.string().nullable(),
    prompts: z.int(),
    answered: z.int(),
    followUps: z.int(),
    cached: z.int().describe('Answers given again, at no cost'),
    calls: z.number(),
    inputTokens: z.number(),
    outputTokens: z.number(),
    cachedTokens: z.number().describe('Part of the input'),
    averageMs: z.int(),
    dollars: z.number().nullable().describe('null: MODEL_PRICES does not name the model'),
  })
  .meta({ id: 'UsageLine' })

export const translationRoutes = {
  listVerified: route({
    method: 'GET',
    path: '/verified-prompts',
    action: 'verified.list',
    tag: 'Asking',
    summary: 'See the prompts that are verified',
    description: 'Each is answered by just the table that an admin read over; models get those alike as examples.',
    response: z.strictObject({
      prompts: z.array(
        z.strictObject({
          tableId: z.string(),
          name: z.string(),
          prompt: z.string(),
          sentence: z.string(),
          verifiedBy: z.string(),
          verifiedAt: Instant,
        }),
      ),
    }),
    async handle({ call }) {
      const prompts = await listVerified(call)
      return { body: { prompts: prompts.map((one) => ({ ...one, verifiedAt: one.verifiedAt.toISOString() })) } }
    },
  }),
  checkVerified: route({
    method: 'POST',
    path: '/verified-prompts/check',
    action: 'verified.check',
    tag: 'Asking',
    summary: 'Ask the verified prompts anew',
    description:
      'As if they were not verified, so that you see how well your translator does on your own questions. `right`: the same definition or the same rows.',
    body: z.strictObject({
      from: z.int().min(0).default(0),
      limit: z.int().min(1).max(50).default(20),
      timezone: Timezone,
    }),
    bodyOptional: true,
    response: z.strictObject({
      verdicts: z.array(
        z.strictObject({
          tableId: z.string(),
          prompt: z.string(),
          verdict: z.enum(['right', 'wrong', 'not_understood']),
          sentence: z.string().optional().describe('What was understood this time'),
          translator: z.string(),
        }),
      ),
      total: z.int(),
    }),
    async handle({ call, body }) {
      const { verdicts, total } = await checkVerified({ ...call, input: body })
      return { body: { verdicts: [...verdicts], total } }
    },
  }),
  readUsage: route({
    method: 'GET',
    path: '/usage',
    action: 'usage.read',
    tag: 'Asking',
    summary: 'See what was asked and what it cost',
    query: z.strictObject({ days: z.coerce.number().int().min(1).max(400).default(30) }),
    response: z.strictObject({
      lines: z.array(Usage),
      tokensPerDay: z.int().nullable().describe("Your organization's budget; null: none"),
    }),
    async handle({ call, query }) {
      const { lines, tokensPerDay } = await readUsage({ ...call, ...query })
      return { body: { lines: [...lines], tokensPerDay } }
    },
  }),
}
