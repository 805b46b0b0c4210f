import { useCatalog } from '../api/client.ts'
import { asFailure } from '../api/failure.ts'
import { useOrganization } from '../api/organization.ts'
import { useReaderChange } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import styles from './AskScreen.module.css'
import { FailureView } from './FailureView.tsx'
import { PromptBox } from './PromptBox.tsx'
import { Suggestions } from './Suggestions.tsx'
import { TurnView } from './TurnView.tsx'
import { useThread } from './useThread.ts'

/** Ask, read, refine. Another organization begins another conversation, and so does whoever comes after one who signed out. */
export function AskScreen() {
  const organization = useOrganization()
  const reader = useReaderChange()
  return <Conversation key={`${organization ?? ''} ${reader}`} />
}

function Conversation() {
  const { thread, busy, ask, retry, stop, clear } = useThread()
  if (thread.length === 0) return <Start onAsk={ask} />
  const answered = thread.some((turn) => turn.outcome.kind === 'answer')
  return (
    <>
      <h1 className="visually-hidden">Questions and tables</h1>
      <div className={styles.thread}>
        {thread.map((turn) => (
          <TurnView key={turn.id} turn={turn} last={turn === thread.at(-1)} onAsk={ask} onRetry={() => retry(turn)} />
        ))}
      </div>
      <div className={styles.dock}>
        <div className={styles.dockInner}>
          <PromptBox
            size="small"
            label={answered ? 'Refine this table' : 'Ask again'}
            placeholder={placeholder(busy, answered)}
            busy={busy}
            onAsk={ask}
            onStop={stop}
            recall={thread.at(-1)?.prompt}
          />
          <Button kind="quiet" onClick={clear} className={styles.fresh}>
            <Icon name="plus" size={16} />
            New table
          </Button>
        </div>
      </div>
    </>
  )
}

function placeholder(busy: boolean, answered: boolean): string {
  if (busy) return 'Working on it; Esc stops'
  return answered ? 'Refine it: “now by month”, “only 2025”, “top 5”' : 'Ask in other words'
}

function Start({ onAsk }: { onAsk: (prompt: string) => void }) {
  const { data, error, refetch } = useCatalog()
  return (
    <div className={styles.start}>
      <h1 className={styles.headline}>What would you like to see?</h1>
      <p className={styles.lead}>
        Ask in plain words. You get a live table, and one exact sentence that says what is in it.
      </p>
      <PromptBox
        size="large"
        label="What would you like to see?"
        placeholder={data?.suggestions[0] ?? 'Describe a table'}
        busy={false}
        onAsk={onAsk}
        onStop={() => {}}
      />
      {error !== null && <FailureView failure={asFailure(error)} onRetry={() => void refetch()} />}
      {data !== undefined && <Suggestions prompts={data.suggestions} onAsk={onAsk} label="Things to ask" />}
    </div>
  )
}
