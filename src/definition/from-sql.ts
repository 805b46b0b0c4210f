// SQL import: a Postgres SELECT becomes an editable definition that gives the same rows.
// In: SQL text and a catalog. Out: the definition with notes on what a person should know, or every construct that does not
// fit, each with its position. Refused: anything but one SELECT, names outside the catalog, what no definition can say.
import { parse } from 'libpg-query'
import type { Catalog } from '../catalog/schema.ts'
import type { Issue } from '../lib/issue.ts'
import { checkDefinition } from './check.ts'
import { bindQuery } from './from-sql/bind.ts'
import { compileQuery } from './from-sql/compile.ts'
import { byteToCharacter, type Position, positionAt } from './from-sql/position.ts'
import { type Problem, problemsOf } from './from-sql/problem.ts'
import { readQuery } from './from-sql/read-query.ts'
import type { Session } from './from-sql/session.ts'
import { parseDefinition } from './parse.ts'
import type { Definition } from './schema.ts'

export type ImportProblem = {
  readonly construct: string
  readonly message: string
  readonly position: Position
  readonly fix?: string
}
export type ImportResult =
  | { readonly ok: true; readonly definition: Definition; readonly notes: readonly string[] }
  | { readonly ok: false; readonly problems: readonly ImportProblem[] }

type Parsed = Awaited<ReturnType<typeof parse>>

const MAX_LENGTH = 50_000
const MAX_NESTING = 200
const MAX_TREE_DEPTH = 600

/** Imports one SELECT; never throws for any text. */
export async function importSql({ sql, catalog }: { sql: string; catalog: Catalog }): Promise<ImportResult> {
  const tooMuch = oversize(sql)
  if (tooMuch !== undefined) return failed(sql, [tooMuch])
  let parsed: Parsed
  try {
    parsed = await parse(sql)
  } catch (error) {
    return failed(sql, [syntaxProblem(sql, error)])
  }
  return importParsed(sql, parsed, catalog)
}

/** Everything after the parser: pure. */
function importParsed(sql: string, parsed: Parsed, catalog: Catalog): ImportResult {
  try {
    const statements = parsed.stmts ?? []
    const [first, second] = statements
    const at = byteToCharacter(sql)
    if (first === undefined)
      return failed(sql, [{ construct: 'empty', message: 'Cannot import an empty text: write a SELECT', at: 0 }])
    if (second !== undefined) {
      const place = at(second.stmt_location ?? 0)
      const message = 'Cannot import several statements: write one SELECT'
      return failed(sql, [{ construct: 'statements', message, at: place + leadingSpace(sql, place) }])
    }
    const start = at(first.stmt_location ?? 0)
    if (isTooDeep(parsed))
      return failed(sql, [
        { construct: 'nesting', message: 'Cannot import a query nested this deep: flatten it', at: start },
      ])
    const query = readQuery({ at }, first.stmt, start + leadingSpace(sql, start))
    const bound = bindQuery(catalog, query)
    if (bound.problems.length > 0) return failed(sql, bound.problems)
    const session: Session = { catalog, notes: [] }
    const definition = compileQuery(session, bound.query, 'table')
    const checked = parseDefinition(definition)
    if (!checked.ok) {
      const message = `Cannot import a query this large: ${checked.issues.map(wordsOf).join('; ')}`
      return failed(sql, [{ construct: 'size', message, at: start }])
    }
    const issues = checkDefinition(checked.definition, catalog)
    if (issues.length > 0)
      return failed(
        sql,
        issues.map((issue) => problemOf(issue, bound.query.at)),
      )
    return { ok: true, definition: checked.definition, notes: session.notes }
  } catch (error) {
    return failed(sql, problemsOf(error))
  }
}

/** Whether the syntax tree is deeper than the functions that walk it may go; measured without recursion. */
function isTooDeep(tree: unknown): boolean {
  let level: unknown[] = [tree]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_TREE_DEPTH) return true
    level = level.flatMap((node) => (typeof node === 'object' && node !== null ? Object.values(node) : []))
  }
  return false
}

function wordsOf({ message, fix }: Issue): string {
  const text = fix === undefined ? message : `${message}, so ${fix.charAt(0).toLowerCase()}${fix.slice(1)}`
  return text.charAt(0).toLowerCase() + text.slice(1)
}

/** What the language refuses although it could be written down, such as a value that does not fit its field. */
function problemOf({ code, message, fix }: Issue, at: number): Problem {
  return fix === undefined ? { construct: code, message, at } : { construct: code, message, at, fix }
}

function oversize(sql: string): Problem | undefined {
  if (sql.length > MAX_LENGTH)
    return {
      construct: 'length',
      message: `Cannot import a text this long: at most ${MAX_LENGTH} characters`,
      at: MAX_LENGTH,
    }
  let depth = 0
  for (let i = 0; i < sql.length; i += 1) {
    const character = sql[i]
    if (character === '(' || character === '[') depth += 1
    else if (character === ')' || character === ']') depth -= 1
    if (depth > MAX_NESTING)
      return {
        construct: 'nesting',
        message: `Cannot import a query nested this deep: at most ${MAX_NESTING} parentheses`,
        at: i,
      }
  }
  return undefined
}

function syntaxProblem(sql: string, error: unknown): Problem {
  const details = typeof error === 'object' && error !== null && 'sqlDetails' in error ? error.sqlDetails : undefined
  const known = typeof details === 'object' && details !== null ? details : {}
  const text =
    'message' in known && typeof known.message === 'string' ? known.message : 'it is not SQL that Postgres reads'
  const place = 'cursorPosition' in known && typeof known.cursorPosition === 'number' ? known.cursorPosition : 0
  const at = [...sql].slice(0, Math.max(0, place)).join('').length
  return { construct: 'syntax', message: `Cannot read the SQL: ${text}`, at }
}

function leadingSpace(sql: string, from: number): number {
  return /^[\s;]*/.exec(sql.slice(from))?.[0].length ?? 0
}

function failed(sql: string, problems: readonly Problem[]): ImportResult {
  const seen = new Set<string>()
  const unique = problems.filter(({ construct, message, at }) => {
    const key = `${construct} ${message} ${at}`
    const again = seen.has(key)
    seen.add(key)
    return !again
  })
  const sorted = [...unique].sort((a, b) => a.at - b.at)
  return {
    ok: false,
    problems: sorted.map(({ construct, message, at, fix }) => ({
      construct,
      message,
      position: positionAt(sql, at),
      ...(fix === undefined ? {} : { fix }),
    })),
  }
}
