import { createContext, type ReactNode, use } from 'react'
import type { Definition } from '../../src/definition/schema.ts'
import type { Failure } from '../api/failure.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { keepFocus } from '../ui/keep-focus.ts'
import styles from './builder.module.css'
import { Draggable, Grip, useHeld, WithGaps } from './Drag.tsx'
import { type ListPart, move, moveBefore, remove } from './edits.ts'
import { Sparing } from './FieldSelect.tsx'
import { LookButton } from './LookButton.tsx'

type Issue = NonNullable<Failure['issues']>[number]

/** What is wrong, for whoever shows the part that it is about. */
export const Issues = createContext<readonly Issue[]>([])

/** The parts that are shown, where only some are asked for. */
export const Only = createContext<readonly string[] | undefined>(undefined)

/** One part of a definition, and what is wrong with it as a whole. */
export function Part({ title, part, children }: { title: string; part: string; children: ReactNode }) {
  const issues = use(Issues).filter(({ path }) => path[0] === part && !isDeeper(part, path))
  const only = use(Only)
  if (only !== undefined && !only.includes(part)) return null
  return (
    <section className={styles.part} data-part={part} data-conditions>
      <h2>{title}</h2>
      {children}
      <IssueList issues={issues} />
    </section>
  )
}

/** Entries and conditions show what is wrong with them themselves. */
function isDeeper(part: string, path: Issue['path']): boolean {
  return part === 'filters' || part === 'having' ? path.length > 1 : typeof path[1] === 'number'
}

export function IssueList({ issues }: { issues: readonly Issue[] }) {
  return issues.map((issue) => (
    <p key={issue.message} className={styles.issue} role="alert">
      {issueText(issue)}
    </p>
  ))
}

/** What is wrong, and what to do where that is not said with it: `…; did you mean "x"` needs no `Use "x"`. */
export function issueText({ message, fix }: Issue): string {
  const said = fix === undefined || message.endsWith(`did you mean ${fix.replace(/^Use /, '')}`)
  return said ? message : `${message}. ${fix}.`
}

/** As many lists as a page may fill with options at once. */
const FILLED_AT_ONCE = 20

type ListProps = {
  part: ListPart
  definition: Definition
  onChange: (definition: Definition) => void
  children: readonly ReactNode[]
}

/** The entries of a part, which can be dragged to another place among them. */
export function Entries({ part, definition, onChange, children }: ListProps) {
  if (children.length === 0) return null
  return (
    <Draggable onMove={([from = 0], to) => onChange(moveBefore(definition, part, from, to.index))}>
      <Sparing value={children.length > FILLED_AT_ONCE}>
        <WithGaps entries={children} />
      </Sparing>
    </Draggable>
  )
}

type EntryProps = {
  part: ListPart
  index: number
  definition: Definition
  onChange: (definition: Definition) => void
  name: string
  children: ReactNode
}

/** One entry of a list, with its place and what is wrong with it. */
export function Entry({ part, index, definition, onChange, name, children }: EntryProps) {
  const issues = use(Issues).filter(
    ({ path }) => path[0] === part && path[1] === index && !(path[2] === 'where' && path.length > 3),
  )
  const held = useHeld([index])
  const last = definition[part].length - 1
  const step = (by: number) => onChange(move(definition, part, index, by))
  return (
    <div className={held ? styles.held : styles.entry} data-path={`${part}.${index}`}>
      <div className={styles.line}>
        {last > 0 && <Grip place={[index]} />}
        <div className={styles.body}>
          <div className={styles.what}>{children}</div>
          <IssueList issues={issues} />
        </div>
        <div className={styles.tools}>
          {part !== 'sortBy' && <LookButton {...{ part, index, definition, onChange, name }} />}
          {last > 0 && (
            <>
              <Button
                kind="quiet"
                shape="round"
                disabled={index === 0}
                aria-label={`Move ${name} up`}
                onClick={(event) => {
                  step(-1)
                  keepFocus(event.currentTarget)
                }}
              >
                ↑
              </Button>
              <Button
                kind="quiet"
                shape="round"
                disabled={index === last}
                aria-label={`Move ${name} down`}
                onClick={(event) => {
                  step(1)
                  keepFocus(event.currentTarget)
                }}
              >
                ↓
              </Button>
            </>
          )}
          <Button
            kind="quiet"
            shape="round"
            aria-label={`Remove ${name}`}
            onClick={() => onChange(remove(definition, part, index))}
          >
            <Icon name="close" size={16} />
          </Button>
        </div>
      </div>
    </div>
  )
}
