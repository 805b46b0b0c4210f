// Text that should be JSON. In: text from outside. Out: the value. Refused: anything else, with line and column; nesting too deep.

export type JsonProblem = {
  /** 1-based place of the first character that cannot stand there. */
  readonly line: number
  readonly column: number
  readonly reason: string
}
export type ParsedJson = { readonly ok: true; readonly value: unknown } | ({ readonly ok: false } & JsonProblem)

/** Parses JSON; says where it stops being JSON, or nests more than `maxDepth` levels (default 64). */
export function parseJson(text: string, maxDepth = 64): ParsedJson {
  const stop = scan(text, maxDepth)
  if (stop !== undefined) {
    const before = text.slice(0, stop.at).split('\n')
    return { ok: false, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, reason: stop.reason }
  }
  return { ok: true, value: JSON.parse(text) }
}

const SPACE = /[ \t\n\r]*/y
const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y

type Stop = { at: number; reason: string }

/** Undefined when the text is JSON. A loop with its own stack, so that no depth of nesting can exhaust ours. */
function scan(text: string, maxDepth: number): Stop | undefined {
  let at = 0
  const closers: ('}' | ']')[] = []
  let expect: 'value' | 'value or ]' | 'key' | 'key or }' | 'after' = 'value'
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null || found[0] === '') return false
    at += found[0].length
    return true
  }
  const stop = (reason: string): Stop => ({ at, reason: at >= text.length ? 'the text ends too early' : reason })
  const string = (): boolean => {
    const closed = take(STRING) && text[at] === '"'
    if (closed) at += 1
    return closed
  }
  for (;;) {
    take(SPACE)
    const char = text[at]
    if (expect === 'after') {
      const closer = closers.at(-1)
      if (closer === undefined) return at === text.length ? undefined : stop('something follows the value')
      if (char === ',') expect = closer === '}' ? 'key' : 'value'
      else if (char === closer) closers.pop()
      else return stop(`"," or "${closer}" is missing`)
      at += 1
    } else if ((expect === 'key or }' && char === '}') || (expect === 'value or ]' && char === ']')) {
      closers.pop()
      at += 1
      expect = 'after'
    } else if (expect === 'key' || expect === 'key or }') {
      if (!string()) return stop('a name in double quotes is expected')
      take(SPACE)
      if (text[at] !== ':') return stop('":" is missing')
      at += 1
      expect = 'value'
    } else if (char === '{' || char === '[') {
      if (closers.length >= maxDepth) return stop(`nested more than ${maxDepth} levels deep`)
      closers.push(char === '{' ? '}' : ']')
      expect = char === '{' ? 'key or }' : 'value or ]'
      at += 1
    } else {
      const found = char === '"' ? string() : take(NUMBER) || take(WORD)
      if (!found) return stop(char === '"' ? 'the text in quotes is broken' : 'a value is expected')
      expect = 'after'
    }
  }
}
