// Where a catalog is only introspected, rows decide whether a reading is shown: what they may and may not do to it.
import { describe, expect, test } from 'vitest'
import { Definition } from '../../src/definition/schema.ts'
import type { Rows } from '../../src/rows/same-table.ts'
import { SHOWN_BAR, SURE_BAR, settle } from '../../src/tables/settle.ts'
import type { Likely } from '../../src/translate/types.ts'

const definition = Definition.parse({ dataSources: ['pets'], columns: [{ field: 'name' }] })
const reading = (odds: number, whole = true): Likely => ({ definition, assumptions: [], odds, whole })
const people: Rows = [['Ann'], ['Ben'], ['Cy']]
const settled = (readings: readonly [Likely, Rows | undefined][]) =>
  settle(
    readings.map(([one]) => one),
    async (_, at) => {
      const rows = readings[at]?.[1]
      return rows === undefined ? undefined : { rows }
    },
  )

describe('likely readings', () => {
  test('are surer of each other where they show the same, also with columns beside, and less where they differ', async () => {
    const alone = await settled([[reading(2), people]])
    const agreed = await settled([
      [reading(2), people],
      [reading(1), people.map(([name]) => [name ?? null, 1])],
    ])
    const contested = await settled([
      [reading(2), people],
      [reading(1.8), [['Dora']]],
    ])
    expect(agreed?.confidence).toBeGreaterThan(alone?.confidence ?? 1)
    expect(contested?.confidence).toBeLessThan(alone?.confidence ?? 0)
    expect(agreed?.confidence).toBeGreaterThan(SURE_BAR)
    expect(contested?.confidence).toBeLessThan(SURE_BAR)
  })

  test('without rows are not shown as an answer, and one that has rows goes before', async () => {
    const empty = await settled([[reading(1.5), []]])
    expect(empty?.confidence).toBeLessThan(SHOWN_BAR)
    const other = await settled([
      [reading(1.5), []],
      [reading(1.4), people],
    ])
    expect(other?.at).toBe(1)
  })

  test('that leave out something said are compared but never shown', async () => {
    const only = await settled([
      [reading(4, false), people],
      [reading(-1), [['Dora']]],
    ])
    expect(only?.at).toBe(1)
    expect(only?.confidence).toBeLessThan(SHOWN_BAR)
  })

  test('that cannot be run are passed over; where none can, there is nothing to show', async () => {
    const second = await settled([
      [reading(3), undefined],
      [reading(1), people],
    ])
    expect(second?.at).toBe(1)
    expect(await settled([[reading(3), undefined]])).toBeUndefined()
  })
})
