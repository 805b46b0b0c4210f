import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoContext, serveApp, type TestApp } from '../setup/app.ts'

let demo: Awaited<ReturnType<typeof demoContext>>
let app: TestApp
beforeAll(async () => {
  demo = await demoContext()
  app = await serveApp(demo.ctx)
})
afterAll(async () => {
  await app.close()
  await demo.close()
})

const post = async (path: string, body: unknown) => {
  const response = await fetch(`${app.url}/api/v1/tables/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return {
    status: response.status,
    body: (await response.json()) as Record<string, never> & {
      error: { code: string; issues: { code: string; path: unknown[]; message: string }[] }
    },
  }
}

describe('POST /api/v1/tables/import', () => {
  test('SQL becomes a definition whose preview gives the rows of the SQL', async () => {
    const sql = `select c.channel, count(*) as gifts from demo.donations d join demo.campaigns c on c.id = d.campaign_id
                 where d.status = 'completed' group by c.channel order by gifts desc limit 3`
    const imported = await post('import', { sql })
    expect(imported.status).toBe(200)
    const preview = await post('preview', { definition: imported.body.definition })
    const rows = preview.body.rows as unknown as [string, number][]
    expect(rows).toHaveLength(3)
    expect(rows[0]?.[1]).toBeGreaterThanOrEqual(rows[2]?.[1] ?? Number.POSITIVE_INFINITY)
  })

  test('what does not fit is named with its line and column', async () => {
    const refused = await post('import', { sql: 'select id,\n  pg_sleep(10) from demo.donations' })
    expect([refused.status, refused.body.error.code]).toEqual([422, 'unsupported_sql'])
    expect(refused.body.error.issues[0]?.path).toEqual(['sql', 2, 3])
    expect(refused.body.error.issues[0]?.message).toContain('line 2, column 3')
  })

  test('a table of another kind than SELECT is refused, and so is a column that is not in the catalog', async () => {
    for (const sql of [
      'delete from demo.donations',
      'select organization_id from demo.donations',
      'select * from pg_user',
    ]) {
      const refused = await post('import', { sql })
      expect([refused.status, refused.body.error.code], sql).toEqual([422, 'unsupported_sql'])
    }
  })

  test('definition JSON is checked and read back', async () => {
    const imported = await post('import', {
      definition: { dataSources: ['donations'], aggregates: [{ id: 'n', fn: 'count' }] },
    })
    expect(imported.body.sentence).toBe('Number of donations, from donations.')
    expect((await post('import', { definition: { dataSources: ['nothing'] } })).body.error.code).toBe(
      'invalid_definition',
    )
  })
})
