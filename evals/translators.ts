// Who answers the evals. In: a name, the configuration, perhaps a tape to write or read. Out: a translator.
// Refused: a model without its key, unless its answers come from a tape.
import { type Config, readConfig } from '../src/config.ts'
import { UserError } from '../src/errors.ts'
import { builtinTranslator } from '../src/translate/builtin/translate.ts'
import { translatorsFromConfig } from '../src/translate/llm/from-config.ts'
import { readPrompts } from '../src/translate/llm/prompt-files.ts'
import { translate } from '../src/translate/translate.ts'
import type { Translator, TranslatorName } from '../src/translate/types.ts'
import { recordingTape, replayingTape } from './recording.ts'

export type Tapes = { readonly record?: string | undefined; readonly replay?: string | undefined }

/** The translator of that name; the built-in one stands behind a model, as everywhere. */
export function translatorNamed(
  name: TranslatorName,
  { record, replay }: Tapes = {},
  config: Pick<Config, 'openai' | 'anthropic'> = readConfig(),
): Translator {
  const builtin = builtinTranslator()
  if (record !== undefined && replay !== undefined) throw new UserError('usage', 'Use either --record or --replay')
  if (name === 'builtin') {
    if (record === undefined && replay === undefined) return builtin
    throw new UserError('usage', 'Cannot record or replay the built-in translator: it asks nobody', {
      fix: 'name a model with --translator',
    })
  }
  const tape = record !== undefined ? recordingTape(record) : replay !== undefined ? replayingTape(replay) : undefined
  const settings =
    replay === undefined ? config[name] : { apiKey: 'none', ...(tape?.model !== undefined && { model: tape.model }) }
  if (settings === undefined)
    throw new UserError('invalid_configuration', `Cannot use translator "${name}": its key is missing`, {
      fix: `set ${name.toUpperCase()}_API_KEY`,
    })
  const translators = translatorsFromConfig(
    { translator: name, [name]: settings },
    { builtin, prompts: readPrompts(), ...(tape && { fetch: tape.fetch }) },
  )
  return async (input) => {
    const made = await translate({ input, translators })
    tape?.check()
    return made
  }
}
