// How long a definition takes to become SQL.
import { validateDefinition } from '../src/pipeline.ts'
import { planTable } from '../src/plan/plan.ts'
import { printQuery, type Statement } from '../src/sql/print.ts'
import { demoCatalog } from '../test/setup/demo-catalog.ts'
import { clock, scope } from './demo-data.ts'
import { type Question, questions } from './questions.ts'
import { type Bar, median, micro, type Part, quantile } from './report.ts'

const shipped = demoCatalog()
type Compile = (question: Question) => Promise<unknown> | unknown

/** Untrusted JSON → checked definition → plan → SQL, as each request does it. */
export function compiled({ name, definition: input }: Question, catalog = shipped): Statement {
  const valid = validateDefinition({ definition: input, catalog, scope })
  if (!valid.ok) throw new Error(`${name}: ${JSON.stringify(valid.issues)}`)
  const { definition } = valid
  return printQuery(planTable({ definition, catalog, scope, clock, maxRows: 1000 }).rows, catalog)
}

export const compile: Part = async ({ quick, say }) => {
  const rounds = quick ? 1000 : 5000
  const notes: string[] = []
  const rows: string[][] = []
  let worst = 0
  let worstWork = 0
  for (const question of questions) {
    say(`compiling: ${question.name}`)
    const [own] = await alternately(question, [compiled], rounds)
    if (own === undefined) continue
    worst = Math.max(worst, quantile(own, 0.95))
    worstWork = Math.max(worstWork, quantile(processorTimes(question, rounds), 0.95))
    rows.push([question.name, micro(median(own)), micro(quantile(own, 0.95))])
  }
  const bars: Bar[] = [{ what: 'compile a definition, worst p95', bar: '1 ms', found: micro(worst), met: worst <= 1 }]
  notes.push(
    `The worst p95 in processor time, which a busy machine changes least: ${micro(worstWork)} a definition, ours alone, in batches of ten.`,
  )
  return {
    title: 'Compile: definition to SQL',
    how: `Ours begins with untrusted JSON and ends with SQL and parameters: reading, checking, the sentence that says what it means, the plan, the tenant, the print. ${rounds} rounds each after warming up.`,
    sections: [
      {
        head: ['question', 'p50', 'p95'],
        rows,
      },
    ],
    bars,
    notes,
  }
}

/** Milliseconds of this thread a compilation, in batches of ten because the clock of the processor is coarse. */
function processorTimes(question: Question, rounds: number): number[] {
  return Array.from({ length: Math.ceil(rounds / 10) }, () => {
    const before = process.threadCpuUsage()
    for (let turn = 0; turn < 10; turn += 1) compiled(question)
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 10_000
  })
}

/** Milliseconds of each way to compile a question, a call of each in turn, so that all meet the same machine. */
async function alternately(question: Question, ways: readonly Compile[], rounds: number): Promise<number[][]> {
  const found = ways.map((): number[] => [])
  for (let round = -300; round < rounds; round += 1)
    for (const [at, way] of ways.entries()) {
      const begun = performance.now()
      const made = way(question)
      if (made instanceof Promise) await made
      if (round >= 0) found[at]?.push(performance.now() - begun)
    }
  return found
}
