// Makes a failing case smaller: parts of the definition, rows and cells go as long as it fails in the same way.
import type { Entity } from '../../../src/catalog/schema.ts'
import type { TestWorld } from '../generate/world.ts'
import type { Row } from '../world.ts'

export type Failing = (world: TestWorld, definition: unknown) => Promise<boolean>
export type Case = { readonly world: TestWorld; readonly definition: unknown }

/** The smallest case found before the deadline (milliseconds from now) that still fails. */
export async function shrink(start: Case, fails: Failing, budgetMs: number): Promise<Case> {
  const deadline = Date.now() + budgetMs
  const inTime = () => Date.now() < deadline
  let { world, definition } = start
  for (let round = 0; round < 3 && inTime(); round += 1) {
    const before = JSON.stringify([world, definition])
    definition = await smallest(definition, smallerDefinitions, (one) => fails(world, one), inTime)
    world = await shrinkRows(world, definition, fails, inTime)
    world = await smallest(world, withFewerNames, (one) => fails(one, definition), inTime)
    if (JSON.stringify([world, definition]) === before) break
  }
  return { world, definition }
}

async function smallest<T>(
  start: T,
  candidates: (from: T) => Iterable<T>,
  fails: (candidate: T) => Promise<boolean>,
  inTime: () => boolean,
): Promise<T> {
  let best = start
  search: for (;;) {
    for (const candidate of candidates(best)) {
      if (!inTime()) return best
      if (await fails(candidate)) {
        best = candidate
        continue search
      }
    }
    return best
  }
}

/** The same JSON with one part left out or replaced by a part of itself, largest cuts first. */
function* smallerDefinitions(node: unknown): Iterable<unknown> {
  if (Array.isArray(node)) {
    if (node.length > 2) yield node.slice(0, 1)
    for (const index of node.keys()) yield node.toSpliced(index, 1)
    for (const [index, item] of node.entries())
      for (const smaller of smallerDefinitions(item)) yield node.with(index, smaller)
    return
  }
  if (typeof node === 'string') yield* smallerTexts(node)
  if (typeof node !== 'object' || node === null) return
  for (const part of ['all', 'any']) if (part in node) yield* node[part as keyof typeof node] as Iterable<unknown>
  if ('not' in node) yield node.not
  for (const key of Object.keys(node)) {
    const { [key]: _left, ...rest } = node as Record<string, unknown>
    yield rest
  }
  for (const [key, value] of Object.entries(node))
    for (const smaller of smallerDefinitions(value)) yield { ...node, [key]: smaller }
}

/** Parts of a formula between operators, commas and parentheses. */
function* smallerTexts(text: string): Iterable<string> {
  if (!/[ (]/.test(text)) return
  const inner = /^[a-z_]*\((.*)\)$/.exec(text)?.[1]
  if (inner !== undefined) yield inner
  let depth = 0
  for (const [index, letter] of [...text].entries()) {
    if (letter === '(') depth += 1
    if (letter === ')') depth -= 1
    if (depth === 0 && ' ,'.includes(letter)) {
      yield text.slice(0, index).replace(/ ?[-+*/,]$/, '')
      yield text.slice(index + 1).replace(/^[-+*/,] /, '')
    }
  }
  if (inner === undefined) return
  for (const part of inner.split(', ')) yield part
}

async function shrinkRows(
  start: TestWorld,
  definition: unknown,
  fails: Failing,
  inTime: () => boolean,
): Promise<TestWorld> {
  let world = start
  const keepIfFails = async (candidate: TestWorld): Promise<boolean> => {
    if (!(await fails(candidate, definition))) return false
    world = candidate
    return true
  }
  for (const name of Object.keys(start.data)) {
    if (await keepIfFails(withRows(world, name, []))) continue
    for (
      let size = Math.ceil((world.data[name] ?? []).length / 2);
      size >= 1 && inTime();
      size = size === 1 ? 0 : Math.ceil(size / 2)
    )
      for (let at = 0; at < (world.data[name] ?? []).length && inTime(); ) {
        const removed = await keepIfFails(withRows(world, name, (world.data[name] ?? []).toSpliced(at, size)))
        if (!removed) at += size
      }
  }
  for (const name of Object.keys(world.data))
    for (const [index, row] of (world.data[name] ?? []).entries())
      for (const column of Object.keys(row)) {
        const rows = world.data[name] ?? []
        const current = rows[index] ?? {}
        const entity = world.catalog.entities[name]
        const isKey = entity?.primaryKey.some((field) => entity.fields[field]?.column === column) === true
        const isKept = current[column] === null || entity?.tenantKey === column || isKey
        if (!isKept && inTime())
          await keepIfFails(withRows(world, name, rows.with(index, { ...current, [column]: null })))
      }
  return world
}

function withRows(world: TestWorld, name: string, rows: readonly Row[]): TestWorld {
  return { ...world, data: { ...world.data, [name]: rows } }
}

/** Worlds with one entity, relation, metric or field fewer. */
function* withFewerNames(world: TestWorld): Iterable<TestWorld> {
  const { entities } = world.catalog
  const withEntities = (changed: typeof entities): TestWorld => ({
    ...world,
    catalog: { ...world.catalog, entities: changed },
  })
  for (const gone of Object.keys(entities)) {
    const { [gone]: _entity, ...rest } = entities
    const others = Object.entries(rest).map(([name, entity]) => {
      const relations = Object.entries(entity.relations).filter(([, relation]) => relation.to !== gone)
      return [name, { ...entity, relations: Object.fromEntries(relations) }] as const
    })
    const { [gone]: _data, ...data } = world.data
    const { [gone]: _types, ...columnTypes } = world.columnTypes
    yield { ...withEntities(Object.fromEntries(others)), data, columnTypes }
  }
  for (const [name, entity] of Object.entries(entities)) {
    for (const part of ['relations', 'metrics', 'fields'] as const)
      for (const key of Object.keys(entity[part])) {
        if (part === 'fields' && isNamed(entity, key)) continue
        const { [key]: _gone, ...left } = entity[part]
        yield withEntities({ ...entities, [name]: { ...entity, [part]: left } })
      }
    const columns = Object.keys(world.columnTypes[name] ?? {})
    for (const column of columns) {
      const isUsed =
        entity.tenantKey === column ||
        Object.values(entity.fields).some((field) => field.column === column) ||
        Object.values(entities).some((other) =>
          Object.values(other.relations).some(({ on, to }) =>
            on.some((pair) => (other === entity && pair.from === column) || (to === name && pair.to === column)),
          ),
        )
      if (!isUsed) yield withoutColumn(world, name, column)
    }
  }
}

function isNamed({ primaryKey, defaultDate, defaultColumns }: Entity, field: string): boolean {
  return primaryKey.includes(field) || defaultDate === field || defaultColumns.includes(field)
}

function withoutColumn(world: TestWorld, name: string, column: string): TestWorld {
  const { [column]: _type, ...types } = world.columnTypes[name] ?? {}
  const rows = (world.data[name] ?? []).map(({ [column]: _cell, ...row }) => row)
  return { ...withRows(world, name, rows), columnTypes: { ...world.columnTypes, [name]: types } }
}
