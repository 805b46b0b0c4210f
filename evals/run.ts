// `npm run evals`: the project's own cases on the demo data, with a report; the public suites are run by
// `tablewright eval --suite DIR`. Run: node evals/run.ts [--translator builtin|openai|anthropic] [--only ID] [--update]
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from '../src/config.ts'
import { builtinTranslator, translateBuiltin } from '../src/translate/builtin/translate.ts'
import { translatorsFromConfig } from '../src/translate/llm/from-config.ts'
import { readPrompts } from '../src/translate/llm/prompt-files.ts'
import { translate } from '../src/translate/translate.ts'
import type { TranslateInput } from '../src/translate/types.ts'
import { type CaseResult, runOwn } from './own.ts'
import { ownReport } from './report.ts'

const { values } = parseArgs({
  options: {
    translator: { type: 'string', default: 'builtin' },
    only: { type: 'string', default: '' },
    update: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
})
export const BASELINE = join(import.meta.dirname, 'baseline.json')

function chosen(): (input: TranslateInput) => Promise<Awaited<ReturnType<typeof translate>>> {
  const name = values.translator as 'builtin' | 'openai' | 'anthropic'
  if (name === 'builtin') return async (input) => translateBuiltin(input)
  const config = { ...readConfig(), translator: name }
  const translators = translatorsFromConfig(config, { builtin: builtinTranslator(), prompts: readPrompts() })
  return (input) => translate({ input, translators })
}

const results = await runOwn(chosen(), values.only)
console.log(ownReport(results, values.translator))
if (values.out !== undefined) writeFileSync(values.out, results.map((one) => JSON.stringify(one)).join('\n'))
if (values.update && values.translator === 'builtin' && values.only === '') {
  writeFileSync(BASELINE, `${JSON.stringify(outcomes(results), null, 2)}\n`)
} else if (values.translator === 'builtin') {
  const before = JSON.parse(readFileSync(BASELINE, 'utf8')) as Record<string, string>
  const changed = results.filter(({ id, outcome }) => before[id] !== undefined && before[id] !== outcome)
  for (const { id, outcome, prompt } of changed) console.log(`${id}: ${before[id]} → ${outcome}: ${prompt}`)
}

function outcomes(some: readonly CaseResult[]): Record<string, string> {
  return Object.fromEntries(some.map(({ id, outcome }) => [id, outcome]))
}
