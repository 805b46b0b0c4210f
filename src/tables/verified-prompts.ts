// The verified prompts of an organization: listed, and asked anew as its own test of the translator.
// Left out: those that the asker may not see or that do not fit the catalog any more.

import { may } from '../access/rules.ts'
import { canonicalJson } from '../catalog/hash.ts'
import type { Call } from '../context.ts'
import type { Definition } from '../definition/schema.ts'
import { definitionToRows } from '../pipeline.ts'
import { openVerified } from '../translate/verified.ts'
import { readDefinition } from './readable.ts'

export type VerifiedPrompt = {
  readonly tableId: string
  readonly name: string
  readonly prompt: string
  readonly sentence: string
  readonly verifiedBy: string
  readonly verifiedAt: Date
}
export type Verdict = {
  readonly tableId: string
  readonly prompt: string
  /** right: the same definition or the same rows; not_understood: a draft or a refusal. */
  readonly verdict: 'right' | 'wrong' | 'not_understood'
  readonly sentence?: string
  readonly translator: string
}

const ROWS = 2000

/** Prompts with what they stand for, the newest first. */
export async function listVerified({ ctx, identity }: Call): Promise<readonly VerifiedPrompt[]> {
  may(identity, 'verified.list')
  const rows = await openVerified(ctx.db, identity.organizationId)
  return rows.flatMap(({ definition, by, at, tableId, name, prompt }) => {
    const readable = readDefinition(definition, ctx.catalog, identity)
    if (readable.state !== 'ok') return []
    return [{ tableId, name, prompt, sentence: readable.sentence, verifiedBy: by, verifiedAt: at }]
  })
}

/** Asks verified prompts as if they were not, some of them at a time: `from` is the place of the first one. */
export async function checkVerified(
  call: Call & { readonly input: { readonly from: number; readonly limit: number; readonly timezone: string } },
): Promise<{ readonly verdicts: readonly Verdict[]; readonly total: number }> {
  const { ctx, identity, input, signal } = call
  may(identity, 'verified.check')
  const rows = await openVerified(ctx.db, identity.organizationId)
  const verdicts: Verdict[] = []
  for (const row of rows.slice(input.from, input.from + input.limit)) {
    const readable = readDefinition(row.definition, ctx.catalog, identity)
    if (readable.state !== 'ok') continue
    const clock = { now: ctx.now(), timezone: input.timezone }
    const asked = await ctx.askAnew({ prompt: row.prompt, scope: identity, clock, ...(signal && { signal }) })
    const { tableId, prompt } = row
    const { translator } = asked
    if (asked.kind !== 'answer') {
      verdicts.push({ tableId, prompt, verdict: 'not_understood', translator })
      continue
    }
    const same = await sameTable(call, input.timezone, readable.definition, asked.definition)
    const now = readDefinition(asked.definition, ctx.catalog, identity)
    verdicts.push({
      ...{ tableId, prompt, verdict: same ? 'right' : 'wrong', translator },
      ...(now.state === 'ok' && { sentence: now.sentence }),
    })
  }
  return { verdicts, total: rows.length }
}

/** The same definition but for its title, or the same cells in the same places, whatever the order of rows. */
async function sameTable(
  { ctx, identity, signal }: Call,
  timezone: string,
  one: Definition,
  two: Definition,
): Promise<boolean> {
  const untitled = ({ title: _title, ...rest }: Definition) => canonicalJson(rest)
  if (untitled(one) === untitled(two)) return true
  const clock = { now: ctx.now(), timezone }
  const shared = { catalog: ctx.catalog, scope: identity, clock, source: ctx.source, maxRows: ROWS }
  const cells = async (definition: Definition): Promise<string | undefined> => {
    const run = await definitionToRows({ ...shared, definition, timeoutMs: ctx.limits.timeoutMs, signal })
    if (!run.ok) return undefined
    return JSON.stringify(run.result.rows.map((row) => JSON.stringify(row)).sort())
  }
  const [a, b] = [await cells(one), await cells(two)]
  return a !== undefined && a === b
}
