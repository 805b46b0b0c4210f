import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { Definition } from '../../src/definition/schema.ts'
import { definitionToRows } from '../../src/pipeline.ts'
import { planTable } from '../../src/plan/plan.ts'
import { printQuery } from '../../src/sql/print.ts'
import { cases } from '../golden/cases.ts'
import { pgliteWorld, postgresWorld, type World, worldCatalog, worldClock, worldScope } from '../setup/world.ts'

const worlds: Record<string, World> = {}
beforeAll(async () => {
  worlds.pglite = await pgliteWorld()
  worlds.postgres = await postgresWorld(inject('postgresUrl'), 'safety_world')
  await worlds.postgres.execute(`
    create table numbers (id int primary key, org text not null);
    insert into numbers select n, 'a' from generate_series(1, 400000) n;
    analyze numbers`)
})
afterAll(async () => {
  await Promise.all(Object.values(worlds).map((world) => world.close()))
})
const world = (name: string): World => {
  const found = worlds[name]
  if (found === undefined) throw new Error(`no world "${name}"`)
  return found
}
const input = (definition: unknown, source = world('pglite').source) => ({
  definition,
  catalog: worldCatalog,
  scope: worldScope,
  clock: worldClock,
  source,
})

/** A join of every number with every number: seconds of work. */
const slow = {
  dataSources: ['numbers'],
  aggregates: [{ id: 'n', fn: 'count' }],
  filters: { aggregate: { fn: 'count', field: 'others.others.id' }, op: 'gt', value: 1 },
}
const slowCatalog = {
  ...worldCatalog,
  entities: {
    ...worldCatalog.entities,
    numbers: {
      ...(worldCatalog.entities.states ??
        (() => {
          throw new Error('no states')
        })()),
      table: 'numbers',
      primaryKey: ['id'],
      shared: undefined as never,
      tenantKey: 'org',
      displayField: undefined as never,
      fields: {
        id: {
          ...(worldCatalog.entities.donations?.fields.id ??
            (() => {
              throw new Error('no id')
            })()),
          column: 'id',
        },
      },
      relations: {
        others: {
          to: 'numbers',
          kind: 'to_many' as const,
          on: [{ from: 'org', to: 'org' }],
          label: 'Others',
          synonyms: [],
          guessed: false,
        },
      },
    },
  },
}

