import { foldedJson } from '../../src/lib/folded-json.ts'
import { prettySql } from '../../src/sql/pretty.ts'
import { readerTimezone } from '../api/locale.ts'
import { EditInBuilder } from '../builder/EditInBuilder.tsx'
import { DownloadAnswer } from '../exports/DownloadAnswer.tsx'
import { SaveTable } from '../library/SaveTable.tsx'
import { ViewersTake } from '../library/ViewersTake.tsx'
import { Code } from '../ui/Code.tsx'
import { Disclosure } from '../ui/Disclosure.tsx'
import { Notice } from '../ui/Notice.tsx'
import { rowCount } from '../ui/words.ts'
import styles from './AnswerView.module.css'
import { Changes } from './Changes.tsx'
import { Chips } from './Chips.tsx'
import { Meanings } from './Meanings.tsx'
import { Reading } from './Reading.tsx'
import { ResultTable } from './ResultTable.tsx'
import type { Answered } from './thread.ts'

const TRANSLATORS = {
  builtin: 'the built-in translator',
  openai: 'OpenAI',
  anthropic: 'Anthropic',
} as const

/** What was made of the table by hand, and what was done to it. */
export type OnEdit = (definition: Answered['definition'], did: string) => void
type Props = {
  answer: Answered
  prompt: string /** Whether it was made without words. */
  byHand: boolean
  onEdit: OnEdit
}

/** A finished table: what it is, its rows, how it came about, and the machinery one click away. */
export function AnswerView({ answer, prompt, byHand, onEdit }: Props) {
  const { table, definition, changes } = answer
  return (
    <div className={styles.answer}>
      <Reading title={answer.title} sentence={answer.sentence} assumptions={answer.assumptions}>
        {changes && (!byHand || changes.gone.length + changes.come.length > 0) && <Changes changes={changes} />}
        <Meanings definition={definition} />
        <div>
          <dt>In pieces</dt>
          <dd>
            <Chips parts={answer.parts} definition={definition} onEdit={onEdit} />
          </dd>
        </div>
      </Reading>
      {answer.notes.map((note) => (
        <Notice key={note} tone="warn" title={note} />
      ))}
      <div className={styles.keep}>
        <SaveTable prompt={prompt} title={answer.title} definition={definition} />
        <EditInBuilder definition={definition} prompt={prompt} />
        <DownloadAnswer definition={definition} title={answer.title} />
        <ViewersTake />
      </div>
      <figure className={styles.figure}>
        <ResultTable
          table={table}
          label={answer.title}
          partial={table.truncated}
          truncated={table.truncated}
          edit={{ definition, onEdit }}
        />
        <figcaption className={styles.caption}>
          <span>{rowCount(table.rows.length)}</span>
          <span>By the days of {readerTimezone}</span>
          <span>Read in {duration(table.elapsedMs)}</span>
          {!byHand && (
            <span>
              {answer.translator === 'verified'
                ? 'Verified table'
                : `Understood by ${TRANSLATORS[answer.translator]}, ${Math.round(answer.confidence * 100)}% sure`}
            </span>
          )}
        </figcaption>
      </figure>
      <div>
        <Disclosure label="Definition">
          <Code label="definition" text={foldedJson(compact(definition), 88)} />
        </Disclosure>
        <Disclosure label="SQL">
          <Code label="SQL" text={table.statements.map(statementText).join('\n\n')} />
        </Disclosure>
      </div>
    </div>
  )
}

function duration(ms: number): string {
  return ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`
}

function statementText({ text, params }: Answered['table']['statements'][number]): string {
  const laidOut = prettySql(text)
  if (params.length === 0) return laidOut
  return `${laidOut}\n\n${params.map((value, index) => `-- $${index + 1} = ${JSON.stringify(value)}`).join('\n')}`
}

/** Without the parts that say nothing: empty lists, null, false. */
function compact(definition: Answered['definition']): object {
  return Object.fromEntries(
    Object.entries(definition).filter(
      ([, value]) => value !== null && value !== false && !(Array.isArray(value) && value.length === 0),
    ),
  )
}
