// Configuration → translators. Values come in as arguments; nothing here reads the environment.
import { withBreaker } from '../breaker.ts'
import type { Translators } from '../translate.ts'
import type { ModelTranslator, Translator, TranslatorName } from '../types.ts'
import { anthropicPort } from './anthropic.ts'
import { openaiPort } from './openai.ts'
import type { Prompts } from './prompts.ts'
import { llmTranslator } from './translator.ts'

export type ModelSettings = { readonly apiKey: string; readonly baseUrl?: string; readonly model?: string }
export type TranslatorSettings = {
  readonly translator: 'auto' | TranslatorName
  readonly openai?: ModelSettings
  readonly anthropic?: ModelSettings
}
export type TranslatorParts = {
  readonly builtin: Translator
  readonly prompts: Prompts
  /** Room for the catalog in a prompt. */
  readonly budgetTokens?: number
  readonly timeoutMs?: number
  /** How vendors are reached; absent: over the network. */
  readonly fetch?: typeof fetch
  readonly nowMs?: () => number
}

/** Mid-size models of 2026: the task needs care with names and dates, not long thought. */
export const defaultModels = { openai: 'gpt-6.1-terra', anthropic: 'claude-sonnet-5-5' } as const

/** The translators that are configured, in the order they are tried; a model without a key is left out. */
export function translatorsFromConfig(settings: TranslatorSettings, parts: TranslatorParts): Translators {
  const { translator: wanted, openai, anthropic } = settings
  const uses = (name: 'openai' | 'anthropic') => wanted === 'auto' || wanted === name
  return {
    order: ['openai', 'anthropic', 'builtin'],
    builtin: parts.builtin,
    ...(openai !== undefined && uses('openai') && { openai: openaiTranslator(openai, parts) }),
    ...(anthropic !== undefined && uses('anthropic') && { anthropic: anthropicTranslator(anthropic, parts) }),
  }
}

function openaiTranslator({ apiKey, baseUrl, model = defaultModels.openai }: ModelSettings, parts: TranslatorParts) {
  const port = openaiPort({ apiKey, model, effort: 'low', ...wayTo(baseUrl, parts) })
  return guarded(llmTranslator({ ...partsOf(parts), port, name: 'openai', model }), parts)
}

function anthropicTranslator(
  { apiKey, baseUrl, model = defaultModels.anthropic }: ModelSettings,
  parts: TranslatorParts,
) {
  const port = anthropicPort({ apiKey, model, effort: 'low', ...wayTo(baseUrl, parts) })
  return guarded(llmTranslator({ ...partsOf(parts), port, name: 'anthropic', model }), parts)
}

function wayTo(baseUrl: string | undefined, parts: TranslatorParts) {
  return { ...(baseUrl !== undefined && { baseUrl }), ...(parts.fetch !== undefined && { fetch: parts.fetch }) }
}

function partsOf({ prompts, budgetTokens, timeoutMs }: TranslatorParts) {
  return { prompts, ...(budgetTokens !== undefined && { budgetTokens }), ...(timeoutMs !== undefined && { timeoutMs }) }
}

function guarded(translator: ModelTranslator, { nowMs = () => performance.now() }: TranslatorParts): ModelTranslator {
  return withBreaker(translator, { nowMs })
}
