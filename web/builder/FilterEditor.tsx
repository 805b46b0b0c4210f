import { createContext, use, useRef } from 'react'
import type { FieldCondition, Filter } from '../../src/definition/schema.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import styles from './builder.module.css'
import { type FieldChoice, isTime, opsFor } from './choices.ts'
import { Draggable, Grip, useHeld, WithGaps } from './Drag.tsx'
import { FieldSelect } from './FieldSelect.tsx'
import {
  asGroup,
  depthOf,
  filterOf,
  GROUP_KINDS,
  type GroupKind,
  groupOf,
  moved,
  type Place,
  pathOfPart,
  placeOf,
  type Spot,
  wrapped,
} from './filter-tree.ts'
import { MoveMenu } from './MoveMenu.tsx'
import { IssueList, Issues } from './Part.tsx'
import { ValueEditor, valueFor } from './ValueEditor.tsx'

type Path = readonly (string | number)[]
type Props = {
  filter: Filter
  fields: readonly FieldChoice[]
  onChange: (filter: Filter | undefined) => void
  /** Where the definition has it, as issues say it. */
  path: Path
}
type Tree = {
  readonly root: Filter
  readonly fields: readonly FieldChoice[]
  readonly move: (from: Place, to: Spot) => void
  readonly wrap: (place: Place) => void
}
const TreeContext = createContext<Tree | undefined>(undefined)
/** As deep as filters may go: src/definition/schema.ts says it too, but brings a library along. */
const MAX_DEPTH = 8
const MAX_NESTED = 3

