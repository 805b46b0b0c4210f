import type { Cell } from '../../plan/columns.ts'

type Rows = readonly (readonly Cell[])[]

/** Batches of rows, taken in portions of one's own size. */
export type RowFeed = {
  /** The next rows, at most `max`; none when the rows have ended. */
  readonly take: (max: number) => Promise<Rows>
  /** The next `count` rows (fewer where there are no more) without taking them. */
  readonly peek: (count: number) => Promise<Rows>
  readonly ended: () => Promise<boolean>
  /** Rows taken so far. */
  readonly taken: () => number
  /** Gives the batches back where they are not read to their end. */
  readonly close: () => Promise<void>
}

export function rowFeed(batches: AsyncIterable<Rows>): RowFeed {
  const iterator = batches[Symbol.asyncIterator]()
  let held: Rows = []
  let over = false
  let taken = 0
  const hold = async (count: number): Promise<Rows> => {
    while (held.length < count && !over) {
      const next = await iterator.next()
      if (next.done === true) over = true
      else held = held.length === 0 ? next.value : [...held, ...next.value]
    }
    return held
  }
  return {
    peek: async (count) => (await hold(count)).slice(0, count),
    take: async (max) => {
      const rows = await hold(1)
      const mine = rows.length <= max ? rows : rows.slice(0, max)
      held = rows.length <= max ? [] : rows.slice(max)
      taken += mine.length
      return mine
    },
    ended: async () => (await hold(1)).length === 0,
    taken: () => taken,
    close: async () => {
      over = true
      held = []
      await iterator.return?.()
    },
  }
}
