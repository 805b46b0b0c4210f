// Formula text → syntax tree, by precedence climbing. Names are not looked up here.
// Refused with the position of the trouble: anything outside the small grammar of docs/definition.md.

export type FormulaNode =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'ref'; readonly path: string; readonly at: number }
  | { readonly kind: 'negate'; readonly arg: FormulaNode }
  | { readonly kind: 'not'; readonly arg: FormulaNode }
  | { readonly kind: 'binary'; readonly op: BinaryOp; readonly left: FormulaNode; readonly right: FormulaNode }
  | { readonly kind: 'call'; readonly fn: FormulaFn; readonly args: readonly FormulaNode[]; readonly at: number }

export type BinaryOp = '+' | '-' | '*' | '/' | '=' | '<>' | '<' | '<=' | '>' | '>=' | 'and' | 'or'

/** Functions with how many arguments they take (at least, at most). */
export const formulaFunctions = {
  round: [1, 2],
  abs: [1, 1],
  floor: [1, 1],
  ceil: [1, 1],
  coalesce: [2, 10],
  least: [2, 10],
  greatest: [2, 10],
  if: [3, 3],
  concat: [2, 10],
  lower: [1, 1],
  upper: [1, 1],
  length: [1, 1],
  days_between: [2, 2],
  is_empty: [1, 1],
} as const satisfies Record<string, readonly [number, number]>
export type FormulaFn = keyof typeof formulaFunctions

export type FormulaProblem = { readonly message: string; readonly at: number }
export type ParsedFormula = { ok: true; node: FormulaNode } | ({ ok: false } & FormulaProblem)

type Token = { kind: 'number' | 'text' | 'name' | 'symbol' | 'end'; text: string; at: number }

const MAX_DEPTH = 40
const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?|\.\d+)|'((?:[^']|'')*)'|([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)|(<=|>=|<>|!=|[-+*/()=<>,]))/y
const PRECEDENCE: Record<string, number> = {
  or: 1,
  and: 2,
  '=': 4,
  '<>': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
}

/** Parses a formula; a problem carries a 0-based character position. */
export function parseFormula(text: string): ParsedFormula {
  try {
    const tokens = tokenize(text)
    const state = { tokens, next: 0, depth: 0 }
    const node = expression(state, 0)
    const rest = peek(state)
    if (rest.kind !== 'end') throw problem(`unexpected "${rest.text}"`, rest.at)
    return { ok: true, node }
  } catch (error) {
    if (isProblem(error)) return { ok: false, message: error.message, at: error.at }
    throw error
  }
}

/** Every path a formula names, in order, without repeats. */
export function formulaPaths(node: FormulaNode): string[] {
  const found = new Set<string>()
  const walk = (n: FormulaNode): void => {
    if (n.kind === 'ref') found.add(n.path)
    else if (n.kind === 'negate' || n.kind === 'not') walk(n.arg)
    else if (n.kind === 'binary') {
      walk(n.left)
      walk(n.right)
    } else if (n.kind === 'call') n.args.forEach(walk)
  }
  walk(node)
  return [...found]
}

/** The same formula with every path rewritten. */
export function mapFormulaPaths(node: FormulaNode, rewrite: (path: string) => string): FormulaNode {
  switch (node.kind) {
    case 'ref':
      return { ...node, path: rewrite(node.path) }
    case 'negate':
    case 'not':
      return { ...node, arg: mapFormulaPaths(node.arg, rewrite) }
    case 'binary':
      return { ...node, left: mapFormulaPaths(node.left, rewrite), right: mapFormulaPaths(node.right, rewrite) }
    case 'call':
      return { ...node, args: node.args.map((arg) => mapFormulaPaths(arg, rewrite)) }
    default:
      return node
  }
}

type State = { tokens: Token[]; next: number; depth: number }

function expression(state: State, minimum: number): FormulaNode {
  state.depth += 1
  if (state.depth > MAX_DEPTH) throw problem('the formula nests too deeply', peek(state).at)
  let left = unary(state)
  for (;;) {
    const token = peek(state)
    const op = operatorOf(token)
    const precedence = op === undefined ? undefined : PRECEDENCE[op]
    if (op === undefined || precedence === undefined || precedence < minimum) break
    state.next += 1
    const right = expression(state, precedence + 1)
    left = { kind: 'binary', op, left, right }
    if (precedence === 4 && PRECEDENCE[operatorOf(peek(state)) ?? ''] === 4)
      throw problem('comparisons cannot be chained: join them with "and"', peek(state).at)
  }
  state.depth -= 1
  return left
}

