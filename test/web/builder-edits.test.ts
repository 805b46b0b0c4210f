import fc from 'fast-check'
import { expect, test } from 'vitest'
import { upgradeDefinition } from '../../src/definition/upgrade.ts'
import { free } from '../../web/builder/choices.ts'
import { add, begin, blank, move, redo, remove, type Steps, setSummary, step, undo } from '../../web/builder/edits.ts'

const edit = fc.oneof(
  fc.record({ kind: fc.constant('group' as const), at: fc.nat(3) }),
  fc.record({ kind: fc.constant('column' as const), at: fc.nat(3) }),
  fc.record({ kind: fc.constant('remove' as const), at: fc.nat(3) }),
  fc.record({ kind: fc.constant('move' as const), at: fc.nat(3) }),
  fc.record({ kind: fc.constant('summary' as const), at: fc.nat(1) }),
)
const names = ['name', 'channel', 'status', 'goal']
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never

function apply({ now }: Steps, { kind, at }: Edit): Steps['now'] {
  if (kind === 'group') return add(now, 'groupBy', { field: names[at] ?? 'name' })
  if (kind === 'column') return add(now, 'columns', { field: names[at] ?? 'name' })
  if (kind === 'remove') return remove(now, 'columns', at)
  if (kind === 'move') return move(now, 'columns', at, 1)
  return setSummary(now, at === 1)
}

test('undoing every step leads back to the beginning, and redoing them to the end', () => {
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 40 }), (edits) => {
      const start = begin(blank('campaigns'))
      let steps = start
      for (const one of edits) steps = step(steps, apply(steps, one))
      const end = steps.now
      while (steps.past.length > 0) steps = undo(steps)
      expect(steps.now).toEqual(start.now)
      while (steps.future.length > 0) steps = redo(steps)
      expect(steps.now).toEqual(end)
    }),
  )
})

test('a summary has no columns and a list no groups, whatever came before', () => {
  const list = add(blank('campaigns'), 'columns', { field: 'name' })
  const summary = setSummary(list, true)
  expect(summary.columns).toEqual([])
  expect(setSummary(summary, false).aggregates).toEqual([])
  expect(upgradeDefinition(summary).ok).toBe(true)
})

test('a new calculation never takes the name of one that is there, whichever were taken away before', () => {
  expect(free('share', [])).toBe('share')
  expect(free('share', ['share', 'share_3'])).toBe('share_2')
})
