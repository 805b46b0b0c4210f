import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { newId } from '../../src/lib/id.ts'
import { AS_TABLE, lookBelow } from '../../src/placing/look.ts'
import { call } from '../api/call.ts'
import { useOptimistic } from '../api/optimistic.ts'
import type { KeptDraft } from '../documents/kept-drafts.ts'
import { SaveBar } from '../documents/SaveBar.tsx'
import { type PickedTable, TablePicker } from '../documents/TablePicker.tsx'
import { useKeptDraft } from '../documents/useKeptDraft.ts'
import { Button } from '../ui/Button.tsx'
import { Disclosure } from '../ui/Disclosure.tsx'
import forms from '../ui/form.module.css'
import { Nothing } from '../ui/Nothing.tsx'
import styles from './dashboards.module.css'
import { EditTile } from './EditTile.tsx'
import { FiltersEditor } from './FiltersEditor.tsx'
import { type Direction, inOrder, lifted, resized, stepped } from './layout.ts'
import { suggestedLook } from './suggest.ts'
import { type Dashboard, type TileView, titleOf, withoutTable } from './tile.ts'
import { type DragKind, useTileDrag } from './useTileDrag.ts'

const MAX_TILES = 60
export type Draft = Pick<Dashboard, 'name' | 'description' | 'tiles' | 'filters'>
type Props = {
  dashboard: Dashboard
  /** A draft that was not saved, to go on from. */
  unsaved: KeptDraft<Dashboard, Draft> | undefined
  onChanged: (next: Dashboard) => void
  onDone: () => void
  /** Whether what was saved is shown already, while the server has not answered. */
  sent: boolean
  onSent: (sent: boolean) => void
}

