// What an aggregate counts: metric or not, it ends as one function over the distinct rows at one relation path.
import { entityOf, type Hop, resolvePath } from '../catalog/find.ts'
import type { Catalog, FieldType } from '../catalog/schema.ts'
import { type FormulaNode, formulaPaths, mapFormulaPaths, parseFormula } from './formula.ts'
import { formulaType } from './formula-type.ts'
import type { AggregateExpr, AggregateFn, Filter } from './schema.ts'

/** An aggregate with every short form resolved. Paths of `value` and `by` are read from the counted entity. */
export type CountedAggregate = {
  readonly fn: AggregateFn
  /** Hops from the entity the aggregate is written in to the entity whose rows are counted. */
  readonly hops: readonly Hop[]
  readonly countedEntity: string
  readonly value?:
    | { readonly kind: 'field'; readonly path: string }
    | { readonly kind: 'formula'; readonly node: FormulaNode }
  readonly valueType: FieldType
  /** All must hold; read from the counted entity. */
  readonly where: readonly Filter[]
  readonly percentile?: number
  readonly by?: string
  /** The type of the result. */
  readonly type: FieldType
  readonly currency?: string
  readonly unit?: string
}

export type AggregateProblem = {
  readonly code: string
  /** The key of the aggregate that is wrong: fn, field, formula, metric, per, by, percentile. */
  readonly key: string
  readonly params: Readonly<Record<string, unknown>>
}
export type ResolvedAggregate = { ok: true; aggregate: CountedAggregate } | { ok: false; problems: AggregateProblem[] }

const numeric: readonly FieldType[] = ['integer', 'number', 'money']

/** Resolves an aggregate written in `entityName`; all problems at once, as code and params. */
export function resolveAggregate(catalog: Catalog, entityName: string, expr: AggregateExpr): ResolvedAggregate {
  if (expr.metric !== undefined) return resolveMetric(catalog, entityName, expr, expr.metric)
  return resolvePlain(catalog, entityName, expr)
}

function resolveMetric(
  catalog: Catalog,
  entityName: string,
  expr: AggregateExpr,
  metricPath: string,
): ResolvedAggregate {
  if (expr.fn !== undefined || expr.field !== undefined || expr.formula !== undefined || expr.per !== undefined)
    return fail('metric-and-fn', 'metric', { metric: metricPath })
  const split = metricPath.lastIndexOf('.')
  const prefix = split < 0 ? '' : metricPath.slice(0, split)
  const name = metricPath.slice(split + 1)
  let owner = entityName
  let hops: readonly Hop[] = []
  if (prefix !== '') {
    const path = resolvePath(catalog, entityName, prefix)
    if (!path.ok || path.field !== undefined)
      return fail('unknown-metric', 'metric', { metric: metricPath, entity: entityName })
    owner = path.entityName
    hops = path.hops
  }
  const entity = entityOf(catalog, owner)
  const metric = entity !== undefined && Object.hasOwn(entity.metrics, name) ? entity.metrics[name] : undefined
  if (metric === undefined) return fail('unknown-metric', 'metric', { metric: metricPath, entity: owner })
  const inner = resolvePlain(catalog, owner, metric.aggregate as AggregateExpr)
  if (!inner.ok) return fail('broken-metric', 'metric', { metric: metricPath, entity: owner })
  const where = [...inner.aggregate.where, ...(expr.where === undefined ? [] : [expr.where])]
  return { ok: true, aggregate: { ...inner.aggregate, hops: [...hops, ...inner.aggregate.hops], where } }
}

