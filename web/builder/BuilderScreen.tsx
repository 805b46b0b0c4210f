import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { call } from '../api/call.ts'
import { type CatalogView, useCatalog } from '../api/client.ts'
import { useReader } from '../api/session.ts'
import type { Shown } from '../ask/ResultTable.tsx'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import { Notice } from '../ui/Notice.tsx'
import { useTitle } from '../ui/useTitle.ts'
import styles from './builder.module.css'
import { amend, begin, blank, redo, type Steps, step, undo } from './edits.ts'
import { keepWork, readWork, type Work } from './handover.ts'
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
  const kept = readWork()
  const table = saved.data
  const opened: Work =
    table === undefined
      ? (kept ?? { definition: blank(Object.keys(catalog.data.entities)[0] ?? '') })
      : kept?.table?.id === table.id && kept.table.version === table.version
        ? kept
        : {
            definition: table.definition ?? table.repair ?? blank(Object.keys(catalog.data.entities)[0] ?? ''),
            table: { id: table.id, version: table.version, name: table.name },
          }
  // Another person or organization sees rows of its own, none of those that stood here.
  return <Builder key={[...reader.key, id].join(' ')} catalog={catalog.data} opened={opened} />
}

function Builder({ catalog, opened }: { catalog: CatalogView; opened: Work }) {
  const [steps, setSteps] = useState<Steps>(() => begin(opened.definition))
  const [about, setAbout] = useState(opened)
  const navigate = useNavigate()
  const { now: definition } = steps
  const preview = usePreview(definition, definition.dataSources[0] !== '')
  const parts = useRef<HTMLElement>(null)
  const typed = useRef<{ input: Element; at: number }>(undefined)
  const change = useCallback((next: Steps['now']) => {
    const input = document.activeElement
    const last = typed.current
    const goesOn = last !== undefined && last.input === input && Date.now() - last.at < TYPING_MS
    typed.current = isTyping(input) ? { input, at: Date.now() } : undefined
    setSteps((before) => (goesOn ? amend(before, next) : step(before, next)))
  }, [])
  useEffect(() => keepWork({ ...about, definition }), [about, definition])
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
  const title = useMemo(() => (about.table ? `Change “${about.table.name}”` : 'Build a table'), [about.table])
  useTitle(title)
  const startAnew = async () => {
    const fresh = { definition: blank(definition.dataSources[0] ?? '') }
    setAbout(fresh)
    setSteps(begin(fresh.definition))
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
        preview={preview}
        onChange={change}
        onSaved={(table) => setAbout({ ...about, table })}
      />
      <JumpBar preview={preview} parts={parts} />
    </div>
  )
}
