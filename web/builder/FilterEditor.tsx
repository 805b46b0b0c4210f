import { createContext, use, useId, useRef } from 'react'
import type { Filter } from '../../src/definition/schema.ts'
import type { CatalogView } from '../api/client.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { AddCondition } from './AddCondition.tsx'
import styles from './builder.module.css'
import { ConditionFields, RelationFields, ToldCondition } from './ConditionFields.tsx'
import { type FieldChoice, fieldsOf } from './choices.ts'
import { fresh, hasControls } from './conditions.ts'
import { Draggable, Grip, useHeld, WithGaps } from './Drag.tsx'
import {
  asGroup,
  depthOf,
  filterOf,
  GROUP_KINDS,
  type GroupKind,
  groupOf,
  levelsAbove,
  moved,
  type Place,
  pathOfPart,
  placeOf,
  type Spot,
  wrapped,
} from './filter-tree.ts'
import { MoveMenu } from './MoveMenu.tsx'
import { IssueList, Issues } from './Part.tsx'
import { countedEntity, entityAt } from './related.ts'

type Path = readonly (string | number)[]
type Props = {
  filter: Filter
  catalog: CatalogView
  /** The entity whose rows are asked; absent for conditions on the result. */
  entity?: string | undefined
  fields: readonly FieldChoice[]
  onChange: (filter: Filter | undefined) => void
  /** Where the definition has it, as issues say it. */
  path: Path
}
type Tree = {
  /** Trees within trees keep their places apart by it. */
  readonly id: string
  readonly root: Filter
  readonly catalog: CatalogView
  readonly entity: string | undefined
  /** How deep the tree itself may go. */
  readonly depth: number
  readonly fields: readonly FieldChoice[]
  readonly move: (from: Place, to: Spot) => void
  readonly wrap: (place: Place) => void
}
const TreeContext = createContext<Tree | undefined>(undefined)
/** As deep as filters may go: src/definition/schema.ts says it too, but brings a library along. */
const MAX_DEPTH = 8
const MAX_NESTED = 3

