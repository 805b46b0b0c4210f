// How long definitions take beside SQL written by hand for the same questions, in one Postgres over the same connection.
// A definition whose rows are not those of the SQL is a fault, unlike any time.
import { asStored } from '../src/catalog/as-stored.ts'
import type { Catalog } from '../src/catalog/schema.ts'
import { postgresQuery } from '../src/db/query.ts'
import { definitionToRows } from '../src/pipeline.ts'
import { postgresSource, type RawRow, type Source } from '../src/rows/source.ts'
import { demoCatalog } from '../test/setup/demo-catalog.ts'
import { compiled } from './compile.ts'
import { clock, donationsOf, ORGANIZATION, scope, TODAY } from './demo-data.ts'
import { type Question, questions } from './questions.ts'
import { median, ms, type Part, times, whole } from './report.ts'

/** Milliseconds: of the statement alone, and of everything from the definition to cells, beside the SQL in a snapshot. */
export type Timed = {
  readonly question: Question
  readonly ours: number
  readonly byHand: number
  readonly whole: number
  readonly wholeByHand: number
}

export const execution: Part = async ({ quick, demo, say }) => {
  const donations = donationsOf(quick)
  const found = await timeQuestions({ url: await demo(donations), seconds: quick ? 2 : 8, say })
  const rows = found.map(({ question, ours, byHand, whole: all, wholeByHand }) => [
    question.name,
    ...[ms(byHand), ms(ours), times(ours / byHand), ms(wholeByHand), ms(all), times(all / wholeByHand)],
  ])
  const worst = found.reduce((most, one) => (ratioOf(one) > ratioOf(most) ? one : most))
  return {
    title: 'Execution: definitions beside SQL by hand',
    how: `${whole(donations)} donations. Medians, in turn. First the statements alone; then everything from the definition to cells, beside the hand-written SQL in the same read-only snapshot. Both gave the same rows.`,
    sections: [
      {
        head: [
          'question',
          'SQL by hand',
          'our SQL',
          'ratio',
          'by hand, snapshot',
          'definition to rows',
          'ratio of all',
        ],
        rows,
      },
    ],
    bars: [
      {
        what: 'definition to rows against SQL by hand, median of the questions',
        bar: '1.2 ×',
        found: times(median(found.map(ratioOf))),
        met: median(found.map(ratioOf)) <= 1.2,
      },
      {
        what: `the same, worst question (${worst.question.name})`,
        bar: '1.2 ×',
        found: times(ratioOf(worst)),
        met: ratioOf(worst) <= 1.2,
      },
    ],
  }
}

const ratioOf = ({ whole: all, wholeByHand }: Timed): number => all / wholeByHand

/** Every question in turn by both ways, for so many seconds each, three times at least. */
export async function timeQuestions(options: {
  url: string
  seconds: number
  say: (text: string) => void
}): Promise<Timed[]> {
  const { url, seconds, say } = options
  const source = postgresSource(url, { maxConnections: 1, maxFileConnections: 1 })
  const asking = postgresQuery(url)
  try {
    const catalog = await asStored(demoCatalog(), asking.query)
    const found: Timed[] = []
    for (const question of questions) {
      say(`running: ${question.name}`)
      found.push(await timeQuestion(source, catalog, question, seconds))
    }
    return found
  } finally {
    await asking.close()
    await source.close()
  }
}

async function timeQuestion(source: Source, catalog: Catalog, question: Question, seconds: number): Promise<Timed> {
  const statement = compiled(question, catalog)
  const byHand = { text: question.sql, params: paramsOf(question) }
  // The first run of each warms the cache of the database and is looked at.
  const [own, theirs] = [await inSnapshot(source, statement), await inSnapshot(source, byHand)]
  const [a, b] = [own.rows, theirs.rows].map((rows) => JSON.stringify(rows.map((row) => JSON.stringify(row)).sort()))
  if (a !== b) throw new Error(`${question.name}: the definition and the SQL give different rows`)
  const lists = { ours: [] as number[], byHand: [] as number[], whole: [] as number[], wholeByHand: [] as number[] }
  const until = performance.now() + seconds * 1000
  for (let round = 0; round < 3 || performance.now() < until; round += 1) {
    lists.ours.push((await inSnapshot(source, statement)).statementMs)
    const hand = await inSnapshot(source, byHand)
    lists.byHand.push(hand.statementMs)
    lists.wholeByHand.push(hand.allMs)
    const begun = performance.now()
    const run = await definitionToRows({
      definition: question.definition,
      catalog,
      scope,
      clock,
      source,
      maxRows: 1000,
    })
    lists.whole.push(performance.now() - begun)
    if (!run.ok) throw new Error(`${question.name}: ${JSON.stringify(run.issues)}`)
  }
  return {
    question,
    ours: median(lists.ours),
    byHand: median(lists.byHand),
    whole: median(lists.whole),
    wholeByHand: median(lists.wholeByHand),
  }
}

type Ran = { readonly rows: readonly RawRow[]; readonly statementMs: number; readonly allMs: number }

async function inSnapshot(
  source: Source,
  { text, params }: { text: string; params: readonly (string | null)[] },
): Promise<Ran> {
  const begun = performance.now()
  const ran = await source.snapshot({ timezone: clock.timezone, timeoutMs: 120_000 }, async (run) => {
    const started = performance.now()
    const rows = await run(text, params)
    return { rows, statementMs: performance.now() - started }
  })
  return { ...ran, allMs: performance.now() - begun }
}

function paramsOf({ sql }: Question): string[] {
  return [ORGANIZATION, ...(sql.includes('$2') ? [TODAY] : [])]
}
