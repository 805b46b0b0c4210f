// Whoever has much waiting never holds all places; a place that is free again is filled at once; a stop begins nothing new.
import { expect, test } from 'vitest'
import { workInTurn } from '../../src/jobs/in-turn.ts'

type Job = { readonly owner: string; readonly end: () => void; readonly over: Promise<void> }
const soon = () => new Promise((done) => setTimeout(done, 5))

function world({ places = 3, placesEach = 2, pauseMs = 600_000 } = {}) {
  const queue: Job[] = []
  const begun: Job[] = []
  const errors: unknown[] = []
  const stop = new AbortController()
  const put = (owner: string): void => {
    const { resolve: end, promise: over } = Promise.withResolvers<void>()
    queue.push({ owner, end, over })
  }
  const start = () =>
    workInTurn<Job>({
      next: async (busy) => {
        const at = queue.findIndex(({ owner }) => !busy.includes(owner))
        return at < 0 ? undefined : queue.splice(at, 1)[0]
      },
      ownerOf: ({ owner }) => owner,
      run: (job) => {
        begun.push(job)
        return job.over
      },
      ...{ places, placesEach, pauseMs, onError: (error) => void errors.push(error), signal: stop.signal },
    })
  return { put, start, begun, errors, stop, owners: () => begun.map(({ owner }) => owner).join('') }
}

test('one owner has their share of the places, and others the rest', async () => {
  const { put, start, begun, stop, owners } = world()
  for (const owner of 'aaaab') put(owner)
  const working = start()
  await soon()
  expect(owners()).toBe('aab')
  begun[2]?.end()
  await soon()
  // The place of b stays free for somebody else than a.
  expect(owners()).toBe('aab')
  begun[0]?.end()
  await soon()
  expect(owners()).toBe('aaba')
  stop.abort()
  for (const job of begun) job.end()
  await working
  expect(owners()).toBe('aaba')
})

test('what comes later is found after a pause, and after a failure of the look', async () => {
  const { put, start, begun, stop, owners } = world({ pauseMs: 1 })
  const working = start()
  await soon()
  put('a')
  await expect.poll(owners).toBe('a')
  stop.abort()
  begun[0]?.end()
  await working
})

test('a job or a look that fails is told, and gives its place back', async () => {
  const told: unknown[] = []
  const stop = new AbortController()
  let looks = 0
  const working = workInTurn<string>({
    next: async () => {
      looks += 1
      if (looks === 1) throw new Error('away')
      return looks <= 4 ? 'a' : undefined
    },
    ownerOf: (job) => job,
    run: () => Promise.reject(new Error('failed')),
    ...{ places: 1, placesEach: 1, pauseMs: 1, onError: (error) => void told.push(error), signal: stop.signal },
  })
  await expect.poll(() => told.length).toBe(4)
  expect(told.map(String)).toEqual(['Error: away', 'Error: failed', 'Error: failed', 'Error: failed'])
  stop.abort()
  await working
})

test('a stop waits for what is under way', async () => {
  const { put, start, begun, stop } = world()
  put('a')
  let over = false
  const working = start().then(() => {
    over = true
  })
  await soon()
  stop.abort()
  await soon()
  expect(over).toBe(false)
  begun[0]?.end()
  await working
})
