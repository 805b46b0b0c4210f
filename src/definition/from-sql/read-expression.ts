// Expressions as the parser gives them → SqlExpr. Refused here: syntax that no definition can say, whatever the names.
import type { A_Const, A_Expr, BoolExpr, CaseExpr, FuncCall, Node, SubLink, TypeName } from 'libpg-query'
import type { CompareSign, OrderItem, SqlExpr, SqlType, Window } from './ast.ts'
import { gatherMap, refuse } from './problem.ts'
import { readQuery } from './read-query.ts'

/** Turns the parser's byte offsets into character offsets; -1 and absent become the fallback. */
export type Reader = { readonly at: (byteOffset: number) => number }

/** Reads one expression; `near` is where to point when the parser gives no place. */
export function readExpression(reader: Reader, node: Node | undefined, near: number): SqlExpr {
  if (node === undefined) return refuse('expression', 'Cannot read an empty expression: it needs a value', near)
  const read = (inner: Node | undefined) => readExpression(reader, inner, near)
  const place = (location: number | undefined) => placeOf(reader, location, near)
  if ('ColumnRef' in node) {
    const at = place(node.ColumnRef.location)
    const names = (node.ColumnRef.fields ?? []).map(nameOf)
    const name = names.at(-1)
    if (name === undefined) return refuse('*', 'Cannot use "*" inside an expression: name one column', at)
    return { kind: 'column', table: names.at(-2) ?? null, name, at }
  }
  if ('A_Const' in node) return literal(node.A_Const, place(node.A_Const.location))
  if ('A_Expr' in node) return operator(reader, node.A_Expr, place(node.A_Expr.location))
  if ('BoolExpr' in node) return boolean(reader, node.BoolExpr, place(node.BoolExpr.location))
  if ('SubLink' in node) return subLink(reader, node.SubLink, place(node.SubLink.location))
  if ('FuncCall' in node) return call(reader, node.FuncCall, place(node.FuncCall.location))
  if ('CaseExpr' in node) return caseExpression(reader, node.CaseExpr, place(node.CaseExpr.location))
  if ('TypeCast' in node) {
    const type = typeOf(reader, node.TypeCast.typeName, near)
    const at = place(node.TypeCast.location)
    return { kind: 'cast', arg: readExpression(reader, node.TypeCast.arg, at), type, at: at === near ? type.at : at }
  }
  if ('NullTest' in node) {
    const at = place(node.NullTest.location)
    const test: SqlExpr = { kind: 'is_null', arg: read(node.NullTest.arg), at }
    return node.NullTest.nulltesttype === 'IS_NOT_NULL' ? { kind: 'not', arg: test, at } : test
  }
  if ('BooleanTest' in node) {
    const at = place(node.BooleanTest.location)
    const arg = read(node.BooleanTest.arg)
    const test = node.BooleanTest.booltesttype ?? 'IS_TRUE'
    const known: SqlExpr = test.endsWith('UNKNOWN')
      ? { kind: 'is_null', arg, at }
      : { kind: 'is_true', arg, wanted: test.endsWith('TRUE'), at }
    return test.startsWith('IS_NOT') ? { kind: 'not', arg: known, at } : known
  }
  if ('CoalesceExpr' in node)
    return plainCall('coalesce', (node.CoalesceExpr.args ?? []).map(read), place(node.CoalesceExpr.location))
  if ('MinMaxExpr' in node) {
    const name = node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest'
    return plainCall(name, (node.MinMaxExpr.args ?? []).map(read), place(node.MinMaxExpr.location))
  }
  if ('SQLValueFunction' in node) {
    const name = (node.SQLValueFunction.op ?? '').replace('SVFOP_', '').replace('_N', '').toLowerCase()
    return plainCall(name, [], place(node.SQLValueFunction.location))
  }
  if ('RowExpr' in node)
    return { kind: 'row', args: (node.RowExpr.args ?? []).map(read), at: place(node.RowExpr.location) }
  if ('CollateClause' in node)
    return refuse('COLLATE', 'Cannot choose a collation: leave COLLATE out', place(node.CollateClause.location))
  if ('ParamRef' in node)
    return refuse(
      'parameter',
      `Cannot read the parameter "$${node.ParamRef.number ?? ''}": write the value itself`,
      place(node.ParamRef.location),
    )
  const name = spaced(Object.keys(node)[0] ?? 'expression')
  return refuse(name, `Cannot import ${name}: a table definition has nothing like it`, placeOfAny(reader, node, near))
}

function literal(constant: A_Const, at: number): SqlExpr {
  if (constant.isnull === true) return { kind: 'literal', value: null, at }
  if (constant.ival !== undefined) return { kind: 'literal', value: constant.ival.ival ?? 0, at }
  if (constant.fval !== undefined) {
    const text = constant.fval.fval ?? '0'
    const value = Number(text)
    return /^[-+]?\d+$/.test(text) ? { kind: 'literal', value, at } : { kind: 'literal', value, decimal: true, at }
  }
  if (constant.boolval !== undefined) return { kind: 'literal', value: constant.boolval.boolval ?? false, at }
  if (constant.sval !== undefined) return { kind: 'literal', value: constant.sval.sval ?? '', at }
  return refuse('bit string', 'Cannot import a bit string: write a number or a text', at)
}

