import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, inject, test } from 'vitest'
import { runSuite } from '../../evals/suite.ts'
import { createDatabase } from '../setup/postgres.ts'

const dir = fileURLToPath(new URL('../../../shared/nl2sql', import.meta.url))
const present = existsSync(`${dir}/questions.jsonl`)
const databases = [
  'department_management',
  'student_assessment',
  'musical',
  'gas_company',
  'chinook',
  'network_2',
  'hr_1',
]

type Gold = {
  id: string
  split: string
  database: string
  rows: unknown[][]
  empty?: boolean
  status: string
  sql_pg?: string
  ordered: boolean
}

test.skipIf(!present)(
  'at least 95 % of the public gold SQL of seven databases imports and gives the gold rows (skipped without ../shared/nl2sql)',
  async () => {
    const gold = new Map<string, Gold>()
    for (const line of readFileSync(`${dir}/questions.jsonl`, 'utf8').split('\n').filter(Boolean)) {
      const one = JSON.parse(line) as Gold
      const scored =
        one.split === 'train' && one.status === 'verified' && one.empty !== true && one.sql_pg !== undefined
      if (scored && databases.includes(one.database)) gold.set(one.id, one)
    }
    const found: { id: string; rows?: unknown[][] }[] = []
    await runSuite({
      dir,
      translator: 'import',
      databaseUrl: await createDatabase(inject('postgresUrl'), 'import_suite'),
      databases,
      split: 'train',
      write: (line) => found.push(JSON.parse(line) as { id: string; rows?: unknown[][] }),
    })
    const right = found.filter(({ id, rows }) => {
      const one = gold.get(id)
      return one !== undefined && rows !== undefined && isSame(one, rows)
    })
    expect(gold.size).toBeGreaterThan(200)
    expect(right.length / gold.size).toBeGreaterThanOrEqual(0.95)
  },
)

/** The same rows in any order, cells of a row in any order; repeated gold rows may be merged. */
function isSame(gold: Gold, rows: readonly (readonly unknown[])[]): boolean {
  const width = gold.rows[0]?.length ?? 0
  if (rows.some((row) => row.length < width)) return false
  const text = (row: readonly unknown[]) => JSON.stringify(row.map(cell).sort())
  const [expected, actual] = [gold.rows.map(text).sort(), rows.map(text).sort()]
  if (expected.join('\n') === actual.join('\n')) return true
  return [...new Set(expected)].join('\n') === [...new Set(actual)].join('\n') && actual.length <= expected.length
}

function cell(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value).trim()
  if (/^[-+]?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(text)) return String(Number(Number(text).toPrecision(6)))
  return text
    .replace('T', ' ')
    .replace(/ 00:00(:00)?$/, '')
    .replace(/^t(rue)?$/i, '1')
    .replace(/^f(alse)?$/i, '0')
}
