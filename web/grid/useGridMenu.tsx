import { type ReactNode, useEffect, useMemo, useState } from 'react'
import type { Cell } from '../../src/plan/columns.ts'
import { formatCell } from '../../src/rows/format.ts'
import { call } from '../api/call.ts'
import { asFailure } from '../api/failure.ts'
import { readerOptions } from '../api/generate.ts'
import { entryOf, withLook } from '../builder/edits.ts'
import { LookDialog } from '../builder/LookDialog.tsx'
import { giveBackFocus } from '../ui/keep-focus.ts'
import { Menu } from '../ui/Menu.tsx'
import { cellMenu, columnMenu, columnsMenu, type Edit } from './grid-menu.ts'
import { keepView, readView } from './kept-view.ts'
import { type Bars, barsOf } from './layout.ts'
import type { Columns, Drawn, GridRow, GridTable } from './useColumns.ts'

type Opened = { readonly by: DOMRect } & (
  | { readonly kind: 'columns'; readonly from: HTMLElement }
  | { readonly kind: 'column'; readonly id: string }
  | { readonly kind: 'look'; readonly shown: Drawn }
  | {
      readonly kind: 'cell'
      readonly shown: Drawn
      readonly cell: Cell
      readonly row: GridRow
      readonly edit: Edit | undefined
    }
)
type Input = {
  table: GridTable
  columns: Columns
  edit: Edit | undefined
  keep: string | undefined
  onCopy: () => void
  /** Says what cannot be done. */
  onSaid: (text: string) => void
  /** Gives the focus back to where the menu came from. */
  onClosed: () => void
}

/** The one menu that a grid has open, and the bars that are switched on in it. */
export function useGridMenu({ table, columns, edit, keep, onCopy, onSaid, onClosed }: Input) {
  const [opened, setOpened] = useState<Opened>()
  const [barred, setBarred] = useState<ReadonlySet<string>>(
    () => new Set(keep === undefined ? [] : (readView(keep).bars ?? [])),
  )
  useEffect(() => {
    if (keep !== undefined) keepView(keep, { bars: [...barred] })
  }, [keep, barred])
  const bars = useMemo(() => {
    const found = new Map<string, Bars>()
    for (const [index, { id }] of table.columns.entries()) if (barred.has(id)) found.set(id, barsOf(table.rows, index))
    return found
  }, [barred, table.columns, table.rows])
  const onBars = (id: string, on: boolean) =>
    setBarred((before) => new Set(on ? [...before, id] : [...before].filter((one) => one !== id)))
  const close = () => {
    setOpened(undefined)
    if (opened?.kind === 'columns') giveBackFocus(opened.from)
    else onClosed()
  }
  return { bars, open: setOpened, menu: menuOf() }

  /** Where the cell is a number that rows were counted for. */
  function drillOf(shown: Drawn, row: GridRow, from: Edit | undefined): (() => void) | undefined {
    const { id, role } = shown.column
    if (from === undefined || role !== 'aggregate') return undefined
    const keys = Object.fromEntries(
      table.columns.flatMap((column, index) => (column.role === 'key' ? [[column.id, row[index] ?? null]] : [])),
    )
    const { definition, onEdit, onDrill = onEdit } = from
    const group = table.columns.flatMap((column, index) =>
      column.role === 'key' ? [formatCell(row[index] ?? null, column, readerOptions) || 'empty'] : [],
    )
    const did = `Rows behind ${group.join(', ') || shown.column.label}`
    return () =>
      void call('POST /tables/drill', { body: { definition, column: id, keys } })
        .then((found) => onDrill(found.definition, did))
        .catch((error: unknown) => onSaid(asFailure(error).message))
  }

  function menuOf(): ReactNode {
    if (opened === undefined) return null
    if (opened.kind === 'columns') {
      const onReset = () => {
        columns.reset()
        setBarred(new Set())
      }
      return <Menu label="Columns" by={opened.by} parts={columnsMenu(table, columns, onReset)} onClose={close} />
    }
    if (opened.kind === 'cell') {
      const { shown, cell, row } = opened
      const onDrill = drillOf(shown, row, opened.edit)
      const label = `What can be done with this cell of ${shown.column.label}`
      return (
        <Menu
          label={label}
          by={opened.by}
          parts={cellMenu({ shown, cell, edit: opened.edit, onCopy, onDrill })}
          onClose={close}
        />
      )
    }
    if (opened.kind === 'look') {
      const { column, source } = opened.shown
      const own = edit && entryOf(edit.definition, column, table.columns)
      if (edit === undefined || own === undefined) return null
      return (
        <LookDialog
          column={column}
          sample={table.rows.find((row) => (row[source] ?? null) !== null)?.[source]}
          entry={own.found.entry}
          name={column.label}
          mayFormat={own.found.part !== 'groupBy'}
          mayHide={false}
          onChoose={(look) => {
            close()
            edit.onEdit(withLook(own.definition, own.found, look), `Name and format of ${column.label}`)
          }}
          onClose={close}
        />
      )
    }
    const shown = columns.drawn.find(({ id }) => id === opened.id)
    if (shown === undefined) return null
    const onLook = () => setOpened({ kind: 'look', shown, by: opened.by })
    const parts = columnMenu({ table, columns, shown, edit, bars: barred, onBars, onLook })
    return <Menu label={`Menu of ${shown.column.label}`} by={opened.by} parts={parts} onClose={close} />
  }
}
