// `npm run evals`: the project's own cases on the demo data, or the predictions of `tablewright eval` on a public suite,
// with a report. --update keeps what came out: the baseline of the built-in translator, and a line of the history; --page
// writes the history as a page.
// Run: node evals/run.ts [--translator builtin|openai|anthropic] [--record FILE | --replay FILE] [--only ID]
//      [--suite DIR --predictions FILE [--split NAME]] [--update] [--page FILE] [--out FILE]
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from '../src/config.ts'
import type { TranslatorName } from '../src/translate/types.ts'
import { readHistory, withRun, writeHistory } from './history.ts'
import { ownMeasures, suiteMeasures } from './measures.ts'
import { type CaseResult, runOwn } from './own.ts'
import { historyPage } from './page.ts'
import { constructsTable, faultLists, measuresTable } from './report.ts'
import { scorePredictions } from './score.ts'
import { translatorNamed } from './translators.ts'

const { values } = parseArgs({
  options: {
    translator: { type: 'string', default: 'builtin' },
    record: { type: 'string' },
    replay: { type: 'string' },
    only: { type: 'string', default: '' },
    suite: { type: 'string' },
    predictions: { type: 'string' },
    split: { type: 'string' },
    update: { type: 'boolean', default: false },
    page: { type: 'string' },
    out: { type: 'string' },
  },
})
const BASELINE = join(import.meta.dirname, 'baseline.json')
const HISTORY = join(import.meta.dirname, 'history.jsonl')
const { translator, replay, update } = values
const about = { translator, prices: readConfig().modelPrices }

const { of, measures, results } = await (values.suite === undefined ? ownRun() : suiteRun(values.suite))
console.log(`# ${of}, translator ${translator}${replay === undefined ? '' : ' (replayed)'}\n`)
console.log(`${measuresTable(measures, replay !== undefined)}\n`)
if (values.suite === undefined) console.log(`${constructsTable(results as readonly CaseResult[])}\n`)
console.log(faultLists(results))
if (values.out !== undefined) writeFileSync(values.out, results.map((one) => JSON.stringify(one)).join('\n'))
// A run of a few cases, or one with times that are not the vendor's, is no point of a trend.
if (update && values.only === '' && replay === undefined) {
  const day = new Date().toISOString().slice(0, 10)
  writeHistory(HISTORY, withRun(readHistory(HISTORY), { day, of, translator, ...measures }))
}
if (values.page !== undefined) writeFileSync(values.page, historyPage(readHistory(HISTORY)))

async function ownRun() {
  const { record } = values
  const own = await runOwn(translatorNamed(translator as TranslatorName, { record, replay }), values.only)
  if (translator === 'builtin') compareWithBaseline(own)
  return { of: 'own cases', measures: ownMeasures(own, about), results: own }
}

async function suiteRun(dir: string) {
  const { predictions, split } = values
  if (predictions === undefined)
    throw new Error('Cannot score the suite: give --predictions FILE of `tablewright eval`')
  const scored = await scorePredictions({ dir, predictions, split })
  const name = [basename(resolve(dir)), split].filter((one) => one !== undefined).join(' ')
  return { of: name, measures: suiteMeasures(scored, about), results: scored }
}

function compareWithBaseline(own: readonly CaseResult[]): void {
  if (update && values.only === '') {
    const outcomes = Object.fromEntries(own.map(({ id, outcome }) => [id, outcome]))
    writeFileSync(BASELINE, `${JSON.stringify(outcomes, null, 2)}\n`)
    return
  }
  const before = JSON.parse(readFileSync(BASELINE, 'utf8')) as Record<string, string>
  const changed = own.filter(({ id, outcome }) => before[id] !== undefined && before[id] !== outcome)
  for (const { id, outcome, prompt } of changed) console.log(`${id}: ${before[id]} → ${outcome}: ${prompt}`)
}
