import { checkCompare } from '../../src/definition/check-compare.ts'
import type { Definition } from '../../src/definition/schema.ts'
import styles from './builder.module.css'
import { setCompare } from './edits.ts'
import { Part } from './Part.tsx'

type Props = { definition: Definition; onChange: (definition: Definition) => void }
type To = NonNullable<Definition['compare']>['to']

const CHOICES: readonly (readonly [To, string])[] = [
  ['previous_period', 'The period before'],
  ['previous_year', 'The year before'],
]

/** Beside each number what it was earlier. The checker itself says with which times it can be compared. */
export function ComparePart({ definition, onChange }: Props) {
  const { compare, pivot, aggregates } = definition
  const blocked = (to: To) =>
    aggregates.length === 0
      ? { message: 'There is no number to compare', fix: 'Add a number' }
      : pivot !== null
        ? { message: 'A table with values as columns is not compared', fix: undefined }
        : checkCompare({ ...definition, compare: { to } }, [])[0]
  const choices = CHOICES.map(([to, label]) => ({ to, label, issue: blocked(to) }))
  const reasons = new Set(
    choices.flatMap(({ issue }) =>
      issue === undefined ? [] : [`${issue.message}${issue.fix ? `. ${issue.fix}` : ''}.`],
    ),
  )
  return (
    <Part title="Compare with" part="compare">
      <div className={styles.checks} role="radiogroup" aria-label="Compare with">
        <label>
          <input
            type="radio"
            name="compare"
            checked={compare === null}
            onChange={() => onChange(setCompare(definition, null))}
          />{' '}
          Nothing
        </label>
        {choices.map(({ to, label, issue }) => (
          <label key={to}>
            <input
              type="radio"
              name="compare"
              checked={compare?.to === to}
              disabled={issue !== undefined && compare?.to !== to}
              onChange={() => onChange(setCompare(definition, { to }))}
            />{' '}
            {label}
          </label>
        ))}
      </div>
      {compare === null &&
        [...reasons].map((reason) => (
          <p key={reason} className={styles.hint}>
            {reason}
          </p>
        ))}
    </Part>
  )
}
