import { afterEach, describe, expect, it } from 'vitest'
import { Definition } from '../../../src/definition/schema.ts'
import { builtinTranslator } from '../../../src/translate/builtin/translate.ts'
import {
  defaultModels,
  type TranslatorSettings,
  translatorsFromConfig,
} from '../../../src/translate/llm/from-config.ts'
import { readPrompts } from '../../../src/translate/llm/prompt-files.ts'
import { translate } from '../../../src/translate/translate.ts'
import { emptyValueIndex } from '../../../src/translate/values.ts'
import { demoCatalog } from '../../setup/demo-catalog.ts'
import { ANTHROPIC_KEY, startAnthropicLoopback } from '../../setup/loopback-anthropic.ts'
import type { Loopback, Script } from '../../setup/loopback-http.ts'
import { OPENAI_KEY, startOpenaiLoopback } from '../../setup/loopback-openai.ts'

const definition = Definition.parse({ dataSources: ['events'], columns: [{ field: 'name' }] })
const good: Script = [
  {
    do: 'answer',
    json: {
      reading: 'Names of events.',
      outcome: 'table',
      definition,
      assumptions: [],
      confidence: 0.9,
      notUnderstood: [],
      reason: '',
      suggestions: [],
    },
  },
]
const broken: Script = [{ do: 'status', status: 401 }]

const open: Loopback[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})
async function servers(openaiScript: Script, anthropicScript: Script) {
  const [openai, anthropic] = [await startOpenaiLoopback(openaiScript), await startAnthropicLoopback(anthropicScript)]
  open.push(openai, anthropic)
  const settings = {
    openai: { apiKey: OPENAI_KEY, baseUrl: `${openai.url}/v1` },
    anthropic: { apiKey: ANTHROPIC_KEY, baseUrl: anthropic.url },
  }
  return { openai, anthropic, settings }
}

function ask(settings: TranslatorSettings) {
  const translators = translatorsFromConfig(settings, { builtin: builtinTranslator(), prompts: readPrompts() })
  return translate({
    input: {
      prompt: 'names of all events',
      catalog: demoCatalog(),
      values: emptyValueIndex,
      scope: { organizationId: 'brightwater', roles: ['editor'] },
      clock: { now: new Date('2026-11-23T12:00:00Z'), timezone: 'UTC' },
    },
    translators,
  })
}

describe('the translators of a configuration', () => {
  it('auto asks OpenAI first, by its default model', async () => {
    const { openai, anthropic, settings } = await servers(good, good)
    expect(await ask({ translator: 'auto', ...settings })).toMatchObject({
      kind: 'answer',
      translator: 'openai',
      definition,
      usage: { model: defaultModels.openai },
    })
    expect(openai.accepted[0]?.model).toBe(defaultModels.openai)
    expect([...openai.rejected, ...anthropic.rejected, ...anthropic.accepted]).toEqual([])
  })

  it('auto asks Anthropic when OpenAI does not answer, and says so', async () => {
    const { settings } = await servers(broken, good)
    const result = await ask({ translator: 'auto', ...settings })
    expect(result).toMatchObject({ translator: 'anthropic', usage: { model: defaultModels.anthropic } })
    expect(result.notes[0]).toContain('the key was not accepted')
  })

  it('a named vendor is the only one asked, with the model that was named', async () => {
    const { openai, anthropic, settings } = await servers(good, good)
    const named = { ...settings.anthropic, model: 'claude-haiku-5-5' }
    expect(await ask({ translator: 'anthropic', ...settings, anthropic: named })).toMatchObject({
      translator: 'anthropic',
    })
    expect(anthropic.accepted[0]?.model).toBe('claude-haiku-5-5')
    expect(openai.accepted).toEqual([])
  })

  it('builtin asks nobody, key or not', async () => {
    const { openai, anthropic, settings } = await servers(good, good)
    expect(await ask({ translator: 'builtin', ...settings })).toMatchObject({ translator: 'builtin', notes: [] })
    expect([...openai.accepted, ...anthropic.accepted]).toEqual([])
  })

  it('without a key the built-in translator answers', async () => {
    expect(await ask({ translator: 'auto' })).toMatchObject({ translator: 'builtin' })
  })

  it('with both vendors down the built-in translator answers and says why', async () => {
    const { settings } = await servers(broken, broken)
    const result = await ask({ translator: 'auto', ...settings })
    expect(result.translator).toBe('builtin')
    expect(result.notes[0]).toMatch(/^The language model did not answer \(the key was not accepted\)/)
  })
})
