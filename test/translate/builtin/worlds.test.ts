import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, type World } from '../../setup/prompts.ts'
import { openWorld, promptsOf } from '../../setup/worlds.ts'

// Catalogs that no rule was written for: what was right in them stays right, and what nothing answers stays unanswered.
describe.each(['shop', 'clinic'] as const)('prompts over the catalog of a %s', (name) => {
  const prompts = promptsOf(name)
  let world: World
  beforeAll(async () => {
    world = await openWorld(name, prompts)
  })
  afterAll(() => world.db.close())

  test.each(prompts.cases.map((one) => [one.after === undefined ? one.prompt : `${one.after} … ${one.prompt}`, one]))(
    '%s',
    async (_, one) => {
      const { outcome, detail } = await ask(world, one)
      expect(outcome, detail).toBe('right')
    },
  )
})
