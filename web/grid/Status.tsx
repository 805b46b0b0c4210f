import { readerLocale } from '../api/locale.ts'
import styles from './grid.module.css'
import { sortWords } from './grid-menu.ts'
import type { Box } from './selection.ts'
import type { Columns } from './useColumns.ts'

type Props = { columns: Columns; partial: boolean; sortedOverAll: boolean; selected: Box | undefined; said: string }

/** What the reader did to the table, in words: how it is sorted and what of it, what is selected, what was copied. */
export function Status({ columns, partial, sortedOverAll, selected, said }: Props) {
  const number = (n: number) => n.toLocaleString(readerLocale)
  const sorted = sortedAs(columns)
  const loaded = number(columns.rows.length)
  const size = selected && [selected.bottom - selected.top + 1, selected.right - selected.left + 1].map(number)
  const parts = [
    sorted !== '' && `${sorted}.`,
    sortedOverAll && `Of all rows, read just now, these are the first ${loaded}.`,
    sorted !== '' &&
      partial &&
      !sortedOverAll &&
      `Only the ${loaded} rows that are here are sorted; the table has more.`,
    size && `${size.join(' × ')} cells selected; Ctrl+C copies them.`,
    said !== '' && `${said}.`,
  ].filter(Boolean)
  return (
    <p role="status" className={parts.length > 0 ? styles.note : 'visually-hidden'}>
      {parts.join(' ')}
    </p>
  )
}

/** How the reader sorted, in words; nothing where they did not. */
export function sortedAs({ sorting, drawn }: Columns): string {
  const sorted = sorting.flatMap(({ id, desc }) => {
    const found = drawn.find((shown) => shown.id === id)
    return found ? [`${found.column.label}, ${lowered(sortWords(found)[desc ? 'desc' : 'asc'])}`] : []
  })
  return sorted.length > 0 ? `Sorted by ${sorted.join('; ')}` : ''
}

const lowered = (words: string): string =>
  /^[AZ] /.test(words) ? words : words.charAt(0).toLowerCase() + words.slice(1)
