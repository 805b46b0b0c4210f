// The project's own cases: prompts on the demo data with the definition that is right, follow-ups with what they may change,
// and prompts that must not be answered with numbers. In: a translator. Out: what became of each.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { parse } from 'yaml'
import { z } from 'zod'
import { canonicalJson } from '../src/catalog/hash.ts'
import type { Catalog } from '../src/catalog/schema.ts'
import { visibleCatalog } from '../src/catalog/visible.ts'
import { pgliteQuery } from '../src/db/query.ts'
import { diffDefinitions } from '../src/definition/patch.ts'
import { Definition } from '../src/definition/schema.ts'
import { pgliteDatabase } from '../src/demo/adapters.ts'
import { loadDemo } from '../src/demo/load.ts'
import { catalogFromFile } from '../src/open-catalog.ts'
import { definitionToRows } from '../src/pipeline.ts'
import { type Rows, sameTable } from '../src/rows/same-table.ts'
import { pgliteSource } from '../src/rows/source.ts'
import type { AnsweredBy, TranslateInput, Translation, Usage } from '../src/translate/types.ts'
import { buildValueIndex } from '../src/translate/values.ts'

const Gold = z.record(z.string(), z.unknown())
const Asked = z.strictObject({
  id: z.string(),
  tags: z.array(z.string()),
  prompts: z.array(z.string()).min(1),
  /** A definition that is right; several where people may mean either; none: it must not be answered with numbers. */
  gold: z.union([z.literal('none'), Gold, z.array(Gold).min(2)]),
  ordered: z.boolean().default(false),
  role: z.enum(['viewer', 'editor', 'admin']).default('admin'),
})
const Refined = z.strictObject({
  id: z.string(),
  base: z.record(z.string(), z.unknown()),
  turns: z.array(
    z.strictObject({
      prompt: z.string(),
      /** What it may change; nothing where it must not be answered. */
      parts: z.array(z.string()).default([]),
      gold: z.literal('none').optional(),
      /** What some of them must then be. */
      want: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
})

/** held: a draft, a question or a refusal where there was an answer; leaked: an answer where there must be none. */
export type Outcome = 'right' | 'wrong' | 'held' | 'leaked'
export type CaseResult = {
  /** The case and the place of the prompt in it. */
  readonly id: string
  readonly group: string
  readonly prompt: string
  readonly tags: readonly string[]
  readonly outcome: Outcome
  readonly confidence?: number
  readonly ms: number
  /** Of answers: the table could be run. */
  readonly valid?: boolean
  /** Of right ones: there was nothing beside what was asked for. */
  readonly strict?: boolean
  readonly usage?: Usage
  /** Who answered: not always who was asked. */
  readonly translator: AnsweredBy
}

type Translate = (input: TranslateInput) => Translation | Promise<Translation>
const TODAY = '2026-11-23'
const ORGANIZATION = 'org_riverbend'
const clock = { now: new Date(`${TODAY}T17:00:00Z`), timezone: 'America/New_York' }

/** Runs every case; `only` keeps those whose id begins so. */
export async function runOwn(translate: Translate, only = ''): Promise<readonly CaseResult[]> {
  const pglite = await PGlite.create()
  try {
    await loadDemo({ database: pgliteDatabase(pglite), today: TODAY, donations: 4000 })
    const catalog = await catalogFromFile(new URL('../demo/catalog.yaml', import.meta.url))
    const world = { catalog, translate, pglite, source: pgliteSource(pglite) }
    const results: CaseResult[] = []
    for (const { asked, refined } of readCases()) {
      if (asked?.id.startsWith(only)) results.push(...(await runAsked(world, asked)))
      if (refined?.id.startsWith(only)) results.push(...(await runRefined(world, refined)))
    }
    return results
  } finally {
    await pglite.close()
  }
}

function readCases(): { asked?: z.output<typeof Asked>; refined?: z.output<typeof Refined> }[] {
  const folder = join(import.meta.dirname, 'cases')
  return readdirSync(folder)
    .sort()
    .flatMap((file) => parse(readFileSync(join(folder, file), 'utf8')) as unknown[])
    .map((one) =>
      typeof one === 'object' && one !== null && 'turns' in one
        ? { refined: Refined.parse(one) }
        : { asked: Asked.parse(one) },
    )
}

type World = { catalog: Catalog; translate: Translate; pglite: PGlite; source: ReturnType<typeof pgliteSource> }

async function inputFor({ catalog, pglite }: World, role: string): Promise<Omit<TranslateInput, 'prompt'>> {
  const roles = ['viewer', 'editor', 'admin'].slice(0, ['viewer', 'editor', 'admin'].indexOf(role) + 1)
  const scope = { organizationId: ORGANIZATION, roles }
  const key = JSON.stringify(roles)
  const values = valuesOf.get(key) ?? buildValueIndex({ catalog, query: pgliteQuery(pglite), scope })
  valuesOf.set(key, values)
  return { catalog: visibleCatalog(catalog, roles), values: await values, scope, clock }
}
const valuesOf = new Map<string, ReturnType<typeof buildValueIndex>>()

async function timed(translate: Translate, input: TranslateInput): Promise<{ made: Translation; ms: number }> {
  const begun = performance.now()
  const made = await translate(input)
  return { made, ms: performance.now() - begun }
}

const about = ({ made, ms }: { made: Translation; ms: number }) => ({
  ms,
  translator: made.translator,
  ...(made.kind === 'answer' && { confidence: made.confidence }),
  ...(made.usage && { usage: made.usage }),
})

async function runAsked(
  world: World,
  { id, tags, prompts, gold, ordered, role }: z.output<typeof Asked>,
): Promise<CaseResult[]> {
  const input = await inputFor(world, role)
  const golds = gold === 'none' ? [] : Array.isArray(gold) ? gold : [gold]
  const wanted: Rows[] = []
  for (const one of golds) wanted.push(await rowsOf(world, input, Definition.parse({ version: 1, ...one })))
  // Two empty tables are alike whatever was asked.
  if (!wanted.every((rows) => rows.some((row) => row.some((cell) => cell !== null && Number(cell) !== 0))))
    throw new Error(`Cannot judge case "${id}": what is right has no rows or only zeros`)
  const results: CaseResult[] = []
  for (const [index, prompt] of prompts.entries()) {
    const asked = await timed(world.translate, { ...input, prompt })
    const { made } = asked
    const judge = async (): Promise<Pick<CaseResult, 'outcome' | 'valid' | 'strict'>> => {
      if (gold === 'none') return { outcome: made.kind === 'answer' ? 'leaked' : 'right' }
      if (made.kind !== 'answer') return { outcome: 'held' }
      const rows = await rowsOf(world, input, made.definition).catch(() => undefined)
      if (rows === undefined) return { outcome: 'wrong', valid: false }
      return { valid: true, ...judgeRows(wanted, rows, ordered) }
    }
    results.push({ id: `${id}/${index + 1}`, group: id, prompt, tags, ...(await judge()), ...about(asked) })
  }
  return results
}

/** Right when it is one of those wanted; strictly so when no column stands beside them. */
export function judgeRows(
  wanted: readonly Rows[],
  rows: Rows,
  ordered: boolean,
): Required<Pick<CaseResult, 'outcome' | 'strict'>> {
  const fitting = wanted.filter((one) => sameTable(one, rows, ordered))
  const strict = fitting.some((one) => one[0]?.length === rows[0]?.length)
  return { outcome: fitting.length > 0 ? 'right' : 'wrong', strict }
}

async function runRefined(world: World, { id, base: given, turns }: z.output<typeof Refined>): Promise<CaseResult[]> {
  const input = await inputFor(world, 'admin')
  const base = Definition.parse({ version: 1, ...given })
  const results: CaseResult[] = []
  for (const [index, { prompt, parts, gold, want = {} }] of turns.entries()) {
    const asked = await timed(world.translate, { ...input, prompt, base })
    const { made } = asked
    const judge = (): Outcome => {
      if (gold === 'none') return made.kind === 'answer' ? 'leaked' : 'right'
      if (made.kind !== 'answer') return 'held'
      const touched = new Set(diffDefinitions(base, made.definition).map(({ part }) => part as string))
      touched.delete('title')
      const fits = Object.entries(want).every(
        ([part, value]) => canonicalJson(made.definition[part as keyof Definition]) === canonicalJson(value),
      )
      const kept = [...touched].every((part) => parts.includes(part) || part === 'dataSources')
      return touched.size > 0 && kept && fits ? 'right' : 'wrong'
    }
    results.push({
      id: `${id}/${index + 1}`,
      group: id,
      prompt,
      tags: gold === 'none' ? ['refinement', 'unanswerable'] : ['refinement'],
      outcome: judge(),
      ...about(asked),
    })
  }
  return results
}

async function rowsOf(world: World, { scope }: Pick<TranslateInput, 'scope'>, definition: Definition): Promise<Rows> {
  const { catalog, source } = world
  const run = await definitionToRows({ definition, catalog, scope, clock, source, maxRows: 3000 })
  if (!run.ok) throw new Error(run.issues.map(({ message }) => message).join('; '))
  return run.result.rows
}
