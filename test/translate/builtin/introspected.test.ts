import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, type World } from '../../setup/prompts.ts'
import { openUndescribed, undescribedPrompts } from '../../setup/worlds.ts'

// A newcomer's first table over a database that nobody described: everyday prompts are answered rightly or not at all.
describe.each(['library', 'trade'] as const)('prompts over the tables of a %s as introspected', (name) => {
  let world: World
  beforeAll(async () => {
    world = await openUndescribed(name)
  })
  afterAll(() => world.db.close())

  test.each(undescribedPrompts(name).map((one) => [one.prompt, one] as const))('%s', async (_, one) => {
    const { outcome, detail } = await ask(world, one)
    expect(outcome, detail).toBe(one.held === true ? 'held' : 'right')
  })
})