/** Conditions and groups of them, moved by drag or by their menus; what has no controls is told in words. */
export function FilterEditor({ filter, catalog, entity, fields, onChange, path }: Props) {
  const id = useId()
  const depth = MAX_DEPTH - levelsAbove(path)
  const box = useRef<HTMLDivElement>(null)
  const root: Filter = groupOf(filter) === undefined ? { all: [filter] } : filter
  /** Whoever moves something by its menu finds its menu again where it went. */
  const settle = (next: Filter | undefined, part: Filter | undefined) => {
    onChange(next)
    const place = next && part && placeOf(next, part)
    if (place === undefined) return
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>(`[data-move="${id} ${place.join('.')}"]`)?.focus(),
    )
  }
  const move = (from: Place, to: Spot) => {
    const next = moved(root, from, to)
    if (next === undefined || depthOf(next) <= depth) settle(next, partAt(root, from))
  }
  const wrap = (place: Place) => settle(wrapped(root, place), partAt(root, place))
  return (
    <TreeContext value={{ id, root, catalog, entity, depth, fields, move, wrap }}>
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
  const { catalog, entity, fields } = useTree()
  const { kind, parts } = asGroup(filter)
  const nested = place.length > 0
  const held = useHeld(place)
  const issues = use(Issues).filter(({ path: at }) => nested && begins(at, path) && at.length === path.length)
  const put = (next: readonly Filter[], as: GroupKind = kind) => onChange(filterOf(as, next))
  const [first] = fields
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
    <fieldset
      data-conditions
      data-path={nested ? path.join('.') : undefined}
      className={nested ? `${styles.nested} ${held ? styles.dim : ''}` : styles.group}
    >
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
      <IssueList issues={issues} />
      <div className={styles.row}>
        <AddCondition {...{ catalog, entity, fields }} onAdd={(condition) => put([...parts, condition])} />
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
  const inner = innerOf(filter, path)
  const issues = use(Issues).filter(({ path: at }) => begins(at, path) && !(inner && isBelow(at, inner)))
  const held = useHeld(place)
  if (groupOf(filter) !== undefined) return <GroupEditor {...props} />
  return (
    <div className={held ? styles.held : styles.entry} data-condition={place.join('.')} data-path={path.join('.')}>
      <div className={styles.line}>
        <Grip place={place} />
        <div className={styles.body}>
          <Fields {...props} />
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

/** The controls of one condition, and of the conditions that it has itself. */
function Fields({ filter, path, onChange }: OneProps) {
  const { catalog, entity, fields } = useTree()
  const place = { catalog, entity, fields, path, onChange }
  if ('relation' in filter) {
    const { relation, where, ...rest } = filter
    return (
      <>
        <div className={styles.what}>
          <RelationFields {...place} condition={filter} />
        </div>
        <WhereEditor
          {...{ catalog, where }}
          entity={entity && entityAt(catalog, entity, relation)}
          path={[...path, 'where']}
          onChange={(next) => onChange({ relation, ...rest, ...(next && { where: next }) })}
        />
      </>
    )
  }
  // Groups have been told apart before.
  if (!('op' in filter) || !hasControls(filter, catalog, entity, fields)) {
    return (
      <div className={styles.what}>
        <ToldCondition condition={filter} />
      </div>
    )
  }
  const own = (
    <div className={styles.what}>
      <ConditionFields {...place} condition={filter} />
    </div>
  )
  if (!('aggregate' in filter)) return own
  const { where, ...aggregate } = filter.aggregate
  return (
    <>
      {own}
      <WhereEditor
        {...{ catalog, where }}
        entity={entity && countedEntity(catalog, entity, aggregate)}
        path={[...path, 'aggregate', 'where']}
        onChange={(next) => onChange({ ...filter, aggregate: { ...aggregate, ...(next && { where: next }) } })}
      />
    </>
  )
}

type WhereProps = {
  catalog: CatalogView
  /** The entity whose rows the conditions are about; absent where the catalog does not have it. */
  entity: string | undefined
  where: Filter | undefined
  path: Path
  onChange: (where: Filter | undefined) => void
}

/** Which of the related or counted rows are meant: conditions of their own. */
export function WhereEditor({ catalog, entity, where, path, onChange }: WhereProps) {
  const target = entity === undefined ? undefined : catalog.entities[entity]
  if (entity === undefined || target === undefined)
    return where === undefined ? null : <ToldCondition condition={where} />
  const fields = fieldsOf(catalog, entity)
  const rows = target.label.toLowerCase()
  return (
    <div data-conditions className={where === undefined ? styles.row : styles.where}>
      {where === undefined ? (
        <AddCondition
          label={`Only ${rows} where …`}
          {...{ catalog, entity, fields }}
          onAdd={(condition) => onChange({ all: [condition] })}
        />
      ) : (
        <>
          <span className={styles.hint}>only {rows} where</span>
          <FilterEditor {...{ catalog, entity, fields, path, onChange }} filter={where} />
        </>
      )}
    </div>
  )
}

/** Where the conditions within a condition are, which show what is wrong with them themselves. */
function innerOf(filter: Filter, path: Path): { readonly at: Path; readonly isGroup: boolean } | undefined {
  const [where, at] =
    'relation' in filter
      ? [filter.where, [...path, 'where']]
      : 'aggregate' in filter
        ? [filter.aggregate.where, [...path, 'aggregate', 'where']]
        : [undefined, path]
  return where && { at, isGroup: groupOf(where) !== undefined }
}

const begins = (path: Path, start: Path): boolean => start.every((step, level) => path[level] === step)
const isBelow = (path: Path, { at, isGroup }: { at: Path; isGroup: boolean }): boolean =>
  begins(path, at) && (path.length > at.length || !isGroup)

/** The places that a condition or group can be taken to from where it is. */
function MoveButton({ what, place, siblings }: { what: string; place: Place; siblings: readonly Filter[] }) {
  const { id, root, depth, move, wrap } = useTree()
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
    ...(siblings.length > 1 && depthOf(root) < depth - 1
      ? [{ label: 'Into a group of its own', onSelect: () => wrap(place) }]
      : []),
  ]
  if (entries.length === 0) return null
  return (
    <MoveMenu
      label={`Move ${what} ${index + 1} of ${siblings.length}`}
      mark={`${id} ${place.join('.')}`}
      entries={entries}
    />
  )
}

function useTree(): Tree {
  const tree = use(TreeContext)
  if (tree === undefined) throw new Error('Conditions are shown inside of a FilterEditor')
  return tree
}
