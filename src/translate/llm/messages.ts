// What is said to a model about one question.
// In: the question, the linked part of the catalog, the prompts. Out: system parts (stable first) and the first message.
// Data goes between tags, and no text of the data can close one.
import type { Definition } from '../../definition/schema.ts'
import type { Clock } from '../../lib/scope.ts'
import type { Link } from '../link.ts'
import type { Mention } from '../mentions.ts'
import type { Example, Translation } from '../types.ts'
import { catalogText } from './catalog-text.ts'
import { fillSlots, type Prompts } from './prompts.ts'

export type Said = {
  readonly question: string
  readonly clock: Clock
  readonly link: Link
  readonly mentions: readonly Mention[]
  readonly base: Definition | undefined
  readonly hint: Translation | undefined
  readonly examples: readonly Example[]
}

/** The system prompt: what never changes, then the catalog (the same for every question while it is sent whole). */
export function systemParts(prompts: Prompts, link: Link): string[] {
  const partial = link.complete ? '' : 'yes'
  return [prompts.system.trim(), fillSlots(prompts.catalog, { catalog: data(catalogText(link.catalog)), partial })]
}

/** The message that asks. */
export function firstMessage(
  prompts: Prompts,
  { question, clock, link, mentions, base, hint, examples }: Said,
): string {
  return fillSlots(prompts.user, {
    today: dayText(clock),
    timezone: clock.timezone,
    values: data(valuesText(mentions, link)),
    examples: data(examples.map(exampleText).join('\n\n')),
    base: base === undefined ? '' : data(JSON.stringify(compactDefinition(base))),
    draft: hint === undefined ? '' : data(draftText(hint)),
    question: data(question.trim()),
  })
}

/** "Monday 2026-11-23", where the asker is. */
function dayText({ now, timezone }: Clock): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    weekday: 'long',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(now)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('weekday')} ${part('year')}-${part('month')}-${part('day')}`
}

function valuesText(mentions: readonly Mention[], { catalog }: Link): string {
  return mentions
    .map(({ text, matches }) => {
      const known = matches.filter(({ entity, field }) => catalog.entities[entity]?.fields[field] !== undefined)
      const places = known.map(({ entity, field, value }) => `${entity}.${field} = ${JSON.stringify(value)}`)
      return places.length === 0 ? '' : `- ${JSON.stringify(text)}: ${places.join('; ')}`
    })
    .filter((line) => line !== '')
    .join('\n')
}

const exampleText = ({ prompt, definition }: Example): string =>
  `${prompt.replace(/\s+/g, ' ')}\n${JSON.stringify(compactDefinition(definition))}`

function draftText(hint: Translation): string {
  if (hint.kind === 'refused' || hint.definition === undefined) return ''
  const open = hint.kind === 'draft' ? hint.notUnderstood.map((part) => `not understood: ${part}`) : []
  const taken = hint.kind === 'answer' ? hint.assumptions.map((part) => `assumed: ${part}`) : []
  return [JSON.stringify(compactDefinition(hint.definition)), ...taken, ...open].join('\n')
}

/** A definition without what says nothing: empty lists, nulls, false, the version. */
export function compactDefinition(definition: Definition): Record<string, unknown> {
  const entries = Object.entries(definition).filter(
    ([key, value]) =>
      key !== 'version' && value !== null && value !== false && !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(entries)
}

/** Also with blanks or signs between, in wide letters, or without its end: a model reads all of these as the tag. */
const TAG = /[<＜﹤](?=[^\p{L}<>]{0,20}(?:catalog|values|verified|table|draft|question)\b)/giu

/** Text between tags: whatever looks like the beginning of one of our tags is none. */
function data(text: string): string {
  return text.replace(TAG, '(')
}
