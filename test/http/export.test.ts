import Papa from 'papaparse'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import * as XLSX from 'xlsx'
import { Catalog } from '../../src/catalog/schema.ts'
import { defaultLimits } from '../../src/context.ts'
import { Definition } from '../../src/definition/schema.ts'
import { nodeFiles } from '../../src/file-assets.ts'
import { attachment } from '../../src/http/export.ts'
import { postgresSource } from '../../src/rows/source.ts'
import { serveApp, silent, type TestApp } from '../setup/app.ts'
import { createDatabase } from '../setup/postgres.ts'

const ROWS = 200_000
const catalog = Catalog.parse({
  version: 1,
  entities: {
    gifts: {
      table: 'gifts',
      label: 'Gifts',
      shared: true,
      primaryKey: ['id'],
      fields: {
        id: { column: 'id', type: 'integer', label: 'Number' },
        donor: { column: 'donor', type: 'text', label: 'Donor' },
        amount: { column: 'amount', type: 'money', label: 'Amount', currency: 'USD' },
      },
    },
  },
})
const all = { dataSources: ['gifts'], columns: [{ field: 'id' }, { field: 'donor' }, { field: 'amount' }] }
const few = {
  ...all,
  title: 'Größte Gaben "2025" / 寄付',
  filters: { field: 'id', op: 'lte', value: 3 },
  sortBy: [{ field: 'amount', direction: 'desc' }],
}

let admin: postgres.Sql
let source: ReturnType<typeof postgresSource>
let app: TestApp
beforeAll(async () => {
  const url = await createDatabase(inject('postgresUrl'), 'export_test')
  admin = postgres(url, { max: 1, onnotice: () => {} })
  await admin.unsafe(`create table gifts as select i as id, '=Donor ' || i as donor, (i * 1.5)::numeric(12,2) as amount
    from generate_series(1, ${ROWS}) i`)
  source = postgresSource(url)
  app = await serveApp({
    catalog,
    source,
    ask: async () => ({
      kind: 'answer',
      definition: Definition.parse(all),
      confidence: 1,
      assumptions: [],
      translator: 'builtin',
      notes: [],
    }),
    suggestions: async () => [],
    scope: { organizationId: '', roles: [] },
    demo: false,
    ping: async () => {},
    now: () => new Date('2025-05-10T23:30:00Z'),
    log: silent,
    limits: defaultLimits,
    files: nodeFiles,
  })
})
afterAll(async () => {
  await app.close()
  await source.close()
  await admin.end()
})

async function openSnapshots(): Promise<number> {
  const [found] = await admin`
    select count(*)::int as n from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null`
  return found?.n ?? 0
}
async function untilNoSnapshot(): Promise<void> {
  while ((await openSnapshots()) > 0) await new Promise((done) => setTimeout(done, 20))
}
const download = (body: object, signal?: AbortSignal) => app.post('/api/v1/tables/export', body, {}, signal)

describe('a download', () => {
  test('is the file of a definition, with a name that every browser reads', async () => {
    const response = await download({ definition: few, format: 'csv', timezone: 'Asia/Tokyo' })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const disposition = response.headers.get('content-disposition') ?? ''
    expect(disposition).toMatch(/^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w%.~!-]+$/)
    // In Tokyo it is the day after.
    expect(decodeURIComponent(disposition.split("''")[1] ?? '')).toBe('Größte Gaben 2025 寄付 2025-05-11.csv')
    expect(await response.text()).toBe(
      "Number,Donor,Amount\r\n3,'=Donor 3,4.50\r\n2,'=Donor 2,3.00\r\n1,'=Donor 1,1.50\r\n",
    )
  })

  test('in Excel says what it shows, with its filters', async () => {
    const response = await download({ definition: few, format: 'excel' })
    expect(response.headers.get('content-type')).toContain('spreadsheetml')
    const book = XLSX.read(new Uint8Array(await response.arrayBuffer()))
    const [rows = [], about = []] = book.SheetNames.map((name) =>
      XLSX.utils.sheet_to_json<unknown[]>(book.Sheets[name] as XLSX.WorkSheet, { header: 1 }),
    )
    expect(rows).toEqual([
      ['Number', 'Donor', 'Amount'],
      [3, '=Donor 3', 4.5],
      [2, '=Donor 2', 3],
      [1, '=Donor 1', 1.5],
    ])
    expect(Object.fromEntries(about as [string, string][])).toMatchObject({
      Shows: expect.stringMatching(/gifts where number is at most 3/i),
      Filters: expect.stringMatching(/number is at most 3/i),
      Rows: '3',
    })
  })

  test('takes the options of CSV', async () => {
    const options = { delimiter: ';', bom: true, cells: 'shown' }
    const response = await download({ definition: few, format: 'csv', options, title: 'Mine' })
    expect(response.headers.get('content-disposition')).toContain('filename="Mine 2025-05-10.csv"')
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(new TextDecoder().decode(bytes)).toBe(
      "Number;Donor;Amount\r\n3;'=Donor 3;$4.50\r\n2;'=Donor 2;$3.00\r\n1;'=Donor 1;$1.50\r\n",
    )
  })

  test('has every row, not only those of the screen', async () => {
    const text = await (await download({ definition: all, format: 'csv' })).text()
    const { data } = Papa.parse<string[]>(text)
    expect(data).toHaveLength(ROWS + 2)
    expect(data.at(-2)).toEqual([String(ROWS), `'=Donor ${ROWS}`, `${ROWS * 1.5}.00`])
    await untilNoSnapshot()
  })

  test('of a wrong definition or format is an error with its fix, not a file', async () => {
    const wrong = await download({ definition: { ...all, columns: [{ field: 'amonut' }] }, format: 'csv' })
    expect(wrong.status).toBe(422)
    expect(await wrong.json()).toMatchObject({
      error: { code: 'invalid_definition', issues: [{ code: 'unknown-field' }] },
    })
    expect((await download({ definition: all, format: 'docx' })).status).toBe(400)
  })

  test.each(['csv', 'xlsx'])(
    'that nobody takes any more ends its query, and nothing is logged as a fault (%s)',
    async (format) => {
      const leaving = new AbortController()
      const response = await download({ definition: all, format }, leaving.signal)
      const reader = response.body?.getReader()
      await reader?.read()
      leaving.abort()
      await expect(reader?.read()).rejects.toThrow()
      await untilNoSnapshot()
      expect(app.logged.filter(({ level }) => level === 'error')).toEqual([])
    },
  )

  test('that fails half-way is not taken for a whole file', async () => {
    const response = await download({ definition: all, format: 'csv' })
    const reader = response.body?.getReader()
    await reader?.read()
    await admin`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null`
    const rest = async (): Promise<void> => {
      for (let next = await reader?.read(); next?.done === false; next = await reader?.read());
    }
    await expect(rest()).rejects.toThrow()
    expect(app.logged.filter(({ message }) => message === 'export ended early')).toHaveLength(1)
  })
})

describe('the name of a download', () => {
  test('cannot break out of its header', () => {
    expect(attachment('a"b\\c\r\nSet-Cookie: x.csv')).toBe(
      'attachment; filename="a_b_c__Set-Cookie: x.csv"; filename*=UTF-8\'\'a%22b%5Cc%0D%0ASet-Cookie%3A%20x.csv',
    )
  })
})
