// What somebody did, in words. In: an entry of the log. Out: a verb and what it was done to.
import type { Answered } from '../api/call.ts'
import { whenText } from '../api/locale.ts'

export type Entry = Answered<'GET /audit'>['entries'][number]

const VERBS: Readonly<Record<string, string>> = {
  create: 'made',
  clone: 'copied',
  update: 'changed',
  revert: 'took back',
  share: 'shared',
  transfer: 'handed on',
  delete: 'deleted',
  restore: 'restored',
  schedule: 'scheduled',
  unschedule: 'ended the schedule of',
  deliver: 'sent',
  verify: 'changed the verified mark of',
  export: 'exported',
  change: 'changed',
  remove: 'removed',
  revoke: 'revoked',
  start: 'accepted',
}
/** Names that the log spells as programs do, as people read them. */
const NAMES: Readonly<Record<string, string>> = {
  createdVia: 'made by',
  visibility: 'seen by',
  orgPermission: 'everybody may',
  sharedWithTeams: 'teams',
  sharedWithUsers: 'people',
  changed: 'changed',
  frequency: 'mailed',
  allowOutside: 'to outsiders',
  columnRoles: 'roles that open columns',
}
const VALUES: Readonly<Record<string, string>> = {
  BUILDER: 'hand',
  AI_GENERATED: 'asking',
  IMPORT: 'import',
  PRIVATE: 'one person',
  TEAM: 'teams and people by name',
  ORG: 'everybody',
  xlsx: 'Excel',
  excel: 'Excel',
  csv: 'CSV',
  pdf: 'PDF',
  true: 'yes',
  false: 'no',
  view: 'view it',
  edit: 'edit it',
}
const KINDS: Readonly<Record<string, string>> = {
  table: 'table',
  dashboard: 'dashboard',
  report: 'report',
  view: 'view',
  member: 'member',
  team: 'team',
  invitation: 'invitation',
  key: 'key',
}
export const subjectKinds = ['table', 'dashboard', 'report', 'view', 'member', 'team', 'invitation', 'key'] as const
export type SubjectKind = (typeof subjectKinds)[number]

/** Actions that can be asked for by name, as the log spells them. */
export const auditActions = [
  ...['create', 'clone', 'update', 'revert', 'share', 'transfer', 'delete', 'restore', 'schedule', 'unschedule'].map(
    (verb) => `tables.${verb}`,
  ),
  ...['deliver', 'verify', 'export'].map((verb) => `tables.${verb}`),
  ...['create', 'update', 'share', 'delete', 'restore'].map((verb) => `dashboards.${verb}`),
  ...['create', 'update', 'share', 'delete', 'restore', 'schedule', 'unschedule', 'deliver'].map(
    (verb) => `reports.${verb}`,
  ),
  ...['members.change', 'members.remove', 'teams.change', 'session.start'],
  ...['invitations.create', 'invitations.revoke', 'keys.create', 'keys.revoke'],
]

/** An action in words, such as "shared a table". */
export function actionWords(action: string): string {
  if (action === 'session.start') return 'accepted an invitation'
  const [kinds = '', verb = ''] = action.split('.')
  const kind = kinds.replace(/s$/, '')
  return `${VERBS[verb] ?? verb} ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`
}

/** What was done to what, such as "shared the table". */
export function entryWords({ action, subjectKind, details }: Entry): string {
  const [, verb = ''] = action.split('.')
  if (subjectKind === 'team' && details.created === true) return 'made the team'
  if (subjectKind === 'team' && details.deleted === true) return 'deleted the team'
  return `${VERBS[verb] ?? action} the ${KINDS[subjectKind] ?? subjectKind}`
}

/** By what somebody came, such as a key; undefined for the usual way. */
export function viaWords(via: string): string | undefined {
  if (via === 'session') return undefined
  if (via.startsWith('key')) return 'by a key'
  return via === 'token' ? 'by another application' : `by ${via}`
}

/** What more is known of an entry, each as "name: value", without what names the subject already. */
export function detailLines(
  { details }: Pick<Entry, 'details'>,
  subject: string,
  nameOf: (id: string) => string,
): readonly string[] {
  const { from, to, ...rest } = details
  if (isRecord(from) && isRecord(to)) {
    const changed = Object.keys(to).filter((name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]))
    const words = (value: unknown) => textOf(value, nameOf)
    return [
      ...changed.map((name) => `${nameWords(name)}: ${words(from[name])}, now ${words(to[name])}`),
      ...detailLines({ details: rest }, subject, nameOf),
    ]
  }
  return Object.entries(details).flatMap(([name, value]) => {
    if (value === null || value === undefined || value === '' || value === subject) return []
    if (name === 'created' || name === 'deleted' || name === 'version') return []
    return [`${nameWords(name)}: ${textOf(value, nameOf)}`]
  })
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const nameWords = (name: string): string =>
  NAMES[name] ?? name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
const textOf = (value: unknown, nameOf: (id: string) => string): string =>
  typeof value === 'object' && value !== null ? listOf(value, nameOf) : plain(value, nameOf)

const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/

function plain(value: unknown, nameOf: (id: string) => string): string {
  const text = String(value)
  if (!INSTANT.test(text)) return VALUES[text] ?? nameOf(text)
  return whenText(text)
}

function listOf(value: object, nameOf: (id: string) => string): string {
  const words = (one: unknown) => (typeof one === 'object' && one !== null ? listOf(one, nameOf) : plain(one, nameOf))
  if (Array.isArray(value)) {
    if (value.length === 0) return 'none'
    return value.map(words).join('; ')
  }
  return Object.entries(value)
    .map(([name, one]) => (name === 'id' ? words(one) : `${nameWords(name)} ${words(one)}`))
    .join(', ')
}
