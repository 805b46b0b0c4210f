// A million rows of ten columns from a real Postgres to files: rows a second, peak memory over idle, size.
// Each candidate runs in a process of its own, one after the other, so that none has the memory of another.
// Run: node bench/export.ts [--rows 1000000]
import { spawn } from 'node:child_process'
import { PassThrough } from 'node:stream'
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import { Catalog, type FieldType } from '../src/catalog/schema.ts'
import { Definition } from '../src/definition/schema.ts'
import { writeCsv } from '../src/export/csv.ts'
import type { FileTable } from '../src/export/table.ts'
import { writeXlsx } from '../src/export/xlsx.ts'
import { quickGzip } from '../src/file-assets.ts'
import { postgresSource } from '../src/rows/source.ts'
import { streamTable } from '../src/rows/stream.ts'
import { createDatabase, startPostgres } from '../test/setup/postgres.ts'

type Figures = {
  readonly rows: number
  readonly bytes: number
  readonly seconds: number
  readonly cpuSeconds: number
  readonly peakMiB: number
}
type Candidate = (url: string, onBytes: (bytes: number) => void) => Promise<void>

const fields: Readonly<Record<string, FieldType>> = {
  id: 'integer',
  donor: 'text',
  channel: 'text',
  amount: 'money',
  fee: 'money',
  status: 'text',
  day: 'date',
  received_at: 'timestamp',
  recurring: 'boolean',
  note: 'text',
}
const gifts = (
  rows: number,
): string => `create table gifts as select i::int as id, 'Donor number ' || (i * 7919 % 200000) as donor,
  (array['Email', 'Phone', 'Events', 'Direct mail'])[1 + i % 4] as channel,
  ((i * 37 % 500000)::numeric / 100)::numeric(12,2) as amount, ((i * 11 % 1000)::numeric / 100)::numeric(12,2) as fee,
  (array['completed', 'refunded', 'pending'])[1 + i % 3] as status, date '2020-01-01' + (i % 2000)::int as day,
  timestamptz '2020-01-01 00:00:00+00' + i * interval '137.123 seconds' as received_at, i % 2 = 0 as recurring,
  'Note, with "quotes" no ' || i as note from generate_series(1, ${rows}::bigint) i`

const timezone = 'America/New_York'
const names = Object.keys(fields)

const candidates: Readonly<Record<string, Candidate>> = {
  'COPY to a stream': async (url, onBytes) => {
    const sql = postgres(url, { max: 1 })
    for await (const bytes of await sql`copy (select * from gifts order by id) to stdout (format csv)`.readable())
      onBytes(bytes.length)
    await sql.end()
  },
  'CSV, ours': (url, onBytes) => ours(url, writeCsv, onBytes),
  'Excel, ours': (url, onBytes) => ours(url, (table) => writeXlsx(table, { gzip: quickGzip }), onBytes),
  'Excel, exceljs': exceljs,
}

async function ours(
  url: string,
  write: (table: FileTable) => AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const entity = {
    table: 'gifts',
    label: 'Gifts',
    shared: true,
    primaryKey: ['id'],
    fields: Object.fromEntries(names.map((name) => [name, { column: name, type: fields[name], label: name }])),
  }
  const source = postgresSource(url)
  const now = new Date()
  const opened = await streamTable({
    definition: Definition.parse({ dataSources: ['gifts'], columns: names.map((field) => ({ field })) }),
    catalog: Catalog.parse({ version: 1, entities: { gifts: entity } }),
    scope: { organizationId: '', roles: [] },
    clock: { now, timezone },
    source,
    maxRows: 10_000_000,
    timeoutMs: 60_000,
  })
  if (!opened.ok) throw new Error(JSON.stringify(opened.issues))
  const asOf = now.toISOString()
  const meta = { title: 'Gifts', sentence: 'All gifts.', asOf, definitionHash: '', timezone, locale: 'en-US' }
  for await (const bytes of write({ ...opened.stream, meta })) onBytes(bytes.length)
  await source.close()
}

