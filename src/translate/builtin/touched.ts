// Which parts of the catalog a definition reads: the entities, those whose times it filters by, and its shown numbers.
import { resolvePath } from '../../catalog/find.ts'
import type { Catalog } from '../../catalog/schema.ts'
import type { Definition } from '../../definition/schema.ts'

export type Touched = {
  readonly entities: ReadonlySet<string>
  /** Entities that own a field which a period is asked of, or by which rows are put into stretches of time. */
  readonly times: ReadonlySet<string>
  /** Their fields, as "entity.field". */
  readonly timeFields: ReadonlySet<string>
  /** All fields that are read, as "entity.field". */
  readonly fields: ReadonlySet<string>
  /** Columns of a list that are numbers. */
  readonly numbers: number
  /** Whether rows are put together by their own key, so that each stands alone. */
  readonly ownKey: boolean
  /** Whether a field of the root, or of that name elsewhere, is read. */
  readonly reads: (field: string) => boolean
  /** Whether the name or label of a field or metric matches. */
  readonly says: (pattern: RegExp) => boolean
}

type Node = { readonly [key: string]: unknown }

/** Reads a definition that the check has passed; of others it finds what it can. */
export function touchedBy(definition: Definition, catalog: Catalog): Touched {
  const entities = new Set<string>()
  const times = new Set<string>()
  const timeFields = new Set<string>()
  const fields = new Set<string>()
  const names: string[] = []
  let numbers = 0

  /** The entity that owns a path's end. */
  const follow = (root: string, path: string): string => {
    entities.add(root)
    const whole = resolvePath(catalog, root, path)
    // The last word of a metric's path is no field.
    const cut = path.includes('.') ? resolvePath(catalog, root, path.slice(0, path.lastIndexOf('.'))) : undefined
    const found = whole.ok ? whole : cut
    names.push(path)
    if (found === undefined || !found.ok) return root
    for (const { to } of found.hops) entities.add(to)
    const field = whole.ok ? whole.field : undefined
    if (field !== undefined) {
      names.push(field.label)
      fields.add(`${found.entityName}.${path.slice(path.lastIndexOf('.') + 1)}`)
    }
    return found.entityName
  }
  const visit = (value: unknown, root: string): void => {
    if (Array.isArray(value)) for (const one of value) visit(one, root)
    else if (typeof value === 'object' && value !== null) visitNode(value as Node, root)
  }
  const visitNode = (node: Node, root: string): void => {
    if (isDefinition(node)) {
      visitDefinition(node as unknown as Definition)
      return
    }
    const text = (key: string): string | undefined =>
      typeof node[key] === 'string' ? (node[key] as string) : undefined
    const path = text('relation') ?? text('field') ?? text('metric') ?? text('per')
    const owner = path === undefined || path === 'source_rows' ? root : follow(root, path)
    if (isTime(node)) {
      times.add(owner)
      timeFields.add(`${owner}.${path?.split('.').at(-1) ?? ''}`)
    }
    for (const word of text('formula')?.match(/[a-z_]\w*(\.\w+)+/gi) ?? []) follow(root, word)
    for (const [key, child] of Object.entries(node)) visit(child, key === 'where' ? owner : root)
  }
  const visitDefinition = (one: Definition): void => {
    const root = one.dataSources[0] ?? ''
    entities.add(root)
    const { title: _title, dataSources: _sources, having, sortBy, ...rest } = one
    visit(rest, root)
    // What these name are columns of the result more often than fields.
    visit(having, root)
    for (const { field } of sortBy) follow(root, field)
  }
  visitDefinition(definition)
  const root = definition.dataSources[0] ?? ''
  for (const column of [...definition.columns, ...definition.groupBy]) {
    if (column.formula !== undefined) numbers += 1
    const found = column.field === undefined ? undefined : resolvePath(catalog, root, column.field)
    if (found?.ok && ['integer', 'number', 'money'].includes(found.field?.type ?? '')) numbers += 1
  }
  const key = catalog.entities[root]?.primaryKey ?? []
  const ownKey = definition.groupBy.some(({ field }) => field !== undefined && key.length === 1 && field === key[0])
  const reads = (field: string): boolean => names.some((name) => name === field || name.endsWith(`.${field}`))
  return {
    entities,
    times,
    timeFields,
    fields,
    numbers,
    ownKey,
    reads,
    says: (pattern) => names.some((name) => pattern.test(name.toLowerCase())),
  }
}

function isDefinition(node: Node): boolean {
  return Array.isArray(node.dataSources)
}

const DATE = /^\d{4}-\d{2}-\d{2}/

/** A condition on a period or a date, or a key of stretches of time. */
function isTime({ op, value, grain }: Node): boolean {
  if (grain !== undefined || op === 'in_period') return true
  return [value].flat().some((one) => typeof one === 'string' && DATE.test(one))
}
