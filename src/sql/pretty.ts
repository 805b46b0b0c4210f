// Printed SQL laid out for reading. In: a statement of ours. Out: the same tokens with line breaks and indents.
const BREAKS =
  /^(?:select|from|where|group by|having|order by|limit|union all|left join|inner join|join|cross join|with)\b/

/** Breaks a statement at its clauses, deeper in parentheses that hold a query; what is quoted is never touched. */
export function prettySql(text: string): string {
  const opened: boolean[] = []
  let out = ''
  for (let at = 0; at < text.length; ) {
    const char = text[at] ?? ''
    const rest = text.slice(at, at + 24)
    const clause = isClausePlace(opened) && !/[\w"]/.test(text[at - 1] ?? '') ? BREAKS.exec(rest)?.[0] : undefined
    if (char === '"' || char === "'") {
      const end = closing(text, at)
      out += text.slice(at, end)
      at = end
    } else if (char === '(') {
      const query = /^\(\s*(?:select|with)\b/.test(rest)
      opened.push(query)
      out += query ? `(${lineBreak(opened)}` : '('
      at += 1
    } else if (char === ')') {
      if (opened.pop()) out = `${out.trimEnd()}${lineBreak(opened)}`
      out += ')'
      at += 1
    } else if (clause !== undefined) {
      out = out === '' || /\n\s*$/.test(out) ? out + clause : `${out.trimEnd()}${lineBreak(opened)}${clause}`
      at += clause.length
    } else {
      out += char
      at += 1
    }
  }
  return out
}

/** Inside a function's parentheses "from" and "order by" are no clauses: extract(year from x), sum(x) over (order by y). */
function isClausePlace(opened: readonly boolean[]): boolean {
  return opened.at(-1) ?? true
}

function lineBreak(opened: readonly boolean[]): string {
  return `\n${'  '.repeat(opened.filter(Boolean).length)}`
}

function closing(text: string, from: number): number {
  const quote = text[from] ?? ''
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] !== quote) continue
    if (text[at + 1] === quote) at += 1
    else return at + 1
  }
  return text.length
}