/** Conditions and groups of them, moved by drag or by their menus; what has no controls is shown as it is. */
export function FilterEditor({ filter, fields, onChange, path }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const root: Filter = groupOf(filter) === undefined ? { all: [filter] } : filter
  /** Whoever moves something by its menu finds its menu again where it went. */
  const settle = (next: Filter | undefined, part: Filter | undefined) => {
    onChange(next)
    const place = next && part && placeOf(next, part)
    if (place === undefined) return
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-move="${place.join('.')}"]`)?.focus())
  }
  const move = (from: Place, to: Spot) => {
    const next = moved(root, from, to)
    if (next === undefined || depthOf(next) <= MAX_DEPTH) settle(next, partAt(root, from))
  }
  const wrap = (place: Place) => settle(wrapped(root, place), partAt(root, place))
  return (
    <TreeContext value={{ root, fields, move, wrap }}>
      <div ref={box}>
        <Draggable onMove={move}>
          <GroupEditor
            filter={root}
            path={path}
            bare={root === filter ? undefined : path}
            place={[]}
            onChange={onChange}
          />
        </Draggable>
      </div>
    </TreeContext>
  )
}

function partAt(filter: Filter, place: Place): Filter | undefined {
  let here: Filter | undefined = filter
  for (const index of place) here = here && groupOf(here)?.parts[index]
  return here
}

type OneProps = {
  filter: Filter
  path: Path
  place: Place
  siblings?: readonly Filter[]
  onChange: (filter: Filter | undefined) => void
}

function GroupEditor({ filter, path, bare, place, siblings = [], onChange }: OneProps & { bare?: Path | undefined }) {
  const { fields } = useTree()
  const { kind, parts } = asGroup(filter)
  const held = useHeld(place)
  const put = (next: readonly Filter[], as: GroupKind = kind) => onChange(filterOf(as, next))
  const [first] = fields
  const nested = place.length > 0
  const entries = parts.map((part, index) => (
    <One
      // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no names; their place is what they are known by
      key={`${index} ${'field' in part ? part.field : ''}`}
      filter={part}
      path={bare ?? [...path, ...pathOfPart(filter, index)]}
      place={[...place, index]}
      siblings={parts}
      onChange={(next) => put(parts.flatMap((one, at) => (at !== index ? [one] : next === undefined ? [] : [next])))}
    />
  ))
  return (
    <fieldset className={nested ? `${styles.nested} ${held ? styles.dim : ''}` : styles.group}>
      <legend className={styles.legend}>
        {nested && <Grip place={place} />}
        <select
          className={styles.select}
          aria-label="How these conditions are joined"
          value={kind}
          onChange={(event) => put(parts, event.target.value as GroupKind)}
        >
          {GROUP_KINDS.map(([one, label]) => (
            <option key={one} value={one}>
              {label}
            </option>
          ))}
        </select>
        {nested && <MoveButton what="group" place={place} siblings={siblings} />}
        {nested && (
          <Button kind="quiet" shape="round" aria-label="Remove this group" onClick={() => onChange(undefined)}>
            <Icon name="close" size={16} />
          </Button>
        )}
      </legend>
      <WithGaps entries={entries} group={place} />
      <div className={styles.row}>
        <Button onClick={() => first && put([...parts, fresh(first)])}>Add condition</Button>
        {place.length < MAX_NESTED && (
          <Button
            kind="quiet"
            onClick={() => {
              const group = first && filterOf(kind === 'any' ? 'all' : 'any', [fresh(first)])
              if (group) put([...parts, group])
            }}
          >
            Add group
          </Button>
        )}
      </div>
    </fieldset>
  )
}

function One(props: OneProps) {
  const { filter, path, place, siblings = [], onChange } = props
  const issues = use(Issues).filter((issue) => path.every((step, level) => issue.path[level] === step))
  const held = useHeld(place)
  if (groupOf(filter) !== undefined) return <GroupEditor {...props} />
  return (
    <div className={held ? styles.held : styles.entry}>
      <div className={styles.line}>
        <Grip place={place} />
        <div className={styles.body}>
          <div className={styles.what}>
            {'field' in filter ? (
              <Condition condition={filter} onChange={onChange} />
            ) : (
              <code className={styles.raw}>{JSON.stringify(filter)}</code>
            )}
          </div>
          <IssueList issues={issues} />
        </div>
        <div className={styles.tools}>
          <MoveButton what="condition" place={place} siblings={siblings} />
          <Button kind="quiet" shape="round" aria-label="Remove this condition" onClick={() => onChange(undefined)}>
            <Icon name="close" size={16} />
          </Button>
        </div>
      </div>
    </div>
  )
}

/** The places that a condition or group can be taken to from where it is. */
function MoveButton({ what, place, siblings }: { what: string; place: Place; siblings: readonly Filter[] }) {
  const { root, move, wrap } = useTree()
  const group = place.slice(0, -1)
  const index = place.at(-1) ?? 0
  const [above, below] = [siblings[index - 1], siblings[index + 1]]
  const to = (label: string, spot: Spot) => ({ label, onSelect: () => move(place, spot) })
  const inside = (one: Filter | undefined) => one && groupOf(one)
  const entries = [
    ...(above ? [to('Up', { group, index: index - 1 })] : []),
    ...(below ? [to('Down', { group, index: index + 2 })] : []),
    ...(inside(above)
      ? [to('Into the group above', { group: [...group, index - 1], index: inside(above)?.parts.length ?? 0 })]
      : []),
    ...(inside(below) ? [to('Into the group below', { group: [...group, index + 1], index: 0 })] : []),
    ...(group.length > 0
      ? [to('Out of this group', { group: group.slice(0, -1), index: (group.at(-1) ?? 0) + 1 })]
      : []),
    ...(siblings.length > 1 && depthOf(root) < MAX_DEPTH - 1
      ? [{ label: 'Into a group of its own', onSelect: () => wrap(place) }]
      : []),
  ]
  if (entries.length === 0) return null
  return <MoveMenu label={`Move ${what} ${index + 1} of ${siblings.length}`} mark={place.join('.')} entries={entries} />
}

function useTree(): Tree {
  const tree = use(TreeContext)
  if (tree === undefined) throw new Error('Conditions are shown inside of a FilterEditor')
  return tree
}

/** A condition that runs as it is. */
export function fresh({ path, type, values }: FieldChoice): FieldCondition {
  if (isTime(type)) return { field: path, op: 'in_period', value: { this: 'year' } }
  if (type === 'boolean') return { field: path, op: 'eq', value: true }
  if (type === 'enum') return { field: path, op: 'eq', value: values?.[0]?.value ?? '' }
  return { field: path, op: 'not_empty' }
}

function Condition({ condition, onChange }: { condition: FieldCondition; onChange: (filter: Filter) => void }) {
  const { fields } = useTree()
  const choice = fields.find(({ path }) => path === condition.field)
  const ops = opsFor(choice?.type ?? 'text')
  const setOp = (op: FieldCondition['op']) => {
    const { value: _value, ...rest } = condition
    if (op === 'is_empty' || op === 'not_empty') return onChange({ ...rest, op })
    onChange({ ...rest, op, value: valueFor(op, condition.value, choice) })
  }
  return (
    <>
      <FieldSelect label="Field" fields={fields} value={condition.field} onChange={(next) => onChange(fresh(next))} />
      <select
        className={styles.select}
        aria-label="Comparison"
        value={condition.op}
        onChange={(event) => setOp(event.target.value as FieldCondition['op'])}
      >
        {!ops.some(([op]) => op === condition.op) && <option value={condition.op}>{condition.op}</option>}
        {ops.map(([op, label]) => (
          <option key={op} value={op}>
            {label}
          </option>
        ))}
      </select>
      {condition.value !== undefined && (
        <ValueEditor condition={condition} choice={choice} onChange={(value) => onChange({ ...condition, value })} />
      )}
    </>
  )
}
