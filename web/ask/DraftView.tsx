import { Link } from '@tanstack/react-router'
import type { Draft } from '../../src/tables/generate.ts'
import { EditInBuilder } from '../builder/EditInBuilder.tsx'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import styles from './DraftView.module.css'
import { Suggestions } from './Suggestions.tsx'
import { unclearParts } from './unclear.ts'

type Props = {
  draft: Draft
  prompt: string
  /** It was read as a change of the table before. */
  refines: boolean
  onAsk: (prompt: string) => void
  onReword: (prompt: string) => void
}

/** Understood in part: what is clear, what is not, and what would work. Never shown as a table. */
export function DraftView({ draft, prompt, refines, onAsk, onReword }: Props) {
  const unclear = unclearParts(prompt, draft.notUnderstood)
  const guessed = draft.notUnderstood.length === 0 && draft.definition !== undefined
  const nothing = draft.understood.length === 0 && draft.definition === undefined
  const title = guessed
    ? 'This may be what you mean'
    : nothing
      ? 'This was not understood'
      : 'Part of this is clear, part is not'
  return (
    <div className={styles.draft}>
      <h2 className={styles.title}>{title}</h2>
      <p className={styles.lead}>
        {guessed
          ? 'It is not sure enough to be shown as an answer. Read the sentence; the builder shows its rows.'
          : nothing
            ? 'Say it in other words, begin with one of those below, or build the table by hand.'
            : 'No table is shown until all of it is understood.'}
      </p>
      {nothing &&
        draft.notes.map((note) => (
          <p key={note} className={styles.lead}>
            {note}
          </p>
        ))}
      <div className={styles.parts}>
        <Part title="Understood" items={draft.understood} icon="check" className={styles.clear} />
        <Part
          title="Not understood"
          items={nothing && unclear[0] === prompt ? [] : unclear}
          icon="question"
          className={styles.unclear}
        />
      </div>
      {draft.sentence !== undefined && !draft.understood.includes(draft.sentence) && (
        <p className={styles.sofar}>
          <span className={styles.label}>So far</span>
          <span className={styles.sentence}>{draft.sentence}</span>
        </p>
      )}
      <div className={styles.finish}>
        {refines && <Button onClick={() => onAsk(prompt)}>Ask it as a new question</Button>}
        <Button onClick={() => onReword(prompt)}>Change the words</Button>
        {draft.definition === undefined ? (
          <Link to="/build">Build it by hand</Link>
        ) : (
          <EditInBuilder definition={draft.definition} open={unclear} label="Finish it in the builder" />
        )}
      </div>
      <Suggestions prompts={draft.suggestions} label="These would work" onAsk={onAsk} />
    </div>
  )
}

function Part({
  title,
  items,
  icon,
  className,
}: {
  title: string
  items: readonly string[]
  icon: 'check' | 'question'
  className?: string | undefined
}) {
  if (items.length === 0) return null
  return (
    <section className={className}>
      <h3 className={styles.label}>{title}</h3>
      <ul className={styles.items}>
        {items.map((item) => (
          <li key={item}>
            <span className={styles.icon}>
              <Icon name={icon} size={18} />
            </span>
            {item}
          </li>
        ))}
      </ul>
    </section>
  )
}