/** A dashboard while it is changed: a draft of its own, until it is saved. */
export function DashboardEditor({ dashboard, unsaved, onChanged, onDone, sent, onSent }: Props) {
  // What was read when editing began; a newer one that arrives meanwhile must not take its place unseen.
  const [base] = useState(unsaved?.base ?? dashboard)
  const [draft, setDraft] = useState<Draft>(() => unsaved?.draft ?? draftOf(base))
  const [picking, setPicking] = useState(false)
  const [open, setOpen] = useState<string>()
  const [said, setSaid] = useState('')
  const grid = useRef<HTMLDivElement>(null)
  const params = { id: base.id }
  const { tiles, filters } = draft
  const set = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }))
  const drag = useTileDrag(grid, tiles, (next) => set({ tiles: next }))
  const dirty = JSON.stringify(draft) !== JSON.stringify(draftOf(base))
  const save = useOptimistic({ kinds: ['dashboards'], id: base.id, version: base.version })
  const kept = useKeptDraft({ base, draft }, dirty)
  const send = (over: boolean) => {
    const { name, description } = draft
    // What only the server can show, such as the rows of a new tile, waits for it.
    const atOnce = !over && sameBesidePlaces(draft, base)
    onSent(atOnce)
    save.mutate(
      {
        patch: atOnce ? { name: name.trim(), description, tiles } : {},
        run: () =>
          kept.send(async () => {
            const version = over ? (await call('GET /dashboards/{id}', { params })).version : base.version
            const body = { name: name.trim(), description, tiles: tiles.map(withoutTable), filters }
            return call('PUT /dashboards/{id}', { params, version, body })
          }),
        failed: `What you changed on “${base.name}” was not saved; it is still there to go on with`,
      },
      { onSuccess: onDone, onError: () => onSent(false) },
    )
  }
  const drop = useMutation({
    mutationFn: async () => (save.error ? call('GET /dashboards/{id}', { params }) : dashboard),
    onSuccess: (next) => {
      kept.drop()
      onChanged(next)
      onDone()
    },
  })
  const step = (tile: TileView, kind: DragKind, direction: Direction) => {
    const next = (kind === 'move' ? stepped : resized)(tiles, tile.id, direction)
    set({ tiles: next })
    const now = next.find(({ id }) => id === tile.id)
    if (now) {
      setSaid(`${titleOf(tile)}: column ${now.x + 1}, row ${now.y + 1}, ${now.width} wide, ${now.height} high`)
    }
  }
  const add = ({ id: tableId, name, access }: PickedTable) => {
    const table = { tableId, access, state: 'ok' as const, name, sentence: null }
    const added: TileView = { id: newId('til'), tableId, ...lookBelow(tiles, AS_TABLE), table }
    set({ tiles: [...tiles, added] })
    setPicking(false)
    setSaid(`${name} is added at the end`)
    // It is there at once; what was done to it before its rows came stays.
    void suggestedLook(tableId).then((look) =>
      setDraft((before) => {
        const others = before.tiles.filter((tile) => !isSameBesideRow(tile, added))
        if (others.length === before.tiles.length) return before
        return { ...before, tiles: lifted([...others, { ...added, ...lookBelow(others, look) }]) }
      }),
    )
  }
  const remove = (tile: TileView) => {
    set({ tiles: lifted(tiles.filter(({ id }) => id !== tile.id)) })
    setSaid(`${titleOf(tile)} is removed`)
  }
  // The order in the page stays until a drag ends: an element that is put elsewhere loses the pointer.
  const shown = inOrder(tiles).map((tile) => drag.preview?.tiles.find(({ id }) => id === tile.id) ?? tile)
  return (
    <div className={styles.screen} style={sent ? { display: 'none' } : undefined}>
      <h1 className="visually-hidden">Edit this dashboard</h1>
      <label className={`${forms.field} ${styles.name}`}>
        Name
        <input
          className={forms.input}
          required
          maxLength={200}
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
        />
      </label>
      <label className={`${forms.field} ${styles.name}`}>
        Description
        <input
          className={forms.input}
          maxLength={2000}
          value={draft.description}
          onChange={(event) => set({ description: event.target.value })}
        />
      </label>
      <div className={styles.editBar}>
        <Button disabled={tiles.length >= MAX_TILES} onClick={() => setPicking(true)}>
          Add a table
        </Button>
        <SaveBar
          one="dashboard"
          dirty={dirty && !sent}
          saving={save.isPending || drop.isPending}
          error={save.error ?? drop.error}
          valid={draft.name.trim() !== '' && filters.every(({ label }) => label.trim() !== '')}
          onSave={() => (dirty ? send(false) : onDone())}
          onOverwrite={() => send(true)}
          onDrop={() => drop.mutate()}
          onLeave={kept.drop}
          restored={unsaved !== undefined}
          newer={dashboard.version === base.version ? undefined : dashboard}
        />
      </div>
      <Disclosure label={`Shared filters (${filters.length})`}>
        <FiltersEditor filters={filters} onChange={(next) => set({ filters: next })} />
      </Disclosure>
      <p role="status" className="visually-hidden">
        {said}
      </p>
      {tiles.length === 0 && (
        <Nothing title="Nothing here yet.">
          <p>Add a table that was saved.</p>
          <Button kind="primary" onClick={() => setPicking(true)}>
            Add a table
          </Button>
        </Nothing>
      )}
      <div ref={grid} className={`${styles.grid} ${styles.editing}`}>
        {shown.map((tile) => (
          <EditTile
            key={tile.id}
            dashboard={base.tiles.some(({ id }) => id === tile.id) ? base.id : undefined}
            tile={tile}
            filters={base.filters}
            open={open === tile.id}
            lifted={drag.preview?.id === tile.id}
            pointer={drag}
            onOpen={(wanted) => setOpen(wanted ? tile.id : undefined)}
            onStep={(kind, direction) => step(tile, kind, direction)}
            onChange={(next) => set({ tiles: tiles.map((one) => (one.id === next.id ? next : one)) })}
            onRemove={() => remove(tile)}
          />
        ))}
      </div>
      {picking && <TablePicker title="Add a table" onPick={add} onClose={() => setPicking(false)} />}
    </div>
  )
}

const draftOf = ({ name, description, tiles, filters }: Dashboard): Draft => ({ name, description, tiles, filters })

/** Whether nothing but others around it moved a tile. */
const isSameBesideRow = (one: TileView, other: TileView): boolean =>
  JSON.stringify({ ...one, y: 0 }) === JSON.stringify({ ...other, y: 0 })

/** Whether every tile was there before and only stands elsewhere, or is gone. */
function sameBesidePlaces({ tiles, filters }: Draft, base: Draft): boolean {
  const still = (tile: TileView) => JSON.stringify({ ...tile, x: 0, y: 0, width: 0, height: 0 })
  const before = new Set(base.tiles.map(still))
  return tiles.every((tile) => before.has(still(tile))) && JSON.stringify(filters) === JSON.stringify(base.filters)
}
