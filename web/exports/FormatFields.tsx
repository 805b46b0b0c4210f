import type { FileOptions, Format } from '../api/download.ts'
import forms from '../ui/form.module.css'
import styles from './exports.module.css'

const FORMATS = {
  csv: { label: 'CSV', about: 'For other programs; 10,000,000 rows at most.' },
  xlsx: { label: 'Excel', about: 'A workbook; 2,000,000 rows at most.' },
  pdf: { label: 'PDF', about: 'To print or read; 10,000 rows at most.' },
} as const
const DELIMITERS = { ',': 'Comma', ';': 'Semicolon', '\t': 'Tab', '|': 'Vertical bar' } as const

type Props = {
  format: Format
  onFormat: (format: Format) => void
  options: FileOptions
  onOptions: (options: FileOptions) => void
}

export function FormatFields({ format, onFormat, options, onOptions }: Props) {
  const { delimiter = ',', bom = false, cells = 'plain', totals = false } = options
  return (
    <>
      <fieldset className={styles.formats}>
        <legend>Format</legend>
        {Object.entries(FORMATS).map(([id, { label, about }]) => (
          <label key={id} className={styles.format}>
            <input type="radio" name="format" checked={format === id} onChange={() => onFormat(id as Format)} />
            <span>
              {label}
              <span className={forms.about}>{about}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {format === 'csv' && (
        <fieldset className={styles.options}>
          <legend className="visually-hidden">How the CSV is written</legend>
          <div className={styles.pair}>
            <label className={forms.field}>
              Separator
              <select
                className={forms.input}
                value={delimiter}
                onChange={({ target }) => onOptions({ ...options, delimiter: target.value as typeof delimiter })}
              >
                {Object.entries(DELIMITERS).map(([sign, label]) => (
                  <option key={label} value={sign}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
            <label className={forms.field}>
              Numbers and dates
              <select
                className={forms.input}
                value={cells}
                onChange={({ target }) => onOptions({ ...options, cells: target.value as typeof cells })}
              >
                <option value="plain">Plain, such as 1234.50</option>
                <option value="shown">As on the screen</option>
              </select>
            </label>
          </div>
          <label className={styles.check}>
            <input
              type="checkbox"
              checked={bom}
              onChange={({ target }) => onOptions({ ...options, bom: target.checked })}
            />
            Marked as UTF-8, so that Excel reads accents
          </label>
          <label className={styles.check}>
            <input
              type="checkbox"
              checked={totals}
              onChange={({ target }) => onOptions({ ...options, totals: target.checked })}
            />
            With the grand total as last row, if there is one
          </label>
        </fieldset>
      )}
    </>
  )
}