describe('values', () => {
  test('no text of a definition ever stands in SQL', async () => {
    const marker = fc
      .string({
        minLength: 3,
        maxLength: 20,
        unit: fc.constantFrom("'", '"', ';', '-', '\\', '$', '1', '%', '_', '(', ')', ' ', 'x', '\n', 'é', '😀'),
      })
      .map((s) => `m${s}m`)
    await fc.assert(
      fc.asyncProperty(marker, marker, async (a, b) => {
        const outcome = await definitionToRows(
          input({
            title: b,
            dataSources: ['contacts'],
            columns: [
              { field: 'name', label: a },
              { id: 'f', formula: `concat(name, '${a.replaceAll("'", "''")}')` },
            ],
            filters: {
              any: [
                { field: 'name', op: 'eq', value: a },
                { field: 'name', op: 'contains', value: b },
                { field: 'state', op: 'in', value: [a, b] },
                { relation: 'notes', match: 'some', where: { field: 'body', op: 'starts_with', value: a } },
              ],
            },
          }),
        )
        if (!outcome.ok) throw new Error(JSON.stringify(outcome.issues))
        for (const { text, params } of outcome.result.statements) {
          expect(text).not.toContain(a)
          expect(text).not.toContain(b)
          expect(params.some((p) => p?.includes(a))).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('tenants', () => {
  const scope = { organizationId: 'b', roles: [] }

  test.each(Object.values(cases).flatMap((family) => Object.entries(family)))(
    '%s: the statement text is the same for every organization',
    (_name, definition) => {
      const parsed = Definition.parse(definition)
      if (parsed.pivot !== null) return
      const plan = (organizationId: string) =>
        printQuery(
          planTable({
            definition: parsed,
            catalog: worldCatalog,
            scope: { organizationId, roles: [] },
            clock: worldClock,
          }).rows,
          worldCatalog,
        )
      const [a, b] = [plan('a'), plan('b')]
      expect(b.text).toBe(a.text)
      expect(b.params.filter((p) => p === 'b').length).toBeGreaterThan(0)
    },
  )

  test('each organization sees only its own rows, also through a key that points to another', async () => {
    const definition = {
      dataSources: ['donations'],
      columns: [{ field: 'id' }, { field: 'contact.name' }, { field: 'campaign.name' }],
    }
    const mine = await definitionToRows(input(definition))
    const theirs = await definitionToRows({ ...input(definition), scope })
    expect(theirs.ok && theirs.result.rows).toEqual([['9', 'Zed', 'Other']])
    expect(mine.ok && mine.result.rows.find((row) => row[0] === '10')).toEqual(['10', null, null])
  })

  test('the printer refuses a table that the tenant pass has not seen', () => {
    const bare = {
      kind: 'select' as const,
      columns: [{ as: 'c0', expr: { kind: 'column' as const, alias: 't1', column: 'id' } }],
      from: { kind: 'table' as const, entity: 'donations', alias: 't1' },
    }
    expect(() => printQuery(bare, worldCatalog)).toThrow('without its tenant predicate')
  })

  test('the printer refuses a column that the catalog does not have', () => {
    const stray = {
      kind: 'select' as const,
      columns: [{ as: 'c0', expr: { kind: 'column' as const, alias: 't1', column: 'password' } }],
      from: { kind: 'table' as const, entity: 'donations', alias: 't1', scoped: 'tenant' as const },
    }
    expect(() => printQuery(stray, worldCatalog)).toThrow('not one of entity')
  })
})

describe.each(['pglite', 'postgres'])('the source on %s', (name) => {
  test('cannot write', async () => {
    const write = world(name).source.snapshot({ timezone: 'UTC', timeoutMs: 5000 }, (run) =>
      run('delete from donations where id = $1 returning id', ['1']),
    )
    await expect(write).rejects.toThrow(/read-only/)
  })

  test('gives text as the database wrote it: microseconds, exact numbers, the time zone of the run', async () => {
    const rows = await world(name).source.snapshot({ timezone: 'Asia/Kathmandu', timeoutMs: 5000 }, (run) =>
      run(
        'select received_at, cast($1 as numeric), cast($2 as boolean), cast($3 as date), cast(null as text) from donations where id = 10',
        ['12345678901234567890.10', 'true', '2025-03-09'],
      ),
    )
    expect(rows).toEqual([['2025-01-01 05:44:59.999999+05:45', '12345678901234567890.10', 't', '2025-03-09', null]])
  })

  test('does not begin for somebody who has left', async () => {
    const outcome = definitionToRows({
      ...input({ dataSources: ['donations'] }, world(name).source),
      signal: AbortSignal.abort(),
    })
    await expect(outcome).rejects.toThrow(/abort/i)
  })
})

describe('long work on Postgres', () => {
  const running = async () => {
    const rows = await world('postgres').source.snapshot({ timezone: 'UTC', timeoutMs: 5000 }, (run) =>
      run(
        "select count(*) from pg_stat_activity where state = 'active' and query like '%numbers%' and pid <> pg_backend_pid()",
        [],
      ),
    )
    return Number(rows[0]?.[0])
  }

  test('ends at its time limit with an issue that says so', async () => {
    const outcome = await definitionToRows({
      ...input(slow, world('postgres').source),
      catalog: slowCatalog,
      timeoutMs: 200,
    })
    expect(outcome.ok || outcome.issues.map((i) => i.code)).toEqual(['too-slow'])
  })

  test('ends in the database, too, when the asker leaves', async () => {
    const leaving = new AbortController()
    const outcome = definitionToRows({
      ...input(slow, world('postgres').source),
      catalog: slowCatalog,
      signal: leaving.signal,
    })
    const settled = outcome.then(
      () => 'finished',
      (error: Error) => error.name,
    )
    await expect.poll(running, { timeout: 10_000 }).toBeGreaterThan(0)
    leaving.abort()
    expect(await settled).toBe('AbortError')
    await expect.poll(running, { timeout: 10_000 }).toBe(0)
  })
})
