import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { call } from '../api/call.ts'
import { whenText } from '../api/locale.ts'
import { type People, usePeople } from '../api/people.ts'
import { useReader } from '../api/session.ts'
import { TableName } from '../library/TableName.tsx'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import {
  actionWords,
  auditActions,
  detailLines,
  type Entry,
  entryWords,
  subjectKinds,
  viaWords,
} from './audit-words.ts'
import type { SettingsSearch } from './sections.ts'
import styles from './settings.module.css'

/** Who did what, the newest first. */
export function AuditSection() {
  const { who, kind, action } = useSearch({ from: '/settings/$section' })
  const navigate = useNavigate()
  const { key } = useReader()
  const people = usePeople()
  const subjectKind = subjectKinds.find((one) => one === kind)
  const log = useInfiniteQuery({
    queryKey: ['audit', ...key, who, subjectKind, action],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) => {
      const query = {
        ...(who && { actorId: who }),
        ...(subjectKind && { subjectKind }),
        ...(action && { action }),
        ...(cursor && { cursor }),
      }
      return call('GET /audit', { query, signal })
    },
    getNextPageParam: (page) => page.nextCursor,
  })
  const entries = log.data?.pages.flatMap((page) => page.entries)
  const choose = (change: { [K in keyof SettingsSearch]?: string }) => {
    const search = Object.fromEntries(Object.entries({ who, kind, action, ...change }).filter(([, value]) => value))
    void navigate({ to: '/settings/$section', params: { section: 'audit' }, search, replace: true })
  }
  const actions = auditActions.filter((one) => kind === undefined || one.startsWith(`${kind}s.`))
  return (
    <>
      <div className={styles.bar}>
        <Choice label="Who" value={who} all="Everybody" onChange={(value) => choose({ who: value })}>
          {people.data?.people.map(({ id, name }) => [id, name] as const) ?? []}
        </Choice>
        <Choice label="What" value={kind} all="Everything" onChange={(value) => choose({ kind: value, action: '' })}>
          {subjectKinds.map((one) => [one, `${one.charAt(0).toUpperCase()}${one.slice(1)}s`] as const)}
        </Choice>
        <Choice label="Did what" value={action} all="Anything" onChange={(value) => choose({ action: value })}>
          {actions.map((one) => [one, actionWords(one)] as const)}
        </Choice>
      </div>
      {log.isLoading && <p role="status">Reading the log…</p>}
      <Failed error={log.error}>
        <Button onClick={() => void log.refetch()}>Try again</Button>
      </Failed>
      {entries?.length === 0 && <p role="status">Nothing of this kind was done.</p>}
      <ul className={styles.list} aria-label="Log">
        {entries?.map((entry) => (
          <Line key={entry.id} entry={entry} people={people.data} />
        ))}
      </ul>
      {log.hasNextPage && (
        <div>
          <Button disabled={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            Older
          </Button>
        </div>
      )}
    </>
  )
}

function Choice(props: {
  label: string
  value: string | undefined
  all: string
  onChange: (value: string) => void
  children: readonly (readonly [string, string])[]
}) {
  const { label, value = '', all, onChange, children } = props
  const known = value === '' || children.some(([id]) => id === value)
  return (
    <label className={forms.field}>
      {label}
      <select className={forms.input} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{all}</option>
        {!known && <option value={value}>{value}</option>}
        {children.map(([id, words]) => (
          <option key={id} value={id}>
            {words}
          </option>
        ))}
      </select>
    </label>
  )
}

function Line({ entry, people }: { entry: Entry; people: People | undefined }) {
  const { subjectKind, subjectId, actorId, details } = entry
  const personName = (id: string) => people?.people.find((person) => person.id === id)?.name
  const teamName = (id: string) => people?.teams.find((team) => team.id === id)?.name
  const named = [details.name, details.email].find((one) => typeof one === 'string')
  const subject =
    subjectKind === 'member' ? (personName(subjectId) ?? subjectId) : (named ?? teamName(subjectId) ?? subjectId)
  const via = viaWords(entry.via)
  const lines = detailLines(entry, subject, (id) => personName(id) ?? teamName(id) ?? id)
  return (
    <li className={styles.item}>
      <div className={styles.main}>
        <p>
          <strong>{personName(actorId) ?? actorId}</strong> {entryWords(entry)}{' '}
          {subjectKind === 'table' && subject === subjectId ? (
            <TableName id={subjectId} unknown="that you cannot open" />
          ) : subjectKind === 'table' ? (
            <Link to="/tables/$id" params={{ id: subjectId }}>
              {subject}
            </Link>
          ) : (
            subject
          )}
          {via && ` ${via}`}
        </p>
        {lines.length > 0 && <p className={styles.quiet}>{lines.join(' · ')}</p>}
      </div>
      <time className={styles.quiet} dateTime={entry.at}>
        {whenText(entry.at)}
      </time>
    </li>
  )
}
