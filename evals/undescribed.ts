// A suite of databases that nobody described, with everyday prompts and the SQL that is right, in the form of the public ones.
// In: NAME.sql and NAME.yaml of evals/undescribed. Out: a folder for `tablewright eval --suite`, with the rows of each SQL.
// node evals/undescribed.ts --out DIR --scorer FILE [NAME…]: `saas`, `logistics` and `training` are to be looked at only as numbers.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PGlite } from '@electric-sql/pglite'
import { parse } from 'yaml'
import { z } from 'zod'

const HELD_OUT = ['saas', 'logistics', 'training']
const Cases = z.array(z.strictObject({ prompt: z.string(), sql: z.string(), ordered: z.boolean().default(false) }))
const folder = join(import.meta.dirname, 'undescribed')
const asText = (text: string): string => text
/** Days and times as Postgres writes them, exact numbers as numbers. */
const parsers = { 20: Number, 1700: Number, 1082: asText, 1114: asText, 1184: asText }

const { values, positionals } = parseArgs({
  options: { out: { type: 'string' }, scorer: { type: 'string' } },
  allowPositionals: true,
})
const { out, scorer } = values
if (out === undefined || scorer === undefined)
  throw new Error('give --out DIR and --scorer score.mjs of a public suite')
const all = readdirSync(folder).flatMap((file) => (file.endsWith('.sql') ? [file.slice(0, -4)] : []))
mkdirSync(join(out, 'databases'), { recursive: true })
copyFileSync(scorer, join(out, 'score.mjs'))
const lines: string[] = []
for (const name of positionals.length > 0 ? positionals : all) {
  const text = readFileSync(join(folder, `${name}.sql`), 'utf8')
  const db = await PGlite.create()
  await db.exec("set timezone = 'UTC'")
  await db.exec(text)
  writeFileSync(join(out, 'databases', `${name}.sql`), text)
  const cases = Cases.parse(parse(readFileSync(join(folder, `${name}.yaml`), 'utf8')))
  for (const [at, { prompt, sql, ordered }] of cases.entries()) {
    const { rows, fields } = await db.query<unknown[]>(sql, [], { rowMode: 'array', parsers })
    const split = HELD_OUT.includes(name) ? 'validation' : 'train'
    const about = {
      id: `${name}:${at}`,
      suite: 'undescribed',
      split,
      database: name,
      question: prompt,
      status: 'verified',
    }
    const known = {
      sql,
      sql_pg: sql,
      ordered,
      columns: fields.map((field) => field.name),
      rows,
      empty: rows.length === 0,
    }
    lines.push(JSON.stringify({ ...about, ...known }))
  }
  await db.close()
}
writeFileSync(join(out, 'questions.jsonl'), `${lines.join('\n')}\n`)
console.log(`${lines.length} questions`)
