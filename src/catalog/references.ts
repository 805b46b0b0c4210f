// What the parts of a catalog say about each other: names that must exist, things that exclude each other.
// In: a catalog of the right shape. Out: findings that make it unusable, and warnings that only may be mistakes.
// Refused: nothing is looked up in a database here.
import { entityOf, fieldOf } from './find.ts'
import { metricFindings } from './metrics.ts'
import type { Catalog, Entity, Field, Relation } from './schema.ts'
import { didYouMean, type Finding } from './shape.ts'
import type { Path } from './source.ts'

export type References = { readonly problems: readonly Finding[]; readonly warnings: readonly Finding[] }

/** Checks every reference; `exists` also knows names that are written but were too broken to keep. */
export function checkReferences(
  catalog: Catalog,
  exists: (entity: string, member: 'fields' | 'relations', name: string) => boolean,
  entityNames: readonly string[],
): References {
  const problems: Finding[] = []
  const warnings: Finding[] = []
  if (entityNames.length === 0)
    problems.push({
      path: ['entities'],
      message: 'Cannot use the catalog: it names no entity',
      fix: 'add one under "entities"',
    })
  for (const [name, entity] of Object.entries(catalog.entities)) {
    const at: Path = ['entities', name]
    problems.push(...tenancy(name, entity, at))
    problems.push(...namedFields(name, entity, at, (field) => exists(name, 'fields', field)))
    for (const [fieldName, field] of Object.entries(entity.fields)) {
      if (exists(name, 'relations', fieldName))
        problems.push({
          path: [...at, 'relations', fieldName],
          message: `Cannot call a relation "${fieldName}" in entity "${name}": a field has that name`,
          fix: 'rename one of the two',
        })
      const found = fieldFindings(name, fieldName, field, [...at, 'fields', fieldName])
      problems.push(...found.problems)
      warnings.push(...found.warnings)
    }
    for (const [relationName, relation] of Object.entries(entity.relations)) {
      const path = [...at, 'relations', relationName]
      const text = `relation "${relationName}" of entity "${name}"`
      if (!entityNames.includes(relation.to))
        problems.push({
          path: [...path, 'to'],
          message: `Cannot lead ${text} to "${relation.to}": there is no such entity`,
          ...didYouMean(relation.to, entityNames),
        })
      const found = joinFindings(text, entity, entityOf(catalog, relation.to), relation, path)
      problems.push(...found.problems)
      warnings.push(...found.warnings)
    }
    for (const [metricName, metric] of Object.entries(entity.metrics))
      problems.push(
        ...metricFindings(catalog, name, metricName, metric.aggregate, [...at, 'metrics', metricName, 'aggregate']),
      )
    if (entity.displayField !== undefined) {
      const shown = fieldOf(entity, entity.displayField)
      if (shown?.sensitive === true || shown?.roles !== undefined)
        warnings.push({
          path: [...at, 'displayField'],
          message: `Cannot show rows of entity "${name}" to everybody: its display field "${entity.displayField}" is limited to some roles`,
        })
    }
  }
  warnings.push(...sharedSynonyms(catalog))
  return { problems, warnings }
}

function tenancy(name: string, entity: Entity, at: Path): Finding[] {
  if (entity.tenantKey !== undefined && entity.shared === true)
    return [
      {
        path: [...at, 'shared'],
        message: `Cannot keep organizations apart in entity "${name}": it has a tenantKey and is shared`,
        fix: 'remove one of the two',
      },
    ]
  if (entity.tenantKey === undefined && entity.shared === undefined)
    return [
      {
        path: at,
        message: `Cannot keep organizations apart in entity "${name}": it has neither tenantKey nor shared`,
        fix: 'add "tenantKey" with the column of the organization, or "shared: true" when everybody may see every row',
      },
    ]
  return []
}

function namedFields(name: string, entity: Entity, at: Path, exists: (field: string) => boolean): Finding[] {
  const named: { path: Path; field: string }[] = [
    ...entity.primaryKey.map((field, index) => ({ path: [...at, 'primaryKey', index], field })),
    ...entity.defaultColumns.map((field, index) => ({ path: [...at, 'defaultColumns', index], field })),
    ...(entity.displayField === undefined ? [] : [{ path: [...at, 'displayField'], field: entity.displayField }]),
    ...(entity.defaultDate === undefined ? [] : [{ path: [...at, 'defaultDate'], field: entity.defaultDate }]),
  ]
  const problems: Finding[] = []
  for (const { path, field } of named) {
    if (!exists(field))
      problems.push({
        path,
        message: `Cannot use "${field}" as ${path[2]} of entity "${name}": the entity has no such field`,
        ...didYouMean(field, Object.keys(entity.fields)),
      })
    const type = fieldOf(entity, field)?.type
    if (path[2] === 'defaultDate' && type !== undefined && type !== 'date' && type !== 'timestamp')
      problems.push({
        path,
        message: `Cannot use "${field}" as defaultDate of entity "${name}": its type is ${type}, wanted is date or timestamp`,
      })
  }
  for (const key of ['primaryKey', 'defaultColumns'] as const)
    for (const [index, field] of entity[key].entries())
      if (entity[key].indexOf(field) !== index)
        problems.push({
          path: [...at, key, index],
          message: `Cannot list "${field}" twice in ${key} of entity "${name}"`,
        })
  return problems
}