function unary(state: State): FormulaNode {
  const token = peek(state)
  if (token.kind === 'symbol' && token.text === '-') {
    state.next += 1
    return { kind: 'negate', arg: expression(state, 7) }
  }
  if (token.kind === 'name' && token.text.toLowerCase() === 'not') {
    state.next += 1
    return { kind: 'not', arg: expression(state, 3) }
  }
  return primary(state)
}

function primary(state: State): FormulaNode {
  const token = peek(state)
  state.next += 1
  if (token.kind === 'number')
    return { kind: 'number', text: token.text.startsWith('.') ? `0${token.text}` : token.text }
  if (token.kind === 'text') return { kind: 'text', value: token.text }
  if (token.kind === 'symbol' && token.text === '(') {
    const inner = expression(state, 0)
    expect(state, ')')
    return inner
  }
  if (token.kind === 'name') {
    const word = token.text.toLowerCase()
    const opens = peek(state)
    if (opens.kind === 'symbol' && opens.text === '(') return call(state, word, token.at)
    if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true' }
    if (word === 'and' || word === 'or') throw problem(`"${token.text}" needs a value before it`, token.at)
    return { kind: 'ref', path: token.text, at: token.at }
  }
  throw problem(
    token.kind === 'end' ? 'the formula ends where a value is expected' : `unexpected "${token.text}"`,
    token.at,
  )
}

function call(state: State, word: string, at: number): FormulaNode {
  if (!Object.hasOwn(formulaFunctions, word))
    throw problem(`there is no function "${word}": use ${Object.keys(formulaFunctions).join(', ')}`, at)
  const fn = word as FormulaFn
  expect(state, '(')
  const args: FormulaNode[] = []
  if (!(peek(state).kind === 'symbol' && peek(state).text === ')')) {
    args.push(expression(state, 0))
    while (peek(state).kind === 'symbol' && peek(state).text === ',') {
      state.next += 1
      args.push(expression(state, 0))
    }
  }
  expect(state, ')')
  const [least, most] = formulaFunctions[fn]
  if (args.length < least || args.length > most)
    throw problem(`${fn}() takes ${least === most ? least : `${least} to ${most}`} values, not ${args.length}`, at)
  return { kind: 'call', fn, args, at }
}

function operatorOf(token: Token): BinaryOp | undefined {
  if (token.kind === 'symbol') {
    if (token.text === '!=') return '<>'
    return Object.hasOwn(PRECEDENCE, token.text) ? (token.text as BinaryOp) : undefined
  }
  const word = token.kind === 'name' ? token.text.toLowerCase() : ''
  return word === 'and' || word === 'or' ? word : undefined
}

function expect(state: State, symbol: string): void {
  const token = peek(state)
  if (token.kind !== 'symbol' || token.text !== symbol)
    throw problem(`expected "${symbol}"${token.kind === 'end' ? ' at the end' : ` before "${token.text}"`}`, token.at)
  state.next += 1
}

function peek(state: State): Token {
  return state.tokens[state.next] ?? { kind: 'end', text: '', at: state.tokens.at(-1)?.at ?? 0 }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  const nul = text.indexOf('\0')
  if (nul >= 0) throw problem('no text holds the character NUL', nul)
  TOKEN.lastIndex = 0
  let position = 0
  while (text.slice(position).trim() !== '') {
    TOKEN.lastIndex = position
    const match = TOKEN.exec(text)
    if (match === null) throw problem(`unexpected "${text.slice(position).trim().slice(0, 10)}"`, position)
    const [whole, number, string, name, symbol] = match
    const at = position + whole.length - whole.trimStart().length
    if (number !== undefined) tokens.push({ kind: 'number', text: number, at })
    else if (string !== undefined) tokens.push({ kind: 'text', text: string.replaceAll("''", "'"), at })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, at })
    else tokens.push({ kind: 'symbol', text: symbol ?? '', at })
    position = TOKEN.lastIndex
  }
  tokens.push({ kind: 'end', text: '', at: text.length })
  return tokens
}

type Thrown = FormulaProblem & { readonly formulaProblem: true }
function problem(message: string, at: number): Thrown {
  return { formulaProblem: true, message, at }
}
function isProblem(error: unknown): error is Thrown {
  return typeof error === 'object' && error !== null && 'formulaProblem' in error
}