/** As its documentation uses it, over the driver's cursor. */
async function exceljs(url: string, onBytes: (bytes: number) => void): Promise<void> {
  const { default: ExcelJS } = await import('exceljs')
  const sql = postgres(url, { max: 1 })
  const stream = new PassThrough()
  stream.on('data', (bytes: Uint8Array) => onBytes(bytes.length))
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream, useStyles: false, useSharedStrings: false })
  const sheet = book.addWorksheet('Gifts')
  sheet.addRow(names).commit()
  for await (const rows of sql`select * from gifts order by id`.values().cursor(1000))
    for (const row of rows) {
      row[3] = Number(row[3])
      row[4] = Number(row[4])
      sheet.addRow(row).commit()
    }
  sheet.commit()
  await book.commit()
  await sql.end()
}

/** Runs one candidate in this process and prints its figures. */
async function measure(name: string, url: string, rows: number): Promise<void> {
  const candidate = candidates[name]
  if (candidate === undefined) throw new Error(`no candidate "${name}"`)
  const warm = postgres(url, { max: 1 })
  await warm`select count(*) from gifts`
  await warm.end()
  const idle = process.memoryUsage.rss()
  let peak = idle
  let bytes = 0
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 20)
  const begun = performance.now()
  const cpu = process.cpuUsage()
  await candidate(url, (count) => {
    bytes += count
  })
  const seconds = (performance.now() - begun) / 1000
  clearInterval(look)
  const { user, system } = process.cpuUsage(cpu)
  const cpuSeconds = (user + system) / 1e6
  peak = Math.max(peak, process.memoryUsage.rss())
  console.log(JSON.stringify({ rows, bytes, seconds, cpuSeconds, peakMiB: (peak - idle) / 2 ** 20 } satisfies Figures))
}

function inProcess(name: string, url: string, rows: number): Promise<Figures> {
  return new Promise((resolve, reject) => {
    const args = [import.meta.filename, '--candidate', name, '--url', url, '--rows', String(rows)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (part) => {
      output += part
    })
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(output) as Figures) : reject(new Error(`${name}: exit ${code}`)),
    )
  })
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rows: { type: 'string', default: '1000000' }, candidate: { type: 'string' }, url: { type: 'string' } },
  })
  const rows = Number(values.rows)
  if (values.candidate !== undefined) return measure(values.candidate, values.url ?? '', rows)
  const server = await startPostgres()
  try {
    const url = await createDatabase(server.url, 'bench_export')
    const sql = postgres(url, { max: 1, onnotice: () => {} })
    await sql.unsafe(gifts(rows))
    await sql`alter table gifts add primary key (id)`
    await sql`vacuum analyze gifts`
    await sql.end()
    const found = new Map<string, Figures>()
    console.log('| | rows/s | processor | peak over idle | size |\n| --- | ---: | ---: | ---: | ---: |')
    for (const name of Object.keys(candidates)) {
      const figures = await inProcess(name, url, rows)
      found.set(name, figures)
      const speed = Math.round(rows / figures.seconds).toLocaleString('en-US')
      console.log(
        `| ${name} | ${speed} | ${figures.cpuSeconds.toFixed(1)} s | ${Math.round(figures.peakMiB)} MiB | ${(figures.bytes / 1e6).toFixed(1)} MB |`,
      )
    }
    const ratio = (a: string, b: string): string =>
      ((found.get(b)?.seconds ?? 0) / (found.get(a)?.seconds ?? 1)).toFixed(2)
    console.log(`\nCSV: ${ratio('CSV, ours', 'COPY to a stream')} × COPY (bar 0.4)`)
    console.log(`Excel: ${ratio('Excel, ours', 'Excel, exceljs')} × exceljs (bar 1.2)`)
  } finally {
    await server.stop()
  }
}

await main()
