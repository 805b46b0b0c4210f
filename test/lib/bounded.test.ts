// However many different files an occurrence has, those in memory are bounded; and none is made twice while it fits.
import { expect, test } from 'vitest'
import { bounded } from '../../src/lib/bounded.ts'

test('keeps what fits, lets go what was wanted longest ago, and makes it anew', async () => {
  const made: string[] = []
  const kept = bounded<string>(10, (value) => value.length)
  const get = (key: string) =>
    kept.get(key, async () => {
      made.push(key)
      return key.repeat(4)
    })
  expect(await Promise.all([get('a'), get('a'), get('b')])).toEqual(['aaaa', 'aaaa', 'bbbb'])
  await get('a')
  expect(made).toEqual(['a', 'b'])
  // The third does not fit beside both: b was wanted before a.
  await get('c')
  await get('a')
  expect(made).toEqual(['a', 'b', 'c'])
  await get('b')
  expect(made).toEqual(['a', 'b', 'c', 'b'])
})

test('what is larger than all that may be kept is given, and not kept', async () => {
  let made = 0
  const kept = bounded<string>(10, (value) => value.length)
  const get = () =>
    kept.get('a', async () => {
      made += 1
      return 'a'.repeat(11)
    })
  expect((await get()).length).toBe(11)
  await get()
  expect(made).toBe(2)
})

test('a failure is told to all who wait for it', async () => {
  const kept = bounded<string>(10, (value) => value.length)
  const fail = () => kept.get('a', () => Promise.reject(new Error('no')))
  const both = await Promise.allSettled([fail(), fail()])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
