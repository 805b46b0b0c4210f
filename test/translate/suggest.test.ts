import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadCatalog } from '../../src/catalog/load.ts'
import { Catalog } from '../../src/catalog/schema.ts'
import { visibleCatalog } from '../../src/catalog/visible.ts'
import { builtinTranslator } from '../../src/translate/builtin/translate.ts'
import { suggestPrompts } from '../../src/translate/suggest.ts'
import { emptyValueIndex } from '../../src/translate/values.ts'

const scope = { organizationId: 'org_riverbend', roles: [] }
const clock = { now: new Date('2026-03-03T12:00:00Z'), timezone: 'UTC' }
const inputOf = (catalog: Catalog) => ({
  catalog: visibleCatalog(catalog, scope.roles),
  values: emptyValueIndex,
  scope,
  clock,
})
const translator = builtinTranslator()

let demo: Catalog
beforeAll(async () => {
  const loaded = loadCatalog(await readFile(new URL('../../demo/catalog.yaml', import.meta.url), 'utf8'))
  if (!loaded.ok) throw new Error('the demo catalog does not load')
  demo = loaded.catalog
})

describe('prompts that are suggested', () => {
  test('each one is answered without a model, and no two are the same', async () => {
    const input = inputOf(demo)
    const prompts = await suggestPrompts({ input, translator })
    expect(prompts).toHaveLength(6)
    expect(new Set(prompts).size).toBe(6)
    for (const prompt of prompts) expect((await translator({ ...input, prompt })).kind, prompt).toBe('answer')
  })

  test('nothing is suggested that the translator reads in another way, or not at all', async () => {
    const wrong = await suggestPrompts({
      input: inputOf(demo),
      translator: async (input) => translator({ ...input, prompt: 'contacts' }),
    })
    expect(wrong).toEqual([])
  })

  test('a catalog with nothing in it has no suggestions', async () => {
    expect(await suggestPrompts({ input: inputOf(Catalog.parse({ version: 1, entities: {} })), translator })).toEqual(
      [],
    )
  })
})
