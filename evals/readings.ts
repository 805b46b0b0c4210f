// The readings of every question of a split, each run and compared with the known answer: what trust is learnt from.
// In: the suite's folder, a split. Out: a line a question with its cheapest readings: cost, features, what their rows look like and
// which of them agree, whether they are right.
// node evals/readings.ts --out FILE [--suite DIR] [--split train] [--every N] [--from N] [--database URL]
import { createWriteStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Rows } from '../src/rows/same-table.ts'
import { lookAt, type Seen } from '../src/tables/look.ts'
import { best, judgedOf } from '../src/translate/builtin/best.ts'
import { tokenise } from '../src/translate/builtin/tokens.ts'
import { secondWay } from '../src/translate/builtin/translate.ts'
import { openOwnServer } from './own-server.ts'
import { scorerOf } from './score.ts'
import { questionsOf, rowsOf } from './suite.ts'
import { openSuiteServer, SUITE_SCOPE } from './suite-databases.ts'

/** How many readings of a question are run. */
const READINGS = 8
const CLOCK = { now: new Date('2026-11-01T12:00:00Z'), timezone: 'UTC' }

type Gold = { readonly id: string; readonly rows: unknown[][]; readonly ordered: boolean; readonly empty?: boolean }

const { values: given } = parseArgs({
  options: {
    suite: { type: 'string', default: join(import.meta.dirname, '../../shared/nl2sql') },
    split: { type: 'string', default: 'train' },
    every: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    database: { type: 'string' },
    out: { type: 'string' },
  },
})
if (given.out === undefined) throw new Error('Cannot write the readings: give --out FILE')

const compare = await scorerOf(given.suite)
const gold = new Map(
  readFileSync(join(given.suite, 'questions.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Gold)
    .map((one) => [one.id, one]),
)
const all = (await questionsOf({ dir: given.suite, split: given.split })).filter(({ id }) => {
  const known = gold.get(id)
  return known?.empty !== true || known.rows.length === 0
})
const questions = all.filter((_, index) => index % Number(given.every) === Number(given.from))
const own = given.database === undefined ? await openOwnServer() : { url: given.database, stop: async () => {} }
const server = await openSuiteServer({ dir: given.suite, url: own.url })
const file = createWriteStream(given.out)
try {
  for (const [index, { id, database: name, question }] of questions.entries()) {
    const database = await server.open(name)
    const { catalog, values } = database
    const known = gold.get(id)
    const input = { prompt: question, catalog, values, scope: SUITE_SCOPE, clock: CLOCK }
    const ranked = best(input, { judge: false })
    const { few, rest } = judgedOf(ranked, { prompt: tokenise(question), catalog, second: secondWay(input) })
    const readings = []
    const seen: Seen[] = []
    for (const [at, one] of [...few, ...rest].slice(0, READINGS).entries()) {
      const { definition, cost, features, unread, picks } = one
      const outcome = await rowsOf(definition, database)
      const rows = 'rows' in outcome ? outcome.rows : undefined
      readings.push({
        cost,
        features,
        unread,
        picks,
        definition,
        judged: few[at] !== undefined,
        second: few[at]?.second,
        missing: few[at]?.missing ?? 0,
        right: rows !== undefined && known !== undefined && compare(known.rows, rows, known.ordered).lenient,
        runs: rows !== undefined,
        look: lookAt(seen, { rows: rows as Rows | undefined, ordered: definition.sortBy.length > 0 }),
        sample: rows?.slice(0, 3),
      })
    }
    file.write(
      `${JSON.stringify({ id, database: name, question, count: ranked.length, ...(known?.empty === true && { unscored: true }), readings })}\n`,
    )
    if (index % 200 === 0) console.error(`${index} of ${questions.length} (${name})`)
  }
} finally {
  await server.close()
  await own.stop()
  await new Promise<void>((resolve) => file.end(resolve))
}
