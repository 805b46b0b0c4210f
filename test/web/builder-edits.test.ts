import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Filter } from '../../src/definition/schema.ts'
import { upgradeDefinition } from '../../src/definition/upgrade.ts'
import type { OutputColumn } from '../../src/plan/columns.ts'
import { calculationOf } from '../../web/builder/calculations.ts'
import { free } from '../../web/builder/choices.ts'
import {
  add,
  begin,
  blank,
  entryOf,
  move,
  moveBefore,
  redo,
  remove,
  type Steps,
  setCompare,
  setSummary,
  step,
  undo,
  withLook,
} from '../../web/builder/edits.ts'
import { depthOf, filterOf, groupOf, moved, type Place, placeOf, wrapped } from '../../web/builder/filter-tree.ts'
import { completionsAt, inserted } from '../../web/builder/formula-completion.ts'
import { withFormat } from '../../web/builder/looks.ts'

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

const leaf = (field: string): Filter => ({ field, op: 'not_empty' })
const filters = fc.letrec<{ filter: Filter; leaf: Filter }>((tie) => ({
  leaf: fc.constantFrom('a', 'b', 'c', 'd', 'e').map(leaf),
  filter: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('leaf'),
    fc
      .tuple(
        fc.constantFrom('all' as const, 'any' as const, 'none' as const, 'notAll' as const),
        fc.array(tie('filter'), { minLength: 1, maxLength: 3 }),
      )
      .map(([kind, parts]) => filterOf(kind, parts) ?? leaf('a')),
    tie('leaf').map((not) => ({ not })),
  ),
})).filter

const places = (filter: Filter, here: Place = []): Place[] => [
  here,
  ...(groupOf(filter)?.parts ?? []).flatMap((part, index) => places(part, [...here, index])),
]
const leaves = (filter: Filter): string[] =>
  groupOf(filter)?.parts.flatMap(leaves) ?? ('field' in filter ? [filter.field] : [])

test('moving conditions between groups loses none, adds none, and leaves no group empty', () => {
  fc.assert(
    fc.property(filters, fc.nat(), fc.nat(), fc.nat(), (filter, a, b, index) => {
      const all = places(filter)
      const from = all[a % all.length] ?? []
      const groups = all.filter((place) => groupOf(partAt(filter, place)) !== undefined)
      const group = groups[b % Math.max(1, groups.length)] ?? []
      const size = groupOf(partAt(filter, group))?.parts.length ?? 0
      const next = moved(filter, from, { group, index: index % (size + 1) })
      expect(next === undefined ? [] : leaves(next).sort()).toEqual(leaves(filter).sort())
      expect(upgradeDefinition({ ...blank('campaigns'), filters: next }).ok).toBe(true)
    }),
  )
})

function partAt(filter: Filter, place: Place): Filter {
  return place.reduce<Filter>((here, index) => groupOf(here)?.parts[index] ?? here, filter)
}

test('a condition goes into a group, out of it, and into one of its own', () => {
  const filter: Filter = { all: [leaf('a'), { any: [leaf('b'), leaf('c')] }] }
  const inside = moved(filter, [0], { group: [1], index: 1 })
  expect(inside).toEqual({ all: [{ any: [leaf('b'), leaf('a'), leaf('c')] }] })
  expect(moved(filter, [1, 0], { group: [], index: 0 })).toEqual({ all: [leaf('b'), leaf('a'), { any: [leaf('c')] }] })
  expect(moved(filter, [1], { group: [1], index: 0 })).toEqual(filter)
  const alone = wrapped(filter, [0])
  expect(alone).toEqual({ all: [{ any: [leaf('a')] }, { any: [leaf('b'), leaf('c')] }] })
  expect(alone && placeOf(alone, leaf('a'))).toEqual([0, 0])
  expect(depthOf({ not: filter })).toBe(4)
})

test('an entry dropped before another one stands there, whichever way it came', () => {
  const list = ['a', 'b', 'c', 'd'].reduce((one, field) => add(one, 'columns', { field }), blank('campaigns'))
  const order = (from: number, before: number) =>
    moveBefore(list, 'columns', from, before)
      .columns.map(({ field }) => field)
      .join('')
  expect([order(0, 4), order(3, 0), order(1, 3), order(2, 2), order(2, 3)]).toEqual([
    'bcda',
    'dabc',
    'acbd',
    'abcd',
    'abcd',
  ])
})

test('with a number goes whatever named it: sorting, conditions on the result, and what was computed of it', () => {
  const start = { ...blank('campaigns'), groupBy: [{ field: 'channel' }] }
  const aggregates = [
    { id: 'raised', metric: 'raised' },
    { id: 'count', fn: 'count' as const },
  ]
  const full = {
    ...start,
    aggregates,
    calculations: [
      { id: 'twice', formula: 'raised_previous * 2' },
      { id: 'more', formula: 'twice + count' },
    ],
    compare: { to: 'previous_year' as const },
    having: { all: [leaf('more'), { not: leaf('raised') }, leaf('count')] },
    sortBy: [{ field: 'raised', direction: 'desc' as const }],
  }
  const gone = remove(full, 'aggregates', 0)
  expect([gone.calculations, gone.having, gone.sortBy]).toEqual([[], { all: [leaf('count')] }, []])
  const uncompared = setCompare(full, null)
  expect([uncompared.calculations, uncompared.having]).toEqual([[], { all: [{ not: leaf('raised') }, leaf('count')] }])
  expect(calculationOf('running_total', full, [])).toBeUndefined()
})

