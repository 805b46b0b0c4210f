import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
import { call } from '../api/call.ts'
import { type CatalogView, useCatalog } from '../api/client.ts'
import { useReader } from '../api/session.ts'
import type { Shown } from '../ask/ResultTable.tsx'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import { Notice } from '../ui/Notice.tsx'
import { useTitle } from '../ui/useTitle.ts'
import styles from './builder.module.css'
import { Earlier } from './Earlier.tsx'
import { amend, blank, redo, type Steps, step, undo } from './edits.ts'
import { beginWork, type KeptWork, keepWork, readWorks } from './handover.ts'
import { JumpBar } from './JumpBar.tsx'
import { ResultSoFar } from './LookButton.tsx'
import { Issues } from './Part.tsx'
import { Parts } from './Parts.tsx'
import { Result } from './Result.tsx'
import { usePreview } from './usePreview.ts'
import { Words } from './words.ts'

/** Letters typed one after the other are one step, for undoing; a pause begins another. */
const TYPING_MS = 1000
const isTyping = (element: Element | null): element is HTMLInputElement =>
  element instanceof HTMLInputElement && element.type !== 'checkbox' && element.type !== 'radio'

/** A table put together by hand: blank, from an answer or a draft, or a saved one that is changed. */
export function BuilderScreen() {
  const { table: id } = useSearch({ from: '/build' })
  const navigate = useNavigate()
  const [brought, setBrought] = useState({ id: 0, times: 0 })
  const catalog = useCatalog()
  const reader = useReader()
  const saved = useQuery({
    queryKey: ['table', ...reader.key, id, 'builder'],
    enabled: id !== undefined && reader.known,
    queryFn: () => call('GET /tables/{id}', { params: { id: id ?? '' } }),
  })
  const failed = catalog.error ?? saved.error
  if (failed) {
    return (
      <div className={styles.page}>
        <Failed error={failed}>
          <Button onClick={() => void (catalog.error ? catalog : saved).refetch()}>Try again</Button>
        </Failed>
      </div>
    )
  }
  if (catalog.data === undefined || !reader.known || (id !== undefined && saved.data === undefined)) {
    return (
      <p role="status" className={styles.page}>
        Opening the builder…
      </p>
    )
  }
  const works = readWorks()
  const table = saved.data
  const fits = (work: KeptWork) =>
    work.table?.id === id && (work.id === brought.id || work.table?.version === table?.version)
  const empty = blank(Object.keys(catalog.data.entities)[0] ?? '')
  const opened =
    works.find(fits) ??
    beginWork(
      table === undefined
        ? { definition: empty }
        : {
            definition: table.definition ?? table.repair ?? empty,
            table: { id: table.id, version: table.version, name: table.name },
          },
    )
  const bringBack = (work: KeptWork) => {
    keepWork(work)
    setBrought(({ times }) => ({ id: work.id, times: times + 1 }))
    void navigate({ to: '/build', search: work.table ? { table: work.table.id } : {} })
  }
  // Another person or organization sees rows of its own, none of those that stood here.
  const key = [...reader.key, id, brought.times].join(' ')
  const mayChange = table === undefined || (table.access !== 'view' && reader.mayWrite)
  return <Builder key={key} catalog={catalog.data} {...{ opened, mayChange }} onBringBack={bringBack} />
}

type Props = { catalog: CatalogView; opened: KeptWork; mayChange: boolean; onBringBack: (work: KeptWork) => void }

function Builder({ catalog, opened, mayChange, onBringBack }: Props) {
  const [steps, setSteps] = useState<Steps>(opened.steps)
  const [about, setAbout] = useState(opened)
  const navigate = useNavigate()
  const { now: definition } = steps
  const preview = usePreview(definition, definition.dataSources[0] !== '', about.sound)
  const { sound } = preview
  const parts = useRef<HTMLElement>(null)
  const typed = useRef<{ input: Element; at: number }>(undefined)
  const change = useCallback((next: Steps['now']) => {
    const input = document.activeElement
    const last = typed.current
    const goesOn = last !== undefined && last.input === input && Date.now() - last.at < TYPING_MS
    typed.current = isTyping(input) ? { input, at: Date.now() } : undefined
    setSteps((before) => (goesOn ? amend(before, next) : step(before, next)))
  }, [])
  useEffect(() => keepWork({ ...about, steps, ...(sound && { sound }) }), [about, steps, sound])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && ['INPUT', 'TEXTAREA'].includes(event.target.tagName)
      if (typing || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return
      event.preventDefault()
      setSteps(event.shiftKey ? redo : undo)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  const title = about.table ? `${mayChange ? 'Change' : 'From'} “${about.table.name}”` : 'Build a table'
  useTitle(title)
  const startAnew = async () => {
    const fresh = beginWork({ definition: blank(definition.dataSources[0] ?? '') })
    keepWork(fresh)
    setAbout(fresh)
    setSteps(fresh.steps)
    await navigate({ to: '/build', search: {} })
  }
  return (
    <div className={styles.page}>
      <section ref={parts} tabIndex={-1} className={styles.controls} aria-label="Parts of the table">
        <h1>{title}</h1>
        {about.open !== undefined && about.open.length > 0 && (
          <Notice tone="warn" title="Not understood, so left to you">
            <p>{about.open.join(', ')}</p>
          </Notice>
        )}
        <div className={styles.row}>
          <Button disabled={steps.past.length === 0} onClick={() => setSteps(undo)}>
            Undo
          </Button>
          <Button disabled={steps.future.length === 0} onClick={() => setSteps(redo)}>
            Redo
          </Button>
          <Button kind="quiet" onClick={() => void startAnew()}>
            Start anew
          </Button>
        </div>
        <Earlier catalog={catalog} than={about.id} onBringBack={onBringBack} />
        <Issues value={preview.failure?.issues ?? []}>
          <Words value={preview.words}>
            <ResultSoFar value={preview.rows as Shown | undefined}>
              <Parts catalog={catalog} definition={definition} onChange={change} />
            </ResultSoFar>
          </Words>
        </Issues>
      </section>
      <Result
        work={{ ...about, definition }}
        {...{ preview, mayChange }}
        onChange={change}
        onSaved={(table) => setAbout({ ...about, saved: definition, ...(table && { table }) })}
      />
      <JumpBar preview={preview} parts={parts} />
    </div>
  )
}
