import type { Definition } from '../../src/definition/schema.ts'
import { formatCell, isNumeric } from '../../src/rows/format.ts'
import type { Question, ReadingOption } from '../../src/tables/generate.ts'
import { readerOptions } from '../api/generate.ts'
import styles from './QuestionView.module.css'

type Props = { question: Question; onChoose: (reading: Definition) => void }

/** The words may mean different numbers: each reading in its words, with its numbers, one click away. */
export function QuestionView({ question, onChoose }: Props) {
  return (
    <div className={styles.question}>
      <h2 className={styles.title}>{question.question}</h2>
      <p className={styles.lead}>Your words fit more than one table, and their numbers differ.</p>
      <ul className={styles.readings}>
        {question.readings.map((reading) => (
          <li key={reading.sentence}>
            <button type="button" className={styles.reading} onClick={() => onChoose(reading.definition)}>
              <span className={styles.sentence}>{reading.sentence}</span>
              <span className={styles.numbers}>{headline(reading)}</span>
              {reading.assumptions.map((one) => (
                <span key={one} className={styles.assumed}>
                  {one}
                </span>
              ))}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** One row: its numbers. More: how many, and how the first ones begin. */
function headline({ columns, rows, rowCount, truncated, definition }: ReadingOption): string {
  if (rowCount === 0) return 'No rows'
  const text = (row: ReadingOption['rows'][number], at: number) => {
    const column = columns[at]
    return column === undefined ? '' : formatCell(row[at] ?? null, column, readerOptions)
  }
  const [first] = rows
  if (rowCount === 1 && first !== undefined) {
    return columns.map(({ label }, at) => `${label} ${text(first, at)}`).join(', ')
  }
  const name = columns.findIndex((column) => !isNumeric(column))
  // The number that the rows are ranked by says most.
  const ranked = columns.findIndex(
    (column) => isNumeric(column) && definition.sortBy.some(({ field }) => field === column.id),
  )
  const number = ranked >= 0 ? ranked : columns.findLastIndex(isNumeric)
  const shown = rows.map((row) =>
    [name, number]
      .filter((at) => at >= 0)
      .map((at) => text(row, at))
      .join(' '),
  )
  const count = `${rowCount.toLocaleString(readerOptions.locale)}${truncated ? ' or more' : ''} rows`
  return `${count}: ${shown.join(', ')}${rowCount > rows.length ? '\u00a0…' : ''}`
}
