// The columns of a summary as choices: what conditions on the result, sorting and formulas may name.
import { grainType } from '../../src/definition/outputs.ts'
import type { Aggregate, Calculation, Definition, GroupKey } from '../../src/definition/schema.ts'
import type { CatalogView } from '../api/client.ts'
import { aggregateChoice, type FieldChoice, fieldsOf, GRAINS } from './choices.ts'

export const isNumber = ({ type }: { type: FieldChoice['type'] }): boolean =>
  type === 'integer' || type === 'number' || type === 'money'

/** Keys, numbers with what they are compared with, and calculations. */
export function outputsOf(catalog: CatalogView, definition: Definition): readonly FieldChoice[] {
  const fields = fieldsOf(catalog, definition.dataSources[0] ?? '')
  const numbers = definition.aggregates.flatMap((one) => numberChoices(one, catalog, definition))
  return [
    ...definition.groupBy.map((key) => keyChoice(key, fields)),
    ...numbers,
    ...definition.calculations.map((one) => calculationChoice(one, numbers)),
  ]
}

export const keyId = ({ id, field }: GroupKey): string => id ?? field ?? ''

export function keyChoice(key: GroupKey, fields: readonly FieldChoice[]): FieldChoice {
  const field = fields.find(({ path }) => path === key.field)
  const { grain } = key
  const named = key.label ?? field?.label ?? words(keyId(key))
  const stretch = grain && (GRAINS.find(([one]) => one === grain)?.[1] ?? grain.replaceAll('_', ' '))
  return {
    path: keyId(key),
    label: key.label === undefined && stretch ? `${named}, ${stretch}` : named,
    type: grain === undefined ? (field?.type ?? 'text') : grainType(grain),
    group: 'Groups',
    ...(grain === undefined && field?.values && { values: field.values }),
  }
}

function numberChoices(aggregate: Aggregate, catalog: CatalogView, { dataSources, compare }: Definition) {
  const { label, type } = aggregateChoice(catalog, dataSources[0] ?? '', aggregate)
  const { id } = aggregate
  const own: FieldChoice = { path: id, label, type, group: 'Numbers' }
  if (compare === null || !isNumber({ type })) return [own]
  const group = 'Compared'
  return [
    own,
    { ...own, group, path: `${id}_previous`, label: `${label}, before` },
    { ...own, group, path: `${id}_change`, label: `${label}, change` },
    { ...own, group, path: `${id}_percent_change`, label: `${label}, change in %`, type: 'number' as const },
  ]
}

function calculationChoice({ id, label, fn, of }: Calculation, numbers: readonly FieldChoice[]): FieldChoice {
  const inherited = numbers.find(({ path }) => path === of)?.type
  const type = fn === 'rank' ? 'integer' : fn === 'running_total' || fn === 'change' ? inherited : 'number'
  return { path: id, label: label ?? words(id), type: type ?? 'number', group: 'Calculations' }
}

function words(id: string): string {
  const text = id.replaceAll(/[._]+/g, ' ').trim()
  return text.charAt(0).toUpperCase() + text.slice(1)
}
