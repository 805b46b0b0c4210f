import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { queryClient } from '../api/query-client.ts'
import { useReader } from '../api/session.ts'
import documents from '../documents/documents.module.css'
import { TablePicker } from '../documents/TablePicker.tsx'
import { SignIn } from '../session/SignIn.tsx'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { Icon } from '../ui/Icon.tsx'
import { keepFocus } from '../ui/keep-focus.ts'
import lists from '../ui/list.module.css'
import { Nothing } from '../ui/Nothing.tsx'
import { useTitle } from '../ui/useTitle.ts'
import { EditView } from './EditView.tsx'
import { labelOf, sectionsOf, useViews, type View } from './useViews.ts'
import styles from './views.module.css'

/** The tables of the navigation, by section, and the way to put them there, move them and take them out. */
export function ViewsScreen() {
  useTitle('Views')
  const { signedIn, signedOut, mayWrite } = useReader()
  const views = useViews()
  const [picking, setPicking] = useState(false)
  const [editing, setEditing] = useState<View>()
  const change = useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['views'] }),
  })
  const sections = sectionsOf(views.data ?? [])
  const swap = async (some: readonly View[], at: number, by: -1 | 1, button: HTMLElement) => {
    if (change.isPending) return
    const order = [...some]
    order.splice(at + by, 0, ...order.splice(at, 1))
    // Positions may be the same until somebody orders them, so each gets its own where it has another.
    const write = async () => {
      for (const [position, view] of order.entries()) {
        if (view.position === position) continue
        await call('PUT /views/{id}', { params: { id: view.id }, version: view.version, body: { position } })
      }
    }
    // What goes wrong is shown from the mutation.
    await change.mutateAsync(write).catch(() => undefined)
    keepFocus(button)
  }
  return (
    <div className={documents.page}>
      <header className={documents.head}>
        <div className={documents.titles}>
          <h1>Views</h1>
          <p className={forms.about}>Tables in the navigation. Whoever sees a table sees it there.</p>
        </div>
        {mayWrite && (
          <Button kind="primary" onClick={() => setPicking(true)}>
            New view
          </Button>
        )}
      </header>
      {signedOut && (
        <>
          <p>Sign in to see your views.</p>
          <SignIn />
        </>
      )}
      {views.isLoading && <p role="status">Looking for your views…</p>}
      {views.error && (
        <Failed error={views.error}>
          <Button onClick={() => void views.refetch()}>Try again</Button>
        </Failed>
      )}
      <Failed error={change.error} />
      {signedIn && views.data?.length === 0 && (
        <Nothing title="No tables in the navigation yet.">
          {mayWrite && <p>Put the tables there that everybody looks at.</p>}
        </Nothing>
      )}
      {sections.map(({ section, views: some }) => (
        <section key={section} className={styles.block} aria-label={section}>
          <h2>{section}</h2>
          <ul className={lists.list}>
            {some.map((view, at) => {
              const name = labelOf(view)
              const mayMove = mayWrite && some.every(({ access }) => access !== 'view')
              return (
                <li key={view.id} className={lists.row}>
                  <span className={lists.what}>
                    <Link to="/tables/$id" params={{ id: view.tableId }} className={lists.name}>
                      {name}
                    </Link>
                    {view.visibility === 'PRIVATE' && <span className={forms.about}>Only me</span>}
                    {view.table.state === 'broken' && <span className={forms.about}>No longer fits the catalog</span>}
                    {view.table.state === 'hidden' && <span className={forms.about}>Hidden from your role</span>}
                  </span>
                  {mayWrite && view.access !== 'view' && (
                    <span className={lists.tools}>
                      {mayMove && some.length > 1 && (
                        <>
                          <Button
                            kind="quiet"
                            shape="round"
                            disabled={at === 0}
                            aria-label={`Move ${name} up`}
                            onClick={(event) => void swap(some, at, -1, event.currentTarget)}
                          >
                            <Icon name="arrowUp" size={16} />
                          </Button>
                          <Button
                            kind="quiet"
                            shape="round"
                            disabled={at === some.length - 1}
                            aria-label={`Move ${name} down`}
                            onClick={(event) => void swap(some, at, 1, event.currentTarget)}
                          >
                            <Icon name="arrowDown" size={16} />
                          </Button>
                        </>
                      )}
                      <Button kind="quiet" aria-label={`Edit ${name}`} onClick={() => setEditing(view)}>
                        Edit
                      </Button>
                      <Button
                        kind="quiet"
                        aria-label={`Remove ${name}`}
                        disabled={change.isPending}
                        onClick={() =>
                          change.mutate(() =>
                            call('DELETE /views/{id}', { params: { id: view.id }, version: view.version }),
                          )
                        }
                      >
                        Remove
                      </Button>
                    </span>
                  )}
                </li>
              )
            })}
          </ul>
        </section>
      ))}
      {picking && (
        <TablePicker
          title="Put a table into the navigation"
          onClose={() => setPicking(false)}
          onPick={({ id: tableId }) => {
            setPicking(false)
            const position = Math.max(-1, ...(views.data ?? []).map((view) => view.position)) + 1
            change.mutate(async () => {
              setEditing(await call('POST /views', { body: { tableId, section: 'Tables', position } }))
            })
          }}
        />
      )}
      {editing && (
        <EditView
          key={editing.id}
          view={editing}
          sections={sections.map(({ section }) => section)}
          onClose={() => setEditing(undefined)}
        />
      )}
    </div>
  )
}
