// How long a definition takes to become SQL, beside drizzle-cube on the same tables and questions where that is installed.
import { validateDefinition } from '../src/pipeline.ts'
import { planTable } from '../src/plan/plan.ts'
import { printQuery, type Statement } from '../src/sql/print.ts'
import { demoCatalog } from '../test/setup/demo-catalog.ts'
import { clock, ORGANIZATION, scope } from './demo-data.ts'
import { type Question, questions } from './questions.ts'
import { type Bar, median, micro, type Part, quantile, times } from './report.ts'

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
  const peer = await peerCompiler(notes)
  const rows: string[][] = []
  let worst = 0
  let worstWork = 0
  for (const question of questions) {
    say(`compiling: ${question.name}`)
    const comparable = peer !== undefined && question.cube !== undefined
    const [own, theirs] = await alternately(question, comparable ? [ours, peer] : [ours], rounds)
    if (own === undefined) continue
    worst = Math.max(worst, quantile(own, 0.95))
    worstWork = Math.max(worstWork, quantile(processorTimes(question, rounds), 0.95))
    const both = (found: readonly number[] | undefined): string[] =>
      found === undefined ? ['–', '–'] : [micro(median(found)), micro(quantile(found, 0.95))]
    const ratios =
      theirs === undefined
        ? ['–', '–']
        : [times(median(own) / median(theirs)), times(quantile(own, 0.95) / quantile(theirs, 0.95))]
    rows.push([question.name, ...both(own), ...both(theirs), ...ratios])
  }
  const bars: Bar[] = [{ what: 'compile a definition, worst p95', bar: '1 ms', found: micro(worst), met: worst <= 1 }]
  notes.push(
    `The worst p95 in processor time, which a busy machine changes least: ${micro(worstWork)} a definition, ours alone, in batches of ten.`,
  )
  return {
    title: 'Compile: definition to SQL',
    how: `Ours begins with untrusted JSON and ends with SQL and parameters: reading, checking, the sentence that says what it means, the plan, the tenant, the print. drizzle-cube begins with its query as typed data and ends with SQL and parameters. ${rounds} rounds each after warming up, call by call in turn.`,
    sections: [
      {
        head: ['question', 'ours p50', 'ours p95', 'drizzle-cube p50', 'its p95', 'ratio p50', 'ratio p95'],
        rows,
      },
    ],
    bars,
    notes,
  }
}

const ours: Compile = (question) => compiled(question)

/** The peer, or a note how to have it: its packages are not ours, so they stand in a folder of their own. */
async function peerCompiler(notes: string[]): Promise<Compile | undefined> {
  try {
    // By address, since its types are only there where it is installed.
    const peer: { cubeCompiler: (organizationId: string) => (query: object) => Promise<unknown> } = await import(
      new URL('./peer/cubes.ts', import.meta.url).href
    )
    const toSql = peer.cubeCompiler(ORGANIZATION)
    for (const { cube } of questions) if (cube !== undefined) await toSql(cube)
    return ({ cube }) => (cube === undefined ? undefined : toSql(cube))
  } catch (error) {
    const missing = (error as { code?: unknown }).code === 'ERR_MODULE_NOT_FOUND'
    notes.push(
      missing
        ? 'drizzle-cube was not asked: npm install --prefix bench/peer brings it.'
        : `drizzle-cube failed: ${error}`,
    )
    return undefined
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