const compareSigns: Readonly<Record<string, CompareSign>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}

function operator(reader: Reader, expr: A_Expr, at: number): SqlExpr {
  const sign = (expr.name ?? []).map(nameOf).at(-1) ?? ''
  const side = (node: Node | undefined) => readExpression(reader, node, at)
  const not = (arg: SqlExpr): SqlExpr => ({ kind: 'not', arg, at })
  switch (expr.kind) {
    case 'AEXPR_OP': {
      if (expr.lexpr === undefined) {
        if (sign === '-') return { kind: 'negative', arg: side(expr.rexpr), at }
        if (sign === '+') return side(expr.rexpr)
        break
      }
      const compare = compareSigns[sign]
      const [left, right] = gatherMap([expr.lexpr, expr.rexpr], side)
      if (left === undefined || right === undefined) break
      if (compare !== undefined) return { kind: 'compare', sign: compare, left, right, at }
      if (sign === '+' || sign === '-' || sign === '*' || sign === '/' || sign === '%' || sign === '||')
        return { kind: 'arithmetic', sign, left, right, at }
      break
    }
    case 'AEXPR_IN': {
      const list = gatherMap(listOf(expr.rexpr), side)
      const test: SqlExpr = { kind: 'in_list', arg: side(expr.lexpr), list, at }
      return sign === '<>' ? not(test) : test
    }
    case 'AEXPR_OP_ANY': {
      const array =
        expr.rexpr !== undefined && 'A_ArrayExpr' in expr.rexpr ? expr.rexpr.A_ArrayExpr.elements : undefined
      if (sign === '=' && array !== undefined)
        return { kind: 'in_list', arg: side(expr.lexpr), list: gatherMap(array, side), at }
      break
    }
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE': {
      const { pattern, escapedBy } = likePattern(expr.rexpr)
      const ignoreCase = expr.kind === 'AEXPR_ILIKE'
      const test: SqlExpr = {
        kind: 'like',
        arg: side(expr.lexpr),
        pattern: side(pattern),
        escape: escapedBy,
        ignoreCase,
        at,
      }
      return sign.startsWith('!') ? not(test) : test
    }
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN': {
      const [low, high] = gatherMap(listOf(expr.rexpr), side)
      if (low === undefined || high === undefined) break
      const test: SqlExpr = { kind: 'between', arg: side(expr.lexpr), low, high, at }
      return expr.kind === 'AEXPR_BETWEEN' ? test : not(test)
    }
    case 'AEXPR_NULLIF':
      return plainCall('nullif', [side(expr.lexpr), side(expr.rexpr)], at)
    case 'AEXPR_DISTINCT':
      return not({ kind: 'same', left: side(expr.lexpr), right: side(expr.rexpr), at })
    case 'AEXPR_NOT_DISTINCT':
      return { kind: 'same', left: side(expr.lexpr), right: side(expr.rexpr), at }
    default:
      break
  }
  return refuse(
    `operator ${sign}`,
    `Cannot import the operator "${sign}": a definition compares, adds, subtracts, multiplies and divides`,
    at,
  )
}

function likePattern(node: Node | undefined): { pattern: Node | undefined; escapedBy: string } {
  if (node !== undefined && 'FuncCall' in node && nameOf(node.FuncCall.funcname?.at(-1)) === 'like_escape') {
    const [pattern, mark] = node.FuncCall.args ?? []
    if (mark !== undefined && 'A_Const' in mark && mark.A_Const.sval !== undefined)
      return { pattern, escapedBy: mark.A_Const.sval.sval ?? '' }
  }
  return { pattern: node, escapedBy: '\\' }
}

function boolean(reader: Reader, expr: BoolExpr, at: number): SqlExpr {
  const args = gatherMap(expr.args ?? [], (arg) => readExpression(reader, arg, at))
  const first = args[0]
  if (expr.boolop === 'AND_EXPR') return { kind: 'and', args, at }
  if (expr.boolop === 'OR_EXPR') return { kind: 'or', args, at }
  return first === undefined
    ? refuse('NOT', 'Cannot read NOT: it needs a condition', at)
    : { kind: 'not', arg: first, at }
}

function subLink(reader: Reader, link: SubLink, at: number): SqlExpr {
  const query = readQuery(reader, link.subselect, at)
  const sign = compareSigns[(link.operName ?? []).map(nameOf).at(-1) ?? '='] ?? '='
  switch (link.subLinkType) {
    case 'EXISTS_SUBLINK':
      return { kind: 'exists', query, at }
    case 'EXPR_SUBLINK':
      return { kind: 'scalar_query', query, at }
    case 'ANY_SUBLINK':
    case 'ALL_SUBLINK': {
      const arg = readExpression(reader, link.testexpr, at)
      const every = link.subLinkType === 'ALL_SUBLINK'
      const args = arg.kind === 'row' ? arg.args : [arg]
      if (sign === '=' && !every) return { kind: 'in_query', args, query, at }
      if (sign === '<>' && every) return { kind: 'not', arg: { kind: 'in_query', args, query, at }, at }
      return { kind: 'quantified', sign, every, arg, query, at }
    }
    default:
      return refuse('ARRAY', 'Cannot import ARRAY(SELECT …): use an aggregate such as string_agg', at)
  }
}

