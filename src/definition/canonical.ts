// One spelling for one definition: equal canonical forms mean the same table, so hashes and caches can rely on them.

import { canonicalJson } from '../catalog/hash.ts'
import { hashText } from '../lib/hash.ts'
import { formulaPaths, parseFormula } from './formula.ts'
import type { AggregateExpr, Definition, Filter } from './schema.ts'

/** The definition with needless forms removed: single-part all / any, empty options, and dataSources as the paths really used. */
export function canonicalDefinition(definition: Definition): Definition {
  const { filters, having, ...rest } = definition
  const simple: Definition = {
    ...rest,
    dataSources: [definition.dataSources[0] ?? '', ...relationsUsed(definition)],
    aggregates: definition.aggregates.map((a) => withWhere(a)),
    groupBy: definition.groupBy.map((key) => without(without(key, 'hidden', false), 'fillGaps', false)),
    calculations: definition.calculations.map((c) => without(c, 'hidden', false)),
    ...(filters === undefined ? {} : { filters: canonicalFilter(filters) }),
    ...(having === undefined ? {} : { having: canonicalFilter(having) }),
  }
  return JSON.parse(canonicalJson(simple)) as Definition
}

const hashes = new WeakMap<Definition, string>()

/** A hash of the canonical form, 64 hexadecimal digits; titles and labels count, because people see them. */
export function definitionHash(definition: Definition): string {
  const known = hashes.get(definition)
  if (known !== undefined) return known
  const hash = hashOf(definition)
  if (Object.isFrozen(definition)) hashes.set(definition, hash)
  return hash
}

function hashOf(definition: Definition): string {
  return hashText(canonicalJson(canonicalDefinition(definition)))
}

function withWhere<T extends AggregateExpr & { hidden?: boolean | undefined }>(aggregate: T): T {
  const shown = without(aggregate, 'hidden', false)
  return shown.where === undefined ? shown : { ...shown, where: canonicalFilter(shown.where) }
}

function without<T extends object, K extends keyof T>(part: T, key: K, value: T[K]): T {
  if (part[key] !== value) return part
  const { [key]: _dropped, ...rest } = part
  return rest as T
}

/** Groups of one part are that part; groups directly within a group of their own kind are joined with it. */
function canonicalFilter(filter: Filter): Filter {
  if ('all' in filter) return joined('all', filter.all.map(canonicalFilter))
  if ('any' in filter) return joined('any', filter.any.map(canonicalFilter))
  if ('not' in filter) {
    const inner = canonicalFilter(filter.not)
    return 'not' in inner ? inner.not : { not: inner }
  }
  if ('relation' in filter)
    return filter.where === undefined ? filter : { ...filter, where: canonicalFilter(filter.where) }
  return filter
}

function joined(kind: 'all' | 'any', parts: readonly Filter[]): Filter {
  const flat = parts.flatMap((part) => (kind in part ? (part as Record<'all' | 'any', Filter[]>)[kind] : [part]))
  const [only] = flat
  if (flat.length === 1 && only !== undefined) return only
  return kind === 'all' ? { all: flat } : { any: flat }
}

/** The relation paths that fields, filters and aggregates of the source's rows run through, sorted. */
function relationsUsed(definition: Definition): string[] {
  const found = new Set<string>()
  const field = (path: string | undefined): void => {
    const at = path?.lastIndexOf('.') ?? -1
    if (path !== undefined && at > 0) found.add(path.slice(0, at))
  }
  const formula = (text: string | undefined): void => {
    const parsed = text === undefined ? undefined : parseFormula(text)
    if (parsed?.ok === true) formulaPaths(parsed.node).forEach(field)
  }
  const filter = (f: Filter | undefined): void => {
    if (f === undefined) return
    if ('all' in f) f.all.forEach(filter)
    else if ('any' in f) f.any.forEach(filter)
    else if ('not' in f) filter(f.not)
    else if ('relation' in f) found.add(f.relation)
    else if ('field' in f) field(f.field)
    else if ('formula' in f) formula(f.formula)
    else aggregate(f.aggregate)
  }
  const aggregate = (a: AggregateExpr): void => {
    field(a.field)
    field(a.metric)
    formula(a.formula)
    if (a.per !== undefined && a.per !== 'source_rows') found.add(a.per)
  }
  for (const part of [...definition.columns, ...definition.groupBy]) {
    field(part.field)
    formula(part.formula)
  }
  definition.aggregates.forEach(aggregate)
  filter(definition.filters)
  if (definition.groupBy.length === 0 && definition.aggregates.length === 0)
    for (const sort of definition.sortBy) field(sort.field)
  return [...found].sort()
}