function fieldFindings(entityName: string, fieldName: string, field: Field, path: Path): References {
  const problems: Finding[] = []
  const warnings: Finding[] = []
  const text = `field "${fieldName}" of entity "${entityName}"`
  const refuse = (key: string, message: string, fix?: string) =>
    problems.push({ path: [...path, key], message, ...(fix === undefined ? {} : { fix }) })
  if (field.currency !== undefined && field.type !== 'money')
    refuse('currency', `Cannot give ${text} a currency: its type is ${field.type}`, 'make its type money')
  if (field.values !== undefined && field.type !== 'enum')
    refuse('values', `Cannot give ${text} a list of values: its type is ${field.type}`, 'make its type enum')
  if (!field.zoned && field.type !== 'timestamp')
    refuse('zoned', `Cannot use "zoned" on ${text}: its type is ${field.type}, wanted is timestamp`)
  if (field.storedAs !== undefined && (field.type === 'text' || field.type === 'enum' || field.type === 'id'))
    refuse('storedAs', `Cannot use "storedAs" on ${text}: type ${field.type} is text already`, 'remove "storedAs"')
  else if (field.storedAs === 'real' && !['integer', 'number', 'money'].includes(field.type))
    refuse('storedAs', `Cannot store ${text} as "real": its type is ${field.type}, wanted is a number`)
  if (field.type === 'enum' && (field.values === undefined || field.values.length === 0))
    warnings.push({
      path: [...path, 'type'],
      message: `Cannot offer values of ${text}: its type is enum and it lists none`,
      fix: 'add "values", or make its type text',
    })
  const seen = new Set<string>()
  for (const [index, { value }] of (field.values ?? []).entries()) {
    if (seen.has(value))
      problems.push({ path: [...path, 'values', index], message: `Cannot list value "${value}" twice in ${text}` })
    seen.add(value)
  }
  return { problems, warnings }
}

function joinFindings(text: string, from: Entity, to: Entity | undefined, relation: Relation, path: Path): References {
  const problems: Finding[] = []
  const warnings: Finding[] = []
  const seen = new Set<string>()
  for (const [index, join] of relation.on.entries()) {
    const at = [...path, 'on', index]
    if (seen.has(`${join.from} ${join.to}`))
      problems.push({ path: at, message: `Cannot join ${text} by "${join.from}" twice`, fix: 'remove one of the two' })
    seen.add(`${join.from} ${join.to}`)
    if (to === undefined) continue
    for (const [side, entity] of [
      ['from', from],
      ['to', to],
    ] as const) {
      const known = columnsOf(entity)
      const near = known.includes(join[side]) ? undefined : didYouMean(join[side], known).fix
      if (near?.startsWith('did you mean'))
        warnings.push({
          path: [...at, side],
          message: `Cannot find column "${join[side]}" of ${text} among the columns the catalog names in table "${entity.table}"`,
          fix: near,
        })
    }
    const left = storedKind(from, join.from)
    const right = storedKind(to, join.to)
    if (left !== undefined && right !== undefined && left !== right)
      warnings.push({
        path: at,
        message: `Cannot expect ${text} to join: "${join.from}" holds ${left} and "${join.to}" holds ${right}`,
        fix: 'join columns of one type',
      })
  }
  return { problems, warnings }
}

function columnsOf(entity: Entity): string[] {
  const columns = Object.values(entity.fields).map((field) => field.column)
  return entity.tenantKey === undefined ? columns : [...columns, entity.tenantKey]
}

/** What a column holds as far as the catalog can tell; ids may be numbers or text. */
function storedKind(entity: Entity, column: string): string | undefined {
  const field = Object.values(entity.fields).find((one) => one.column === column)
  if (field === undefined || field.type === 'id') return undefined
  if (field.storedAs === 'text' || field.type === 'enum') return 'text'
  if (field.type === 'integer' || field.type === 'money') return 'number'
  return field.type === 'timestamp' ? 'date' : field.type
}

/** Synonyms that name two things of one kind: whichever is meant, half of the askers are misread. */
function sharedSynonyms(catalog: Catalog): Finding[] {
  const groups: { kind: string; items: [string, Named, Path][] }[] = [
    {
      kind: 'entity',
      items: Object.entries(catalog.entities).map(([name, one]) => [name, one, ['entities', name]]),
    },
  ]
  for (const [entityName, entity] of Object.entries(catalog.entities))
    for (const member of ['fields', 'relations', 'metrics'] as const)
      groups.push({
        kind: member.slice(0, -1),
        items: Object.entries(entity[member]).map(([name, one]) => [name, one, ['entities', entityName, member, name]]),
      })
  return groups.flatMap(({ kind, items }) => {
    const owners = new Map<string, string>()
    for (const [name, one] of items)
      for (const term of [name, one.label]) if (!owners.has(key(term))) owners.set(key(term), name)
    const warnings: Finding[] = []
    for (const [name, one, path] of items) {
      const own = new Set<string>()
      for (const [index, synonym] of one.synonyms.entries()) {
        const owner = own.has(key(synonym)) ? name : owners.get(key(synonym))
        if (owner !== undefined && (owner !== name || own.has(key(synonym))))
          warnings.push({
            path: [...path, 'synonyms', index],
            message:
              owner === name
                ? `Cannot use synonym "${synonym}" of ${kind} "${name}" twice`
                : `Cannot tell what "${synonym}" means: it is a synonym of ${kind} "${name}" and a name of ${kind} "${owner}"`,
            fix: 'keep it in one place',
          })
        own.add(key(synonym))
        if (owner === undefined) owners.set(key(synonym), name)
      }
    }
    return warnings
  })
}

type Named = { readonly label: string; readonly synonyms: readonly string[] }

function key(term: string): string {
  return term
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim()
}
