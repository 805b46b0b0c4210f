import forms from '../ui/form.module.css'
import { MAX_ATTACHED_MB } from './draft.ts'
import { Problem, type Section } from './Section.tsx'
import styles from './schedules.module.css'

const FORMATS = { excel: 'Excel file', csv: 'CSV file', pdf: 'PDF file', table: 'Table in the mail itself' } as const

/** What the mail is: its file, its subject, what stands above the rows. */
export function MailFields({ draft, set, problems, name, report }: Section & { name: string; report: boolean }) {
  return (
    <fieldset className={styles.section}>
      <legend>What</legend>
      <label className={forms.field}>
        Format
        <select
          className={forms.input}
          value={draft.format}
          onChange={({ target }) => set({ format: target.value as typeof draft.format })}
        >
          {Object.entries(FORMATS)
            .filter(([id]) => !report || id !== 'table')
            .map(([id, label]) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
        </select>
        <span className={styles.hint}>
          {draft.format === 'table' ? 'Up to 200 rows.' : 'The first rows also stand in the mail.'}
        </span>
      </label>
      <label className={forms.field}>
        Subject (optional)
        <input
          className={forms.input}
          maxLength={200}
          placeholder={name}
          value={draft.subject}
          onChange={({ target }) => set({ subject: target.value })}
        />
      </label>
      <label className={forms.field}>
        Message (optional)
        <textarea
          className={`${forms.input} ${styles.message}`}
          rows={3}
          maxLength={2000}
          value={draft.message}
          onChange={({ target }) => set({ message: target.value })}
        />
      </label>
      {draft.format !== 'table' && (
        <label className={forms.field}>
          Largest file to attach, in MB
          <input
            id="schedule-linkAboveMb"
            className={`${forms.input} ${styles.short}`}
            type="number"
            min={0}
            max={MAX_ATTACHED_MB}
            step="any"
            value={draft.linkAboveMb}
            aria-invalid={problems.linkAboveMb !== undefined}
            onChange={({ target }) => set({ linkAboveMb: target.value })}
          />
          <span className={styles.hint}>A larger one is a link in the mail, good for seven days.</span>
          <Problem part="linkAboveMb" problems={problems} />
        </label>
      )}
    </fieldset>
  )
}
