// The tenant pass: every table of a plan gets its organization's predicate, or is marked shared by the catalog.
// It rebuilds the whole plan, so a table cannot be forgotten; the printer refuses any it has not seen.
import type { Catalog } from '../catalog/schema.ts'
import type { Scope } from '../lib/scope.ts'
import { column, eq, param } from './build.ts'
import { knownEntity } from './context.ts'
import type { Expr, Join, Order, Query, Select, Source } from './ir.ts'

/** The same query with the tenant predicate on every table, wherever it stands. */
export function scopeToTenant<Q extends Query>(query: Q, catalog: Catalog, scope: Scope): Q {
  const predicate = (source: Source): Expr[] => {
    if (source.kind !== 'table') return []
    const { tenantKey } = knownEntity(catalog, source.entity)
    return tenantKey === undefined
      ? []
      : [eq(column(source.alias, tenantKey), param(scope.organizationId, 'as_needed'))]
  }
  const ofSource = (source: Source): Source => {
    switch (source.kind) {
      case 'table': {
        const entity = knownEntity(catalog, source.entity)
        if (entity.tenantKey === undefined && entity.shared !== true)
          throw new Error(`entity "${source.entity}" has neither a tenant key nor is it shared`)
        return { ...source, scoped: entity.tenantKey === undefined ? 'shared' : 'tenant' }
      }
      case 'query':
        return { ...source, query: ofQuery(source.query) }
      case 'series':
        return { ...source, from: ofExpr(source.from), to: ofExpr(source.to), step: ofExpr(source.step) }
      case 'with':
        return source
    }
  }
  const ofJoin = (join: Join): Join => ({
    ...join,
    source: ofSource(join.source),
    on: [...join.on.map(ofExpr), ...predicate(join.source)],
  })
  const ofOrder = (order: Order): Order => ({ ...order, expr: ofExpr(order.expr) })
  const ofSelect = (select: Select): Select => ({
    ...select,
    ...(select.with === undefined ? {} : { with: select.with.map((w) => ({ ...w, query: ofQuery(w.query) })) }),
    columns: select.columns.map((c) => ({ ...c, expr: ofExpr(c.expr) })),
    ...(select.from === undefined ? {} : { from: ofSource(select.from) }),
    joins: (select.joins ?? []).map(ofJoin),
    where: [...(select.where ?? []).map(ofExpr), ...(select.from === undefined ? [] : predicate(select.from))],
    ...(select.orderBy === undefined ? {} : { orderBy: select.orderBy.map(ofOrder) }),
  })
  const ofQuery = (node: Query): Query =>
    node.kind === 'union' ? { ...node, queries: node.queries.map(ofQuery) } : ofSelect(node)
  const ofExpr = (expr: Expr): Expr => {
    switch (expr.kind) {
      case 'op':
        return { ...expr, left: ofExpr(expr.left), right: ofExpr(expr.right) }
      case 'test':
      case 'cast':
        return { ...expr, arg: ofExpr(expr.arg) }
      case 'and':
      case 'or':
      case 'call':
        return { ...expr, args: expr.args.map(ofExpr) }
      case 'case':
        return {
          ...expr,
          branches: expr.branches.map((b) => ({ when: ofExpr(b.when), gives: ofExpr(b.gives) })),
          ...(expr.otherwise === undefined ? {} : { otherwise: ofExpr(expr.otherwise) }),
        }
      case 'list':
        return { ...expr, left: ofExpr(expr.left), items: expr.items.map(ofExpr) }
      case 'within':
        return { ...expr, left: ofExpr(expr.left), query: ofQuery(expr.query) }
      case 'exists':
      case 'scalar':
        return { ...expr, query: ofQuery(expr.query) }
      case 'aggregate':
        return {
          ...expr,
          args: expr.args.map(ofExpr),
          ...(expr.orderBy === undefined ? {} : { orderBy: expr.orderBy.map(ofOrder) }),
          ...(expr.filter === undefined ? {} : { filter: ofExpr(expr.filter) }),
        }
      case 'window':
        return {
          ...expr,
          args: expr.args.map(ofExpr),
          partitionBy: expr.partitionBy.map(ofExpr),
          orderBy: expr.orderBy.map(ofOrder),
        }
      default:
        return expr
    }
  }
  return ofQuery(query) as Q
}
