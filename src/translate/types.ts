// What every translator takes and gives. A translator never runs anything and never writes SQL.
import type { Catalog } from '../catalog/schema.ts'
import type { Definition } from '../definition/schema.ts'
import type { Issue } from '../lib/issue.ts'
import type { Clock, Scope } from '../lib/scope.ts'

/** Stored values a word may mean, of text and enum fields the scope may see. */
export type ValueIndex = {
  /** Values close to `text` (case-insensitive, typo tolerant), best first; score 1 is the same text. */
  find(text: string, options?: { max?: number }): readonly ValueMatch[]
}
export type ValueMatch = { entity: string; field: string; value: string; score: number }

export type TranslateInput = {
  readonly prompt: string
  /** The definition a follow-up refines. */
  readonly base?: Definition
  /** Already reduced to what the scope may see. */
  readonly catalog: Catalog
  readonly values: ValueIndex
  readonly scope: Scope
  readonly clock: Clock
  /** What the built-in translator made of the same question: a first draft for a model. */
  readonly hint?: Translation
  /** Verified prompts like this one. */
  readonly examples?: readonly Example[]
  /** Why no model is asked; told with the answer. */
  readonly withoutModels?: string
  readonly signal?: AbortSignal
  /** Told what was used for an asker who has gone, and so gets no answer that says it. */
  readonly onAbandoned?: (spent: Spent) => void
}

export type TranslatorName = 'builtin' | 'openai' | 'anthropic'
/** `verified`: a table that an admin has read over for just this prompt. */
export type AnsweredBy = TranslatorName | 'verified'
/** A prompt with the definition that is right for it. */
export type Example = { readonly prompt: string; readonly definition: Definition }
export type Usage = {
  inputTokens: number
  outputTokens: number
  cachedTokens?: number
  calls: number
  /** How often an answer went back to the model to be mended; absent: never. */
  repairs?: number
  model: string
}

/** What a model cost that gave no answer. */
export type Spent = { readonly translator: TranslatorName; readonly usage: Usage }

/** Another reading of the same words that is nearly as likely, and says all of them too. */
export type Rival = { readonly definition: Definition; readonly assumptions: readonly string[] }

/** A reading with its log-odds of being right before its rows are seen; one that leaves out something said is only compared. */
export type Likely = Rival & { readonly odds: number; readonly whole: boolean }

export type Translation =
  | {
      readonly kind: 'answer'
      readonly definition: Definition
      /** The prompt in the spelling that it was read in, where that is another. */
      readonly spelt?: string
      /** 0 to 1, calibrated: the share of such answers that are right. */
      readonly confidence: number
      /** What was taken for granted, one short sentence each: `"raised" read as completed donations`. */
      readonly assumptions: readonly string[]
      /** Where the words may mean something else: whoever runs it compares their rows before anything is shown. */
      readonly rivals?: readonly Rival[]
      /** Over a catalog as introspected, rows decide: whoever runs it looks at all of these before one is shown, or none. */
      readonly likely?: readonly Likely[]
      readonly translator: AnsweredBy
      /** What a person should know about how it was made, such as a fallback. */
      readonly notes: readonly string[]
      readonly usage?: Usage
      readonly spent?: readonly Spent[]
    }
  | {
      /** Understood in part: never shown as an answer; fills the builder. */
      readonly kind: 'draft'
      readonly definition?: Definition
      readonly understood: readonly string[]
      readonly notUnderstood: readonly string[]
      /** Complete prompts that would work. */
      readonly suggestions: readonly string[]
      readonly translator: AnsweredBy
      readonly notes: readonly string[]
      readonly usage?: Usage
      readonly spent?: readonly Spent[]
    }
  | {
      /** Cannot or must not be answered from this catalog. */
      readonly kind: 'refused'
      readonly reason: string
      readonly suggestions: readonly string[]
      readonly translator: AnsweredBy
      readonly notes: readonly string[]
      readonly usage?: Usage
      readonly spent?: readonly Spent[]
    }

export type Translator = (input: TranslateInput) => Promise<Translation>

/** A model that gave no usable answer, for a reason that has nothing to do with the question. */
export type Unavailable = {
  readonly kind: 'unavailable'
  readonly translator: TranslatorName
  /** A few words for a person: "rate limited". Holds no key, prompt or vendor text. */
  readonly reason: string
  /** It says something about the vendor's state, so asking again at once is pointless. */
  readonly vendorFault: boolean
  readonly usage?: Usage
}
/** A translator over a network. */
export type ModelTranslator = (input: TranslateInput) => Promise<Translation | Unavailable>

/** A check of a finished definition; empty when it may run. */
export type Checker = (definition: Definition) => readonly Issue[]
