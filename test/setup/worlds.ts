import { readFileSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { parse } from 'yaml'
import { introspect } from '../../src/catalog/introspect.ts'
import { loadCatalog } from '../../src/catalog/load.ts'
import { Catalog } from '../../src/catalog/schema.ts'
import { type PromptCase, type World, worldOn } from './prompts.ts'

/** Small databases with a catalog as an operator writes it, in fields far from the demo's; the first tenant asks. */
const TENANTS = { shop: 'org_north', clinic: 'elmwood' } as const
export type WorldName = keyof typeof TENANTS

type Prompts = { readonly views: Readonly<Record<string, string>>; readonly cases: readonly PromptCase[] }

const file = (name: WorldName, path: string) =>
  readFileSync(new URL(`../golden/worlds/${name}/${path}`, import.meta.url), 'utf8')

/** Prompts of a world with the SQL that is right; tables in it hold the asker's own rows only. */
export const promptsOf = (name: WorldName) => parse(file(name, 'prompts.yaml')) as Prompts

/** A world in a new PGlite. */
export async function openWorld(name: WorldName, { views }: Pick<Prompts, 'views'>): Promise<World> {
  const loaded = loadCatalog(file(name, 'catalog.yaml'))
  if (!loaded.ok) throw new Error(`${name}/catalog.yaml: ${JSON.stringify(loaded.problems)}`)
  const { catalog } = loaded
  const organizationId = TENANTS[name]
  const db = await PGlite.create()
  await db.exec(file(name, 'data.sql'))
  const own = Object.values(catalog.entities).map(
    ({ schema, table, tenantKey }) =>
      `create view mine.${table} as select * from ${schema}.${table}${tenantKey === undefined ? '' : ` where ${tenantKey} = '${organizationId}'`};`,
  )
  const more = Object.entries(views).map(([view, sql]) => `create view mine.${view} as ${sql};`)
  await db.exec(['create schema mine; set search_path = mine;', ...own, ...more].join('\n'))
  const clock = { now: new Date('2026-11-23T17:00:00Z'), timezone: 'America/New_York' }
  return worldOn(db, { catalog, scope: { organizationId, roles: ['admin'] }, clock, params: [] })
}

/** Databases that nobody described: their catalog is what introspection finds. */
export type UndescribedName = 'library' | 'trade'
/** `held`: it is not understood yet; an answer would have to be right. */
export type UndescribedCase = PromptCase & { readonly held?: boolean }

const undescribed = (name: UndescribedName, path: string) =>
  readFileSync(new URL(`../golden/introspected/${name}/${path}`, import.meta.url), 'utf8')

export const undescribedPrompts = (name: UndescribedName) =>
  parse(undescribed(name, 'prompts.yaml')) as readonly UndescribedCase[]

/** One of them in a new PGlite. */
export async function openUndescribed(name: UndescribedName): Promise<World> {
  const db = await PGlite.create()
  await db.exec(undescribed(name, 'data.sql'))
  const query = async (text: string, params: readonly unknown[]) =>
    (await db.query(text, [...params])).rows as Record<string, unknown>[]
  const { catalog } = await introspect(query, { schema: 'public', name })
  const clock = { now: new Date('2026-11-01T12:00:00Z'), timezone: 'UTC' }
  return worldOn(db, {
    catalog: Catalog.parse(catalog),
    scope: { organizationId: 'one', roles: ['admin'] },
    clock,
    params: [],
  })
}
