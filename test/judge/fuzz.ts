// npm run fuzz: random definitions through the product and through the judge, until they differ or the count is reached.
// In: --count, --seed, --database, --keep-going, --per-world, --only, --shrink-seconds, --save FOLDER. Out: failures, smallest first form, and a summary.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '../setup/postgres.ts'
import { type Tried, tryWorld } from './fuzz/batch.ts'
import { constructsOf } from './fuzz/constructs.ts'
import { loadWorld, openPglite, openPostgres, type TestDatabase } from './fuzz/database.ts'
import { outcomeOf } from './fuzz/outcome.ts'
import { pretty, regressionText } from './fuzz/regression.ts'
import { type Case, shrink } from './fuzz/shrink.ts'

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    database: { type: 'string', default: 'pglite' },
    'keep-going': { type: 'boolean', default: false },
    'per-world': { type: 'string', default: '25' },
    only: { type: 'string' },
    'shrink-seconds': { type: 'string', default: '20' },
    'shrink-each': { type: 'string', default: '1' },
    save: { type: 'string' },
  },
})

type Tally = { tried: number; failed: number }
const byConstruct = new Map<string, Tally>()
const byKind = new Map<string, number>()
const shrunkBySignature = new Map<string, number>()
const startedAt = Date.now()

class Stop extends Error {}

async function main(): Promise<void> {
  const server = options.database === 'pglite' ? undefined : await startPostgres()
  const databases: TestDatabase[] = [
    ...(options.database === 'postgres' ? [] : [await openPglite()]),
    ...(server === undefined ? [] : [await openPostgres(server.url)]),
  ]
  const perWorld = Number(options['per-world'])
  const worlds = options.only === undefined ? Math.ceil(Number(options.count) / perWorld) : 1
  try {
    for (let world = 0; world < worlds; world += 1)
      await tryWorld(
        databases,
        Number(options.seed) + world,
        perWorld,
        record,
        options.only === undefined ? undefined : Number(options.only),
      )
  } catch (error) {
    if (!(error instanceof Stop)) throw error
  } finally {
    for (const database of databases) await database.close()
    await server?.stop()
  }
  summarize()
}

async function record(tried: Tried): Promise<void> {
  const { outcome } = tried
  byKind.set(outcome.kind, (byKind.get(outcome.kind) ?? 0) + 1)
  const failed = outcome.kind !== 'same'
  for (const construct of constructsOf(tried.definition)) {
    const tally = byConstruct.get(construct) ?? { tried: 0, failed: 0 }
    byConstruct.set(construct, { tried: tally.tried + 1, failed: tally.failed + (failed ? 1 : 0) })
  }
  if (!failed) return
  await report(tried)
  if (!options['keep-going'] && outcome.kind !== 'fragile') {
    process.exitCode = 1
    throw new Stop()
  }
}

async function report({ worldSeed, index, database, world, definition, outcome }: Tried): Promise<void> {
  if (outcome.kind === 'same') return
  const where = `--seed ${worldSeed} --only ${index} on ${database.name}`
  const signature = 'signature' in outcome ? `${outcome.kind} ${outcome.signature}` : outcome.kind
  const seen = shrunkBySignature.get(signature) ?? 0
  shrunkBySignature.set(signature, seen + 1)
  console.log(`\n■ ${signature} (${where}): ${outcome.detail}`)
  if (outcome.kind === 'judge-refused' || outcome.kind === 'tenant') {
    console.log(pretty(definition))
    return
  }
  if (outcome.kind === 'fragile') {
    console.log(`  ${outcome.judgement.fragile.join('; ')}`)
    return
  }
  if (seen >= Number(options['shrink-each']) && outcome.kind !== 'mismatch') return
  const schema = 'shrinking'
  const again = async (one: Case) => {
    await loadWorld(database, one.world, schema)
    return outcomeOf(database, one.world, schema, one.definition)
  }
  const fails = async (smallerWorld: typeof world, smaller: unknown) => {
    const next = await again({ world: smallerWorld, definition: smaller })
    return next.kind === outcome.kind && next.signature === outcome.signature
  }
  const small = await shrink({ world, definition }, fails, Number(options['shrink-seconds']) * 1000)
  const last = await again(small)
  if (last.kind === 'same' || last.kind === 'judge-refused') return
  const text = regressionText(`${outcome.kind} at ${where}`, small.world, small.definition, last.judgement)
  console.log(text)
  console.log(`  ${last.kind}: ${last.detail}`)
  if (last.result !== undefined) {
    console.log(`  product: ${JSON.stringify(last.result.columns.map(({ id }) => id))}`)
    for (const row of last.result.rows.slice(0, 20)) console.log(`    ${JSON.stringify(row)}`)
    if (last.result.totals !== undefined) console.log(`    totals ${JSON.stringify(last.result.totals)}`)
    for (const { text: sql, params } of last.result.statements)
      console.log(`  SQL: ${sql}\n  ${JSON.stringify(params)}`)
  }
  if (options.save === undefined) return
  mkdirSync(options.save, { recursive: true })
  writeFileSync(join(options.save, `${outcome.kind}-${worldSeed}-${index}.json`), `${text}\n`)
}

function summarize(): void {
  const seconds = (Date.now() - startedAt) / 1000
  const tried = [...byKind].reduce((sum, [kind, count]) => sum + (kind === 'tenant' ? 0 : count), 0)
  console.log(`\n${tried} definitions in ${seconds.toFixed(1)} s (${Math.round((tried / seconds) * 60)} a minute)`)
  for (const [kind, count] of byKind) console.log(`  ${kind}: ${count}`)
  const constructs = [...byConstruct].sort(([a], [b]) => (a < b ? -1 : 1))
  console.log('construct                 tried  failed')
  for (const [name, tally] of constructs)
    console.log(`${name.padEnd(25)} ${String(tally.tried).padStart(5)}  ${String(tally.failed).padStart(6)}`)
}

await main()
