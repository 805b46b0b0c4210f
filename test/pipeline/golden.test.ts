import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { definitionToRows } from '../../src/pipeline.ts'
import { planTable } from '../../src/plan/plan.ts'
import { cases } from '../golden/cases.ts'
import { pgliteWorld, postgresWorld, type World, worldCatalog, worldClock, worldScope } from '../setup/world.ts'

const worlds: Record<string, World> = {}

beforeAll(async () => {
  worlds.pglite = await pgliteWorld()
  worlds.postgres = await postgresWorld(inject('postgresUrl'), 'golden_world')
})
afterAll(async () => {
  await Promise.all(Object.values(worlds).map((world) => world.close()))
})

const run = async (world: World | undefined, definition: object) => {
  if (world === undefined) throw new Error('no world')
  const outcome = await definitionToRows({
    definition,
    catalog: worldCatalog,
    scope: worldScope,
    clock: worldClock,
    source: world.source,
  })
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.issues, null, 2))
  return outcome
}

for (const [family, definitions] of Object.entries(cases))
  describe(family, () => {
    for (const [name, definition] of Object.entries(definitions)) {
      test(`${name}: definition, plan, SQL, sentence and rows stay as they were judged right`, async () => {
        const outcome = await run(worlds.pglite, definition)
        const { result } = outcome
        const plan =
          outcome.definition.pivot === null
            ? planTable({
                definition: outcome.definition,
                catalog: worldCatalog,
                scope: worldScope,
                clock: worldClock,
                maxRows: 10_000,
              })
            : undefined
        const golden = [
          `-- ${name}`,
          outcome.sentence,
          '',
          `definition ${JSON.stringify(definition)}`,
          '',
          ...result.statements.flatMap((s) => [`sql ${s.text}`, `params ${JSON.stringify(s.params)}`, '']),
          result.columns.map((c) => `${c.label} (${c.id}, ${c.type})`).join(' | '),
          ...result.rows.map((row) => JSON.stringify(row)),
          ...(result.totals === undefined ? [] : [`total ${JSON.stringify(result.totals)}`]),
          '',
          ...(plan === undefined ? [] : [`plan ${JSON.stringify(plan.rows)}`, '']),
        ].join('\n')
        await expect(golden).toMatchFileSnapshot(
          `../golden/${family}/${name.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}.txt`,
        )
      })

      test(`${name}: Postgres and PGlite give the same rows`, async () => {
        const [embedded, real] = await Promise.all([run(worlds.pglite, definition), run(worlds.postgres, definition)])
        expect(real.result.rows).toEqual(embedded.result.rows)
        expect(real.result.totals).toEqual(embedded.result.totals)
      })
    }
  })