function call(reader: Reader, fn: FuncCall, at: number): SqlExpr {
  const names = (fn.funcname ?? []).map(nameOf)
  const schema = names.at(-2)
  if (schema !== undefined && schema !== 'pg_catalog')
    return refuse('function', `Cannot call "${names.join('.')}": only functions that come with Postgres are known`, at)
  const args = gatherMap(fn.args ?? [], (arg) => readExpression(reader, arg, at))
  return {
    kind: 'call',
    name: (names.at(-1) ?? '').toLowerCase(),
    args,
    star: fn.agg_star === true,
    distinct: fn.agg_distinct === true,
    filter: fn.agg_filter === undefined ? null : readExpression(reader, fn.agg_filter, at),
    order: readOrder(reader, fn.agg_order, at),
    withinGroup: fn.agg_within_group === true,
    over: fn.over === undefined ? null : windowOf(reader, fn.over, at),
    at,
  }
}

function windowOf(reader: Reader, over: NonNullable<FuncCall['over']>, at: number): Window<SqlExpr> {
  if (over.refname !== undefined || over.name !== undefined)
    return refuse('WINDOW', 'Cannot import a named window: write it inside OVER (…)', at)
  // 1058 is the frame Postgres takes when none is written.
  if (over.frameOptions !== undefined && over.frameOptions !== 1058)
    return refuse('window frame', 'Cannot import a window frame: leave ROWS, RANGE or GROUPS out', at)
  const partition = gatherMap(over.partitionClause ?? [], (node) => readExpression(reader, node, at))
  return { partition, order: readOrder(reader, over.orderClause, at) }
}

function caseExpression(reader: Reader, expr: CaseExpr, at: number): SqlExpr {
  const subject = expr.arg === undefined ? null : readExpression(reader, expr.arg, at)
  const whens = gatherMap(expr.args ?? [], (node) => {
    const when = 'CaseWhen' in node ? node.CaseWhen : {}
    const test = readExpression(reader, when.expr, at)
    const condition: SqlExpr =
      subject === null ? test : { kind: 'compare', sign: '=', left: subject, right: test, at: test.at }
    return { when: condition, result: readExpression(reader, when.result, at) }
  })
  const otherwise = expr.defresult === undefined ? null : readExpression(reader, expr.defresult, at)
  return { kind: 'case', whens, otherwise, at }
}

/** Reads ORDER BY items. */
export function readOrder(reader: Reader, nodes: readonly Node[] | undefined, near: number): OrderItem<SqlExpr>[] {
  return gatherMap(nodes ?? [], (node) => {
    const item = 'SortBy' in node ? node.SortBy : {}
    if (item.sortby_dir === 'SORTBY_USING')
      return refuse('ORDER BY USING', 'Cannot sort with USING: write ASC or DESC', near)
    const nulls =
      item.sortby_nulls === 'SORTBY_NULLS_FIRST' ? 'first' : item.sortby_nulls === 'SORTBY_NULLS_LAST' ? 'last' : null
    return { expr: readExpression(reader, item.node, near), desc: item.sortby_dir === 'SORTBY_DESC', nulls }
  })
}

function typeOf(reader: Reader, type: TypeName | undefined, near: number): SqlType {
  const at = placeOf(reader, type?.location, near)
  const name = (type?.names ?? []).map(nameOf).at(-1) ?? ''
  if ((type?.arrayBounds ?? []).length > 0) return refuse('array', 'Cannot import an array: use single values', at)
  return { name: name.toLowerCase(), at }
}

function plainCall(name: string, args: readonly SqlExpr[], at: number): SqlExpr {
  return {
    kind: 'call',
    name,
    args,
    star: false,
    distinct: false,
    filter: null,
    order: [],
    withinGroup: false,
    over: null,
    at,
  }
}

/** The text of a name node; undefined for "*". */
export function nameOf(node: Node | undefined): string | undefined {
  return node !== undefined && 'String' in node ? (node.String.sval ?? '') : undefined
}

function listOf(node: Node | undefined): readonly Node[] {
  return node !== undefined && 'List' in node ? (node.List.items ?? []) : []
}

/** A character offset, or the fallback where the parser gives none. */
export function placeOf(reader: Reader, location: number | undefined, near: number): number {
  return location === undefined || location < 0 ? near : reader.at(location)
}

/** The place inside any node that has one. */
export function placeOfAny(reader: Reader, node: Node, near: number): number {
  const inner: unknown = Object.values(node)[0]
  if (typeof inner !== 'object' || inner === null || !('location' in inner)) return near
  return typeof inner.location === 'number' ? placeOf(reader, inner.location, near) : near
}

function spaced(name: string): string {
  return name
    .replace(/^A_/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
}
