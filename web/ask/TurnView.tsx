import { useEffect, useRef } from 'react'
import type { Definition } from '../../src/definition/schema.ts'
import { EditInBuilder } from '../builder/EditInBuilder.tsx'
import { SaveTable } from '../library/SaveTable.tsx'
import { Button } from '../ui/Button.tsx'
import { asSentence, rowCount } from '../ui/words.ts'
import { AnswerView, type OnEdit } from './AnswerView.tsx'
import { DraftView } from './DraftView.tsx'
import { FailureView } from './FailureView.tsx'
import { KeptView, wordsOf } from './KeptView.tsx'
import { QuestionView } from './QuestionView.tsx'
import { Suggestions } from './Suggestions.tsx'
import styles from './TurnView.module.css'
import { nameOf, type Outcome, type Turn, tableOf } from './thread.ts'
import { WorkingView } from './WorkingView.tsx'

type Props = {
  turn: Turn
  last: boolean
  /** Asks a question of its own. */
  onAsk: (prompt: string) => void
  /** Puts the words back into the box. */
  onReword: (prompt: string) => void
  onRetry: () => void
  onChoose: (reading: Definition) => void
  onEdit: OnEdit
  onBack: () => void
}

/** A prompt and what became of it. Only the last turn shows its table; earlier ones say what they were. */
export function TurnView({ turn, last, onBack, ...actions }: Props) {
  const { outcome, prompt } = turn
  const name = nameOf(turn)
  const place = useRef<HTMLElement>(null)
  useEffect(() => {
    const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'
    if (last && outcome.kind !== 'stopped') place.current?.scrollIntoView({ block: 'start', behavior })
  }, [last, outcome.kind])
  return (
    <article ref={place} className={`${styles.turn} ${last ? styles.latest : styles.earlier}`} aria-label={name}>
      <p className={name === prompt ? styles.prompt : `${styles.prompt} ${styles.did}`}>{name}</p>
      {last ? (
        <Latest turn={turn} byHand={name !== prompt} {...actions} />
      ) : (
        <div className={styles.was}>
          <p>{summaryOf(outcome)}</p>
          <Keep turn={turn} onBack={onBack} />
        </div>
      )}
      <p className="visually-hidden" role="status">
        {last ? announcement(outcome) : ''}
      </p>
    </article>
  )
}

/** What can be done with the table of an earlier turn. */
function Keep({ turn, onBack }: { turn: Turn; onBack: () => void }) {
  const { prompt } = turn
  const table = tableOf(turn)
  const name = nameOf(turn)
  return (
    <div className={styles.keep}>
      {canGoOn(turn.outcome) && (
        <Button kind="quiet" onClick={onBack}>
          Go back to this
        </Button>
      )}
      {table && (
        <>
          <SaveTable kind="quiet" of={name} prompt={prompt} {...table} />
          <EditInBuilder kind="quiet" of={name} prompt={prompt} definition={table.definition} />
        </>
      )}
    </div>
  )
}

function Latest({
  turn,
  byHand,
  onAsk,
  onReword,
  onRetry,
  onChoose,
  onEdit,
}: { byHand: boolean } & Pick<Props, 'turn' | 'onAsk' | 'onReword' | 'onRetry' | 'onChoose' | 'onEdit'>) {
  const { prompt, outcome, base } = turn
  switch (outcome.kind) {
    case 'working':
      return <WorkingView working={outcome} />
    case 'answer':
      return <AnswerView answer={outcome} prompt={prompt} byHand={byHand} onEdit={onEdit} />
    case 'kept':
      return <KeptView kept={outcome} prompt={prompt} byHand={byHand} onEdit={onEdit} />
    case 'draft':
      return (
        <DraftView draft={outcome} prompt={prompt} refines={base !== undefined} onAsk={onAsk} onReword={onReword} />
      )
    case 'question':
      return <QuestionView question={outcome} onChoose={onChoose} />
    case 'refused':
      return (
        <div className={styles.refused}>
          <h2 className={styles.heading}>This cannot be answered here</h2>
          <p className={styles.reason}>{asSentence(outcome.reason)}</p>
          <Suggestions prompts={outcome.suggestions} label="What can be asked" onAsk={onAsk} />
        </div>
      )
    case 'failed':
      return <FailureView failure={outcome.failure} onRetry={onRetry} />
    case 'stopped':
      return <p className={styles.was}>Stopped.</p>
  }
}

/** Whether a turn has a table that another can begin from. */
function canGoOn(outcome: Outcome): boolean {
  return outcome.kind === 'answer' || (outcome.kind === 'kept' && outcome.view.definition !== null)
}

function summaryOf(outcome: Outcome): string {
  if (outcome.kind === 'answer') return outcome.sentence
  if (outcome.kind === 'draft')
    return outcome.understood.length === 0 && outcome.definition === undefined
      ? 'Not understood.'
      : 'Understood in part.'
  if (outcome.kind === 'refused') return outcome.reason
  if (outcome.kind === 'question') return outcome.question
  if (outcome.kind === 'kept') return outcome.view.sentence ?? wordsOf(outcome.view.answer)
  if (outcome.kind === 'failed') return outcome.failure.message
  return 'Stopped.'
}

function announcement(outcome: Outcome): string {
  if (outcome.kind === 'working') return outcome.stage === 'running' ? 'Reading the rows' : 'Understanding the question'
  if (outcome.kind === 'answer') return `Table ready: ${rowCount(outcome.table.rows.length)}`
  return summaryOf(outcome)
}
