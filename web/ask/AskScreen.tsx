import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { useCatalog } from '../api/client.ts'
import { asFailure } from '../api/failure.ts'
import { useOrganization } from '../api/organization.ts'
import { useReader, useReaderChange, useSession } from '../api/session.ts'
import { Recent } from '../conversations/Recent.tsx'
import { SignIn } from '../session/SignIn.tsx'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Notice } from '../ui/Notice.tsx'
import { useTitle } from '../ui/useTitle.ts'
import styles from './AskScreen.module.css'
import { FailureView } from './FailureView.tsx'
import { LeftTurns } from './LeftTurns.tsx'
import { PromptBox } from './PromptBox.tsx'
import { Suggestions } from './Suggestions.tsx'
import { TurnView } from './TurnView.tsx'
import { refined, type Thread, threadOf, titleOf } from './thread.ts'
import { useThread } from './useThread.ts'

/** Ask, read, refine; a conversation of before goes on where it was. Another organization begins another one, and so
 * does whoever comes after one who signed out; a visitor who signs in takes along what they asked. */
export function AskScreen() {
  const organization = useOrganization()
  const { data: session, isPending } = useSession()
  const { conversation } = useSearch({ from: '/' })
  const [own, setOwn] = useState<string>()
  const [opened, setOpened] = useState(0)
  const navigate = useNavigate()
  const go = (id: string | undefined) => {
    setOwn(id)
    void navigate({ to: '/', search: id === undefined ? {} : { conversation: id }, replace: true })
  }
  /** Reads the conversation again, which is at another turn now. */
  const reopen = () => {
    setOwn(undefined)
    setOpened((times) => times + 1)
  }
  const person = session?.person?.id
  const reader = `${organization ?? ''} ${useReaderChange()}`
  if (conversation !== undefined && conversation !== own) {
    if (isPending) return <p role="status">Opening the conversation…</p>
    const key = `${reader} ${conversation} ${opened}`
    return (
      <Earlier
        key={key}
        id={conversation}
        signedIn={person !== undefined}
        onGo={go}
        onReopen={reopen}
        opened={opened}
      />
    )
  }
  return <Conversation key={reader} kept={person !== undefined} begun={own} onGo={go} onReopen={reopen} />
}

type Going = { onGo: (id: string | undefined) => void; onReopen: () => void }

function Earlier({ id, signedIn, opened, onGo, onReopen }: { id: string; signedIn: boolean; opened: number } & Going) {
  const { data: session } = useSession()
  const found = useQuery({
    // Opened again, it begins with what the server has by then, not with what was read before.
    queryKey: ['conversation', session?.organization?.id, session?.person?.id, id, opened],
    enabled: signedIn,
    retry: false,
    // What was said since is read again whenever it is opened.
    staleTime: 0,
    gcTime: 0,
    queryFn: () => call('GET /conversations/{id}', { params: { id } }),
  })
  if (!signedIn) {
    return (
      <div className={styles.start}>
        <h1>Sign in to open this conversation</h1>
        <SignIn />
      </div>
    )
  }
  if (found.error) {
    return (
      <div className={styles.start}>
        <FailureView failure={asFailure(found.error)} onRetry={() => void found.refetch()} />
        <Button onClick={() => onGo(undefined)}>Ask something new</Button>
      </div>
    )
  }
  if (found.data === undefined) return <p role="status">Opening the conversation…</p>
  return (
    <Conversation
      kept
      initial={threadOf(found.data)}
      turns={found.data.turns}
      conversationId={id}
      onGo={onGo}
      onReopen={onReopen}
    />
  )
}

/** `conversationId` is one of before; `begun` the one that was made by asking here. */
type ConversationProps = {
  kept: boolean
  initial?: Thread
  turns?: number
  conversationId?: string
  begun?: string | undefined
} & Going

function Conversation({ kept, initial, turns = 0, conversationId, begun, onGo, onReopen }: ConversationProps) {
  const { thread, busy, clear, notKept, ...actions } = useThread({
    kept,
    conversationId,
    ...(initial && { initial }),
    onConversation: onGo,
  })
  const { ask, askFresh, retry, choose, edit, back, stop } = actions
  const [given, setGiven] = useState({ prompt: '', times: 0 })
  useTitle(titleOf(thread))
  if (thread.length === 0) return <Start onAsk={ask} signedIn={kept} />
  const answered = refined(thread) !== undefined
  const reword = (prompt: string) => setGiven(({ times }) => ({ prompt, times: times + 1 }))
  const id = conversationId ?? begun
  const startAnew = () => {
    clear()
    onGo(undefined)
  }
  return (
    <>
      <h1 className="visually-hidden">Questions and tables</h1>
      <div className={styles.thread}>
        {thread.map((turn) => (
          <TurnView
            key={turn.id}
            turn={turn}
            last={turn === thread.at(-1)}
            onAsk={askFresh}
            onReword={reword}
            onRetry={() => retry(turn)}
            onChoose={(reading) => choose(turn, reading)}
            onEdit={(reading, did) => edit(turn, { reading, did })}
            onBack={() => back(turn)}
          />
        ))}
        {notKept && (
          <Notice tone="danger" title={`Where you went back to was not kept: ${notKept.message}`}>
            <p>You can go on from here all the same.</p>
          </Notice>
        )}
        {id !== undefined && !busy && <LeftTurns id={id} thread={thread} turns={turns} onReturn={onReopen} />}
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
            given={given}
          />
          <Button kind="quiet" onClick={startAnew} className={styles.fresh}>
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

function Start({ onAsk, signedIn }: { onAsk: (prompt: string) => void; signedIn: boolean }) {
  const { data, error, refetch } = useCatalog()
  const asked = useAsked(signedIn)
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
      {data !== undefined && (
        <Suggestions prompts={[...new Set([...asked, ...data.suggestions])]} onAsk={onAsk} label="Things to ask" />
      )}
      {signedIn && <Recent />}
    </div>
  )
}

/** What the person asked lately and was answered. */
function useAsked(signedIn: boolean): readonly string[] {
  const { key } = useReader()
  const { data } = useQuery({
    queryKey: ['recent prompts', ...key],
    enabled: signedIn,
    staleTime: 0,
    queryFn: () => call('GET /recent-prompts', {}),
  })
  return data?.prompts ?? []
}
