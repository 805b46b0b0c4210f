// Ids and labels of output columns.
import { humanise } from '../../catalog/words.ts'

/** Gives ids that are identifiers and differ from each other; `named` ones (AS) are kept for those who ask by `name`. */
export function idMaker(named: readonly (string | null)[]): (name: string | null, otherwise: string) => string {
  const kept = new Set(named.flatMap((name) => (name === null ? [] : [cleaned(name)])))
  const used = new Set<string>()
  /** Numbers below are taken, for those with a name of their own and those without: thousands of columns may have one. */
  const next = new Map<string, number>()
  return (name, otherwise) => {
    const base = cleaned(name ?? otherwise)
    let id = base
    const counter = `${name === null} ${base}`
    let n = next.get(counter) ?? 2
    for (; used.has(id) || (name === null && kept.has(id)); n += 1) id = `${base}_${n}`
    next.set(counter, n)
    used.add(id)
    return id
  }
}

function cleaned(name: string): string {
  const text = name
    .replace(/[^A-Za-z0-9_.]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60)
  return /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/.test(text)
    ? text
    : `column_${text.replaceAll(/[^A-Za-z0-9_]/g, '_')}`
}

/** The label of a column named with AS; nothing for one that was not. */
export function labelOf(name: string | null): { label?: string } {
  if (name === null) return {}
  const label = /^[a-z0-9_]+$/i.test(name) ? humanise(name) : name
  return label.trim() === '' ? {} : { label: label.slice(0, 120) }
}
