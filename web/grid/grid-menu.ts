// What the menus of a grid offer. In: the columns, where the menu was opened, the definition if there is one. Out: entries.
import type { Definition } from '../../src/definition/schema.ts'
import type { Cell } from '../../src/plan/columns.ts'
import { formatCell, isNumeric } from '../../src/rows/format.ts'
import { readerOptions } from '../api/generate.ts'
import { entryOf, exceptValue, groupByColumn, onlyValue } from '../builder/edits.ts'
import type { MenuPart } from '../ui/Menu.tsx'
import type { Columns, Drawn, GridTable } from './useColumns.ts'

export type Edit = {
  readonly definition: Definition
  /** With what was done to it, in words. */
  readonly onEdit: (definition: Definition, did: string) => void
  /** Shows the rows behind a number; as an edit where it is not given. */
  readonly onDrill?: (definition: Definition, did: string) => void
}
export const WIDTH_STEP = 24

type ColumnMenu = {
  table: GridTable
  columns: Columns
  shown: Drawn
  edit: Edit | undefined
  bars: ReadonlySet<string>
  onBars: (id: string, on: boolean) => void
  /** Opens the choice of its name and format. */
  onLook: () => void
}

export function columnMenu({ table, columns, shown, edit, bars, onBars, onLook }: ColumnMenu): MenuPart[] {
  const { id, column, width } = shown
  const sorted = columns.sorting.find((one) => one.id === id)
  const peers = columns.drawn.filter(({ pinned }) => pinned === shown.pinned)
  const place = peers.findIndex((one) => one.id === id)
  const [before, after] = [peers[place - 1], peers[place + 1]]
  const words = sortWords(shown)
  const grouped = edit && groupByColumn(edit.definition, column)
  const own = edit && entryOf(edit.definition, column, table.columns)
  return [
    {
      name: 'Order of the rows',
      entries: [
        { label: words.asc, checked: sorted?.desc === false, onSelect: () => columns.sort(id, false) },
        { label: words.desc, checked: sorted?.desc === true, onSelect: () => columns.sort(id, true) },
        ...(sorted ? [{ label: 'Do not sort by this', onSelect: () => columns.unsort(id) }] : []),
      ],
    },
    {
      name: 'The table',
      entries: [
        ...editEntry(edit, `Group by ${column.label}`, grouped),
        ...(own ? [{ label: 'Name and format…', stays: true, onSelect: onLook }] : []),
      ],
    },
    {
      name: 'How it is shown',
      entries: [
        { label: 'Keep in view', checked: shown.pinned, onSelect: () => columns.pin(id, !shown.pinned) },
        ...(isNumeric(column)
          ? [{ label: 'Bars', checked: bars.has(id), onSelect: () => onBars(id, !bars.has(id)) }]
          : []),
        ...(columns.drawn.length > 1 ? [{ label: 'Hide', onSelect: () => columns.show(id, false) }] : []),
      ],
    },
    {
      name: 'Place and width',
      entries: [
        ...(before ? [{ label: 'Move left', stays: true, onSelect: () => columns.place(id, before.id) }] : []),
        ...(after ? [{ label: 'Move right', stays: true, onSelect: () => columns.place(id, after.id) }] : []),
        { label: 'Wider', stays: true, onSelect: () => columns.resize(id, width + WIDTH_STEP) },
        { label: 'Narrower', stays: true, onSelect: () => columns.resize(id, width - WIDTH_STEP) },
      ],
    },
  ]
}

type CellMenu = {
  shown: Drawn
  cell: Cell
  edit: Edit | undefined
  onCopy: () => void
  onDrill: (() => void) | undefined
}

export function cellMenu({ shown, cell, edit, onCopy, onDrill }: CellMenu): MenuPart[] {
  const { column } = shown
  const name = cell === null ? `${column.label}: empty` : shortened(formatCell(cell, column, readerOptions))
  const only = edit && onlyValue(edit.definition, column, cell)
  const except = edit && exceptValue(edit.definition, column, cell)
  const grouped = edit && groupByColumn(edit.definition, column)
  return [
    { name: 'The cell', entries: [{ label: 'Copy', onSelect: onCopy }] },
    {
      name: 'The table',
      entries: [
        ...(onDrill ? [{ label: 'Show the rows behind it', onSelect: onDrill }] : []),
        ...editEntry(edit, `Only “${name}”`, only),
        ...editEntry(edit, `Exclude “${name}”`, except),
        ...editEntry(edit, `Group by ${column.label}`, grouped),
      ],
    },
  ]
}

/** An entry that makes another table; none where that cannot be. */
function editEntry(edit: Edit | undefined, label: string, changed: Definition | undefined) {
  return edit && changed ? [{ label, onSelect: () => edit.onEdit(changed, label) }] : []
}

export function columnsMenu(table: GridTable, columns: Columns, onReset: () => void): MenuPart[] {
  const toggle = (id: string) => {
    const on = columns.isVisible(id)
    // A table without any column could not be brought back by its own means.
    if (!on || columns.drawn.length > 1) columns.show(id, !on)
  }
  return [
    {
      name: 'Columns that are shown',
      entries: table.columns.map(({ id, label }) => ({
        label,
        checked: columns.isVisible(id),
        stays: true,
        onSelect: () => toggle(id),
      })),
    },
    { name: 'All of them', entries: [{ label: 'As they were', onSelect: onReset }] },
  ]
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text)

export function sortWords({ column }: Drawn): { asc: string; desc: string } {
  if (isNumeric(column)) return { asc: 'Smallest first', desc: 'Largest first' }
  if (column.type === 'date' || column.type === 'timestamp') return { asc: 'Earliest first', desc: 'Latest first' }
  return { asc: 'A to Z', desc: 'Z to A' }
}
