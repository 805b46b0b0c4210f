// How a reader has laid out a table, kept in their browser for the next time: order, widths, what is hidden and pinned,
// bars, and which chart is drawn of it. In: who reads which table. Out: what was kept; nothing where it is not readable any more.
export type KeptView = {
  readonly order?: readonly string[]
  readonly pinned?: readonly string[]
  readonly hidden?: readonly string[]
  /** Shown, though they are usually not. */
  readonly brought?: readonly string[]
  readonly widths?: Readonly<Record<string, number>>
  readonly bars?: readonly string[]
  /** Table, chart or both, and the kind of chart. */
  readonly shown?: string | undefined
  readonly chart?: string | undefined
}
const KEY = 'tablewright-grids'
/** The oldest ones go. */
const MOST = 100

export function readView(key: string): KeptView {
  const [, found] = all().find(([one]) => one === key) ?? []
  return found ?? {}
}

/** Keeps a part of a view beside the others; a view in which nothing was changed is not kept. */
export function keepView(key: string, part: KeptView): void {
  const next = Object.fromEntries(Object.entries({ ...readView(key), ...part }).filter(([, value]) => !isEmpty(value)))
  const others = all().filter(([one]) => one !== key)
  const entries = Object.keys(next).length === 0 ? others : [...others, [key, next] as const]
  try {
    localStorage.setItem(KEY, JSON.stringify(entries.slice(-MOST)))
  } catch {
    // A browser without storage forgets with the page.
  }
}

const isEmpty = (value: object | string | undefined): boolean => value === undefined || Object.keys(value).length === 0

function all(): readonly (readonly [string, KeptView])[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(found) ? found.flatMap(entryOf) : []
  } catch {
    return []
  }
}

function entryOf(entry: unknown): (readonly [string, KeptView])[] {
  if (!Array.isArray(entry)) return []
  const [key, view]: unknown[] = entry
  if (typeof key !== 'string' || typeof view !== 'object' || view === null) return []
  const { order, pinned, hidden, brought, bars, widths, shown, chart } = view as Record<string, unknown>
  const names = (name: string, list: unknown) =>
    Array.isArray(list) && list.every((one) => typeof one === 'string') ? { [name]: list as string[] } : {}
  const sizes =
    typeof widths === 'object' && widths !== null
      ? Object.fromEntries(Object.entries(widths).filter((one): one is [string, number] => typeof one[1] === 'number'))
      : {}
  return [
    [
      key,
      {
        ...names('order', order),
        ...names('pinned', pinned),
        ...names('hidden', hidden),
        ...names('brought', brought),
        ...names('bars', bars),
        widths: sizes,
        ...(typeof shown === 'string' && { shown }),
        ...(typeof chart === 'string' && { chart }),
      },
    ],
  ]
}
