import { describe, expect, it } from 'vitest'
import { Definition } from '../../src/definition/schema.ts'
import { withBreaker } from '../../src/translate/breaker.ts'
import { translate } from '../../src/translate/translate.ts'
import type {
  ModelTranslator,
  TranslateInput,
  Translation,
  Translator,
  Unavailable,
} from '../../src/translate/types.ts'
import { emptyValueIndex } from '../../src/translate/values.ts'
import { demoCatalog } from '../setup/demo-catalog.ts'

const catalog = demoCatalog()
const input: TranslateInput = {
  prompt: 'donations by month',
  catalog,
  values: emptyValueIndex,
  scope: { organizationId: 'brightwater', roles: ['editor'] },
  clock: { now: new Date('2026-11-23T12:00:00Z'), timezone: 'UTC' },
}
const definition = Definition.parse({ dataSources: ['donations'], limit: 5 })
const answer = (translator: 'builtin' | 'openai' | 'anthropic'): Translation => ({
  kind: 'answer',
  definition,
  confidence: 0.8,
  assumptions: [],
  translator,
  notes: [],
})
const draft = (translator: 'builtin' | 'openai', more: object = {}): Translation => ({
  kind: 'draft',
  understood: ['something'],
  notUnderstood: ['the rest'],
  suggestions: [`from ${translator}`],
  translator,
  notes: [],
  ...more,
})
const down = (translator: 'openai' | 'anthropic', reason = 'rate limited'): Unavailable => ({
  kind: 'unavailable',
  translator,
  reason,
  vendorFault: true,
})
const gives =
  (result: Translation): Translator =>
  async () =>
    result
const builtin = gives(answer('builtin'))

describe('with a language model', () => {
  it('the model answers, with the built-in draft as its hint', async () => {
    const asked: TranslateInput[] = []
    const openai: ModelTranslator = async (given) => {
      asked.push(given)
      return answer('openai')
    }
    const result = await translate({ input, translators: { order: ['openai', 'builtin'], builtin, openai } })
    expect(result).toEqual(answer('openai'))
    expect(asked[0]?.hint).toEqual(answer('builtin'))
  })

  it('a model that does not answer gives way to the built-in translator, and the answer says so', async () => {
    const openai: ModelTranslator = async () => down('openai')
    const result = await translate({ input, translators: { order: ['openai', 'builtin'], builtin, openai } })
    expect(result).toMatchObject({
      kind: 'answer',
      translator: 'builtin',
      notes: ['The language model did not answer (rate limited); this was understood by the built-in translator'],
    })
  })

  it('a second model is asked before the built-in translator', async () => {
    const openai: ModelTranslator = async () => down('openai', 'it took too long')
    const anthropic: ModelTranslator = async () => answer('anthropic')
    const result = await translate({
      input,
      translators: { order: ['openai', 'anthropic', 'builtin'], builtin, openai, anthropic },
    })
    expect(result).toMatchObject({ translator: 'anthropic' })
    expect(result.notes).toEqual([
      'The language model did not answer (it took too long); this was understood by another language model',
    ])
  })

  it('what models cost is told of each, also of those that gave no answer and of one whose asker left', async () => {
    const usageOf = (name: string) => ({ model: name, calls: 1, inputTokens: 100, outputTokens: 0 })
    const vain =
      (name: 'openai' | 'anthropic'): ModelTranslator =>
      async () => ({ ...down(name), usage: usageOf(name) })
    const order = ['openai', 'anthropic', 'builtin'] as const
    const lines = { openai: vain('openai'), anthropic: vain('anthropic') }
    const first = [{ translator: 'openai', usage: usageOf('openai') }]
    const neither = await translate({ input, translators: { order, builtin, ...lines } })
    expect(neither).toMatchObject({ translator: 'builtin', usage: usageOf('anthropic'), spent: first })
    const anthropic: ModelTranslator = async () => ({ ...answer('anthropic'), usage: usageOf('anthropic') })
    const second = await translate({ input, translators: { order, builtin, ...lines, anthropic } })
    expect(second).toMatchObject({ translator: 'anthropic', usage: usageOf('anthropic'), spent: first })
    const leaving = new AbortController()
    const abandoned: unknown[] = []
    const left = translate({
      input: { ...input, signal: leaving.signal, onAbandoned: (one) => abandoned.push(one) },
      translators: {
        ...{ order, builtin, ...lines },
        anthropic: async () => {
          leaving.abort()
          return { ...down('anthropic'), usage: usageOf('anthropic') }
        },
      },
    })
    await expect(left).rejects.toThrow()
    expect(abandoned).toEqual([...first, { translator: 'anthropic', usage: usageOf('anthropic') }])
  })

  it('a refusal of the model stays a refusal, whatever the built-in translator made of it', async () => {
    const openai: ModelTranslator = async () => ({
      kind: 'refused',
      reason: 'There is nothing about the weather.',
      suggestions: [],
      translator: 'openai',
      notes: [],
    })
    const result = await translate({ input, translators: { order: ['openai', 'builtin'], builtin, openai } })
    expect(result).toMatchObject({ kind: 'refused', reason: 'There is nothing about the weather.' })
  })

  it('a model whose tables did not pass gives way to an answer of the built-in translator', async () => {
    const openai: ModelTranslator = async () => draft('openai', { notes: ['its table did not pass the check'] })
    const result = await translate({ input, translators: { order: ['openai', 'builtin'], builtin, openai } })
    expect(result).toMatchObject({ kind: 'answer', translator: 'builtin' })
    expect(result.notes.join()).toContain('no usable table')
  })

  it('what neither understood is a draft with suggestions, never an answer', async () => {
    const openai: ModelTranslator = async () => draft('openai', { suggestions: [] })
    const translators = { order: ['openai', 'builtin'] as const, builtin: gives(draft('builtin')), openai }
    expect(await translate({ input, translators })).toMatchObject({
      kind: 'draft',
      suggestions: ['from builtin'],
      understood: ['something'],
    })
  })

  it('an asker who left gets no answer at all', async () => {
    const leaving = new AbortController()
    const openai: ModelTranslator = async () => {
      leaving.abort()
      return down('openai', 'the request was cancelled')
    }
    const asking = translate({
      input: { ...input, signal: leaving.signal },
      translators: { order: ['openai', 'builtin'], builtin, openai },
    })
    await expect(asking).rejects.toThrow()
  })
})

