// A catalog file as data that knows where each part was written.
// In: YAML text. Out: plain data, and the line and column of any path in it.
// Refused: what is not YAML, keys given twice, keys that are not names, more than one document.
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, visit } from 'yaml'

/** One thing that is wrong with a catalog file; line and column start at 1. */
export type CatalogProblem = {
  readonly line: number
  readonly column: number
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly fix?: string
}
export type Place = { readonly line: number; readonly column: number }
export type Path = readonly (string | number)[]

/** `data` is undefined when the text is not YAML; `placeOf` gives the nearest place that is written for a path; with `key`, the place of that key inside it. */
export type Source = {
  readonly data: unknown
  readonly problems: readonly CatalogProblem[]
  readonly placeOf: (path: Path, key?: string) => Place
}

/** Reads YAML (or JSON) text; `problems` is empty when the text is one well-formed document. */
export function readSource(text: string): Source {
  const lines = new LineCounter()
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const problems: CatalogProblem[] = []
  let readable = true
  const complain = (offset: number, message: string, fix?: string) =>
    problems.push({ ...placeAt(offset), path: [], message, ...(fix === undefined ? {} : { fix }) })
  const giveUp = (offset: number, message: string, fix?: string) => {
    readable = false
    complain(offset, message, fix)
  }

  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })
  const [document, second] = Array.isArray(documents) ? documents : []
  if (document === undefined || document.contents === null) {
    giveUp(0, 'Cannot read the catalog: the file is empty', 'start with "version: 1" and "entities:"')
    return { data: undefined, problems, placeOf: () => placeAt(0) }
  }
  if (second !== undefined)
    giveUp(second.range[0], 'Cannot read the catalog: the file holds a second document', 'remove the line "---"')
  for (const error of document.errors) {
    if (error.code === 'DUPLICATE_KEY') {
      const key = /^[^\s:]+/.exec(text.slice(error.pos[0]))?.[0] ?? ''
      complain(error.pos[0], `Cannot read key "${key}": it is given twice in one place`, 'keep one of the two')
    } else giveUp(error.pos[0], `Cannot read the catalog as YAML: ${plainText(error.message)}`)
  }
  visit(document, {
    Pair(_, pair) {
      const offset = startOf(pair.key) ?? 0
      if (!isScalar(pair.key))
        giveUp(offset, 'Cannot read the catalog: a key is a list or a map', 'write a plain name as the key')
      else if (pair.key.value === '__proto__') complain(offset, 'Cannot use the key "__proto__": the name is reserved')
    },
  })
  const data = readable ? dataOf(document, (message) => giveUp(0, message)) : undefined
  return { data, problems, placeOf: (path, key) => placeAt(offsetOf(document, path, key)) }
}

function dataOf(document: Document.Parsed, refuse: (message: string) => void): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 })
  } catch (error) {
    refuse(`Cannot read the catalog as YAML: ${error instanceof Error ? plainText(error.message) : 'it is unreadable'}`)
    return undefined
  }
}

/** The parser's sentence in one line, in lower case, without its own position. */
function plainText(message: string): string {
  const line = message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? message
  return line.charAt(0).toLowerCase() + line.slice(1)
}

function offsetOf(document: Document.Parsed, path: Path, key?: string): number {
  let node: unknown = document.contents
  let offset = 0
  for (const segment of key === undefined ? path : [...path, key]) {
    node = isAlias(node) ? node.resolve(document) : node
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(segment))
      if (pair === undefined) return offset
      offset = startOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node) && typeof segment === 'number' && segment < node.items.length) {
      node = node.items[segment]
      offset = startOf(node) ?? offset
    } else return offset
  }
  // An empty value has no place of its own: its key stands for it.
  const written = key === undefined && isScalar(node) && node.value !== null
  return written ? (startOf(node) ?? offset) : offset
}

function startOf(node: unknown): number | undefined {
  const range = (node as Partial<Node> | null)?.range
  return range?.[0]
}
