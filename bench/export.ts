// A million rows of ten columns from a real Postgres to files: rows a second, peak memory over idle, size.
// Each candidate runs in a process of its own, one after the other, so that none has the memory of another.
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
import { createDatabase } from '../test/setup/postgres.ts'
import { type Bar, type Part, times, whole } from './report.ts'

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

export const exportPart: Part = async ({ quick, server, say }) => {
  const rows = quick ? 200_000 : 1_000_000
  say(`making ${whole(rows)} rows`)
  const url = await createDatabase((await server()).url, 'bench_export')
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await sql.unsafe(gifts(rows))
  await sql`alter table gifts add primary key (id)`
  await sql`vacuum analyze gifts`
  await sql.end()
  const found = new Map<string, Figures>()
  const lines: string[][] = []
  for (const name of Object.keys(candidates)) {
    say(`exporting: ${name}`)
    const figures = await inProcess(name, url, rows)
    found.set(name, figures)
    lines.push([
      name,
      whole(rows / figures.seconds),
      `${figures.cpuSeconds.toFixed(1)} s`,
      `${whole(figures.peakMiB)} MiB`,
      `${(figures.bytes / 1e6).toFixed(1)} MB`,
    ])
  }
  const faster = (own: string, other: string): number =>
    (found.get(other)?.seconds ?? 0) / (found.get(own)?.seconds ?? 1)
  const speed = (what: string, own: string, other: string, bar: number): Bar => {
    const ratio = faster(own, other)
    return { what, bar: `${bar} ×`, found: times(ratio), met: ratio >= bar }
  }
  const memory = (own: string): Bar => {
    const peak = found.get(own)?.peakMiB ?? Number.NaN
    return { what: `${own}: peak over idle`, bar: '200 MiB', found: `${whole(peak)} MiB`, met: peak <= 200 }
  }
  return {
    title: 'Exports',
    how: `${whole(rows)} rows of ten columns from Postgres to a file that nobody keeps; each in a process of its own, one after the other.`,
    sections: [{ head: ['', 'rows/s', 'processor', 'peak over idle', 'size'], rows: lines }],
    bars: [
      speed('CSV, rate to that of COPY', 'CSV, ours', 'COPY to a stream', 0.4),
      speed('Excel, rate to that of exceljs', 'Excel, ours', 'Excel, exceljs', 1.2),
      ...['CSV, ours', 'Excel, ours'].map(memory),
    ],
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { rows: { type: 'string' }, candidate: { type: 'string' }, url: { type: 'string' } },
  })
  await measure(values.candidate ?? '', values.url ?? '', Number(values.rows))
}