describe('without a language model', () => {
  it('the built-in translator answers alone, and nothing is said about models', async () => {
    expect(await translate({ input, translators: { order: ['builtin'], builtin } })).toEqual(answer('builtin'))
  })

  it('no model is asked when the order says so', async () => {
    const openai: ModelTranslator = async () => {
      throw new Error('must not be asked')
    }
    const result = await translate({ input, translators: { order: ['builtin', 'openai'], builtin, openai } })
    expect(result).toMatchObject({ translator: 'builtin' })
  })
})

describe('a vendor that keeps failing', () => {
  function breaker(results: readonly (Translation | Unavailable)[]) {
    let nowMs = 0
    let calls = 0
    const guarded = withBreaker(
      async () => {
        calls += 1
        return results[Math.min(calls, results.length) - 1] ?? down('anthropic')
      },
      { failures: 3, openMs: 1000, nowMs: () => nowMs },
    )
    return { guarded, calls: () => calls, pass: (ms: number) => (nowMs += ms) }
  }

  it('is left alone after some failures in a row, and asked again after a while', async () => {
    const { guarded, calls, pass } = breaker([down('anthropic')])
    for (let i = 0; i < 10; i += 1)
      expect(await guarded(input)).toMatchObject({
        kind: 'unavailable',
        translator: 'anthropic',
        reason: 'rate limited',
      })
    expect(calls()).toBe(3)
    pass(1001)
    await guarded(input)
    await guarded(input)
    expect(calls()).toBe(4)
  })

  it('is trusted again after one good answer', async () => {
    const bad = down('openai')
    const { guarded, calls, pass } = breaker([bad, bad, bad, answer('openai'), bad, bad])
    for (let i = 0; i < 5; i += 1) await guarded(input)
    pass(1001)
    expect(await guarded(input)).toMatchObject({ kind: 'answer' })
    await guarded(input)
    await guarded(input)
    expect(calls()).toBe(6)
  })

  it('is not blamed for what a question or an asker did', async () => {
    const { guarded, calls } = breaker([{ ...down('openai', 'the request was cancelled'), vendorFault: false }])
    for (let i = 0; i < 8; i += 1) await guarded(input)
    expect(calls()).toBe(8)
  })
})