test('a formula offers columns before functions, none inside of texts, and puts them in at the caret', () => {
  const names = [
    { name: 'raised', label: 'Money raised', type: 'money' as const },
    { name: 'gifts', label: 'Gifts', type: 'integer' as const },
  ]
  const offered = (text: string) => completionsAt(text, text.length, names).map(({ name }) => name)
  expect(offered('gifts + ra')).toEqual(['raised'])
  expect(offered('r').slice(0, 2)).toEqual(['raised', 'round'])
  expect(offered('mon')).toEqual(['raised'])
  expect(offered("concat('ra")).toEqual([])
  expect(offered('')).toContain('coalesce')
  const [round] = completionsAt('2 * ro', 6, names)
  expect(round && inserted('2 * ro', 6, round)).toEqual({ text: '2 * round()', caret: 10 })
  const [raised] = completionsAt('rai / 2', 3, names)
  expect(raised && inserted('rai / 2', 2, raised)).toEqual({ text: 'raised / 2', caret: 6 })
})

test('a formula offers only what means something where it stands', () => {
  const names = [
    { name: 'month', label: 'Received, by month', type: 'date' as const },
    { name: 'method', label: 'Payment method', type: 'enum' as const },
    { name: 'raised', label: 'Raised', type: 'money' as const },
  ]
  const columns = (text: string) =>
    completionsAt(text, text.length, names).flatMap(({ name, call }) => (call ? [] : [name]))
  expect(columns('raised / 0 +')).toEqual(['raised'])
  expect(columns('round(')).toEqual(['raised'])
  expect(columns('upper( ')).toEqual(['method'])
  expect(columns('days_between(')).toEqual(['month'])
  expect(columns('raised ')).toEqual([])
  expect(columns("method = 'card' and ")).toEqual(['month', 'method', 'raised'])
  expect(columns('')).toEqual(['month', 'method', 'raised'])
  const functions = completionsAt('2 * ', 4, names).map(({ name }) => name)
  expect(functions).toContain('abs')
  expect(functions).not.toContain('upper')
})

test('a name, a format or hiding is given to what a column shows, and taken back without a trace', () => {
  const definition = {
    ...blank('donations'),
    groupBy: [{ field: 'status' }],
    aggregates: [{ id: 'total', fn: 'sum' as const, field: 'amount' }],
    calculations: [{ id: 'share', fn: 'percent_of_total' as const, of: 'total' }],
  }
  const column = (id: string, role: OutputColumn['role']) => ({ id, role, label: id, type: 'number' as const })
  const columns = [column('status', 'key'), column('total', 'aggregate'), column('share', 'calculation')]
  for (const one of columns) {
    const own = entryOf(definition, one, columns)
    if (own === undefined) throw new Error(`${one.id} shows nothing`)
    const changed = withLook(own.definition, own.found, { label: 'Called so', format: { decimals: 0 }, hidden: true })
    expect(changed).not.toEqual(definition)
    const again = entryOf(changed, one, columns)
    expect(again?.found.entry).toMatchObject({ label: 'Called so', hidden: true })
    expect(again && withLook(changed, again.found, { format: {} })).toEqual(definition)
  }
  expect(entryOf(definition, column('total_previous', 'compare'), columns)).toBeUndefined()
})

test('a list that leaves its columns to the catalog names them all when one of them is given a name', () => {
  const columns = ['id', 'amount'].map((id) => ({ id, role: 'column' as const, label: id, type: 'number' as const }))
  const own = entryOf(
    blank('donations'),
    { ...columns[1], id: 'amount', role: 'column', label: '', type: 'number' },
    columns,
  )
  expect(own && withLook(own.definition, own.found, { label: 'Gift' }).columns).toEqual([
    { field: 'id' },
    { field: 'amount', label: 'Gift' },
  ])
})

test('a format reads at once as the server will show it, and is not guessed where only the server knows the usual one', () => {
  const money: OutputColumn = { id: 'a', label: 'A', role: 'column', type: 'money', format: { currency: 'USD' } }
  expect(withFormat(money, {}, { decimals: 0 })?.format).toEqual({ currency: 'USD', decimals: 0 })
  const euros = { ...money, format: { currency: 'EUR' } }
  expect(withFormat(euros, { currency: 'EUR' }, { currency: 'CHF', decimals: 1 })?.format).toEqual({
    currency: 'CHF',
    decimals: 1,
  })
  expect(withFormat(euros, { currency: 'EUR' }, {})).toBeUndefined()
})