function resolvePlain(catalog: Catalog, entityName: string, expr: AggregateExpr): ResolvedAggregate {
  const { fn, field, formula, per } = expr
  if (fn === undefined) return fail('aggregate-without-fn', 'fn', {})
  if (field !== undefined && formula !== undefined) return fail('field-and-formula', 'formula', {})
  if (fn !== 'count' && field === undefined && formula === undefined)
    return fail('aggregate-without-field', 'field', { fn })
  if ((fn === 'percentile') !== (expr.percentile !== undefined)) return fail('percentile', 'percentile', { fn })
  if (expr.by !== undefined && fn !== 'first' && fn !== 'last') return fail('by-without-first', 'by', { fn })

  const counted = countedHops(catalog, entityName, expr)
  if (!counted.ok) return counted
  const { hops, countedEntity } = counted
  const prefix = hops.map((hop) => `${hop.relation}.`).join('')
  const strip = (path: string): string => path.slice(prefix.length)
  const from = (key: string, path: string): AggregateProblem[] => {
    if (!path.startsWith(prefix))
      return [{ code: 'outside-per', key, params: { path, per: prefix.slice(0, -1), given: per ?? '' } }]
    const resolved = resolvePath(catalog, countedEntity, strip(path))
    if (!resolved.ok || resolved.field === undefined)
      return [{ code: 'unknown-field', key, params: { path, entity: entityName } }]
    const many = resolved.hops.find((hop) => hop.kind === 'to_many')
    return many === undefined
      ? []
      : [{ code: 'many-values', key, params: { path, relation: many.relation, in: 'per' } }]
  }

  const problems: AggregateProblem[] = []
  let value: CountedAggregate['value']
  let valueType: FieldType = 'integer'
  let unit: { currency?: string; unit?: string } = {}
  if (field !== undefined) {
    problems.push(...from('field', field))
    const resolved = resolvePath(catalog, entityName, field)
    if (resolved.ok && resolved.field !== undefined) {
      valueType = resolved.field.type
      unit = unitOf(resolved.field)
      value = { kind: 'field', path: strip(field) }
    }
  } else if (formula !== undefined) {
    const parsed = parseFormula(formula)
    if (!parsed.ok) return fail('formula', 'formula', { message: parsed.message, at: parsed.at })
    const paths = formulaPaths(parsed.node)
    for (const path of paths) problems.push(...from('formula', path))
    if (problems.length > 0) return { ok: false, problems }
    const node = mapFormulaPaths(parsed.node, strip)
    const typed = formulaType(node, (path) => {
      const resolved = resolvePath(catalog, countedEntity, path)
      return resolved.ok ? resolved.field?.type : undefined
    })
    if (!typed.ok) return fail('formula', 'formula', { message: typed.message, at: typed.at })
    valueType = typed.type
    for (const path of paths) {
      const resolved = resolvePath(catalog, entityName, path)
      if (resolved.ok && resolved.field?.type === 'money' && typed.type === 'money') unit = unitOf(resolved.field)
    }
    value = { kind: 'formula', node }
  }
  if (['sum', 'avg', 'median', 'percentile', 'stddev'].includes(fn) && !numeric.includes(valueType))
    problems.push({
      code: 'needs-number',
      key: field === undefined ? 'formula' : 'field',
      params: { fn, type: valueType, path: field ?? formula },
    })
  if ((fn === 'min' || fn === 'max') && valueType === 'boolean')
    problems.push({ code: 'no-boolean', key: 'field', params: { fn, path: field ?? formula } })

  let by: string | undefined
  if (fn === 'first' || fn === 'last') {
    const defaultDate = entityOf(catalog, countedEntity)?.defaultDate
    const path = expr.by ?? (defaultDate === undefined ? undefined : prefix + defaultDate)
    if (path === undefined)
      problems.push({ code: 'first-without-by', key: 'by', params: { fn, entity: countedEntity } })
    else {
      const found = from('by', path)
      problems.push(...found)
      const resolved = resolvePath(catalog, entityName, path)
      if (found.length === 0 && resolved.ok && resolved.field?.type !== 'date' && resolved.field?.type !== 'timestamp')
        problems.push({ code: 'needs-date', key: 'by', params: { path } })
      by = strip(path)
    }
  }
  if (problems.length > 0) return { ok: false, problems }
  return {
    ok: true,
    aggregate: {
      fn,
      hops,
      countedEntity,
      ...(value === undefined ? {} : { value }),
      valueType,
      where: expr.where === undefined ? [] : [expr.where],
      ...(expr.percentile === undefined ? {} : { percentile: expr.percentile }),
      ...(by === undefined ? {} : { by }),
      type: resultType(fn, valueType),
      ...(fn === 'count' || fn === 'count_distinct' ? {} : unit),
    },
  }
}

/** Whether a row at the end of the hops can be reached from several rows of the first entity, or twice from one. */
export function mayRepeat(catalog: Catalog, hops: readonly Hop[]): boolean {
  return hops.some((hop) => {
    if (hop.kind === 'to_one') return true
    const entity = entityOf(catalog, hop.from)
    const key = entity?.primaryKey.map((name) => entity.fields[name]?.column) ?? []
    const from = new Set(entity?.relations[hop.relation]?.on.map((pair) => pair.from))
    return key.length === 0 || !key.every((name) => name !== undefined && from.has(name))
  })
}

function countedHops(
  catalog: Catalog,
  entityName: string,
  expr: AggregateExpr,
): { ok: true; hops: readonly Hop[]; countedEntity: string } | { ok: false; problems: AggregateProblem[] } {
  const { field, formula, per } = expr
  if (per !== undefined && per !== 'source_rows') {
    const path = resolvePath(catalog, entityName, per)
    if (!path.ok || path.field !== undefined) return fail('unknown-relation', 'per', { path: per, entity: entityName })
    return { ok: true, hops: path.hops, countedEntity: path.entityName }
  }
  if (per === 'source_rows' || field === undefined || formula !== undefined)
    return { ok: true, hops: [], countedEntity: entityName }
  const path = resolvePath(catalog, entityName, field)
  if (!path.ok || path.field === undefined) return fail('unknown-field', 'field', { path: field, entity: entityName })
  return { ok: true, hops: path.hops, countedEntity: path.entityName }
}

function unitOf(field: { currency?: string | undefined; unit?: string | undefined }): {
  currency?: string
  unit?: string
} {
  return {
    ...(field.currency === undefined ? {} : { currency: field.currency }),
    ...(field.unit === undefined ? {} : { unit: field.unit }),
  }
}

function resultType(fn: AggregateFn, value: FieldType): FieldType {
  if (fn === 'count' || fn === 'count_distinct') return 'integer'
  if (fn === 'list' || value === 'id') return 'text'
  if (fn === 'sum' || fn === 'min' || fn === 'max' || fn === 'first' || fn === 'last') return value
  return value === 'money' ? 'money' : 'number'
}

function fail(code: string, key: string, params: Record<string, unknown>): { ok: false; problems: AggregateProblem[] } {
  return { ok: false, problems: [{ code, key, params }] }
}
