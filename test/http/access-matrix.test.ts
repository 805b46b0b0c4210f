// Role × relation × visibility × every route of the OpenAPI document, over real sockets.
// What is expected stands here, written from the product's rules and not taken from the program's own table of rules:
// a route that is not in EXPECTED fails, and so does one whose line is not what happens.
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { newApiKey } from '../../src/access/api-key.ts'
import { apiKeys, type Role, teams } from '../../src/db/schema-access.ts'
import { documentShares, documents } from '../../src/db/schema-documents.ts'
import { auditLog } from '../../src/db/schema-log.ts'
import { tableShares, tables, tableVersions } from '../../src/db/schema-tables.ts'
import { api } from '../../src/http/api.ts'
import { openApi } from '../../src/http/openapi.ts'
import { newId } from '../../src/lib/id.ts'
import { addPerson, serveApp, type TestApp } from '../setup/app.ts'
import { postgresService, type Service } from '../setup/service.ts'

type Part = 'view' | 'edit' | 'own'
type Expected =
  | 'anybody'
  | {
      readonly role: Role
      readonly scope: string
      readonly part?: Part
      readonly inPerson?: true /** Whose it is, and nobody else's. */
      readonly own?: 'conversation'
    }

const reads = { role: 'viewer', scope: 'tables:read' } as const
const writes = { role: 'editor', scope: 'tables:write' } as const
const asks = { role: 'viewer', scope: 'ask' } as const
const administers = { role: 'admin', scope: 'admin' } as const

/** Every route, and the least that its caller must be. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  generateTable: asks,
  previewTable: asks,
  validateTable: asks,
  drillTable: asks,
  importTable: asks,
  exportTable: asks,
  readCatalog: asks,
  readSession: 'anybody',
  signIn: 'anybody',
  signInToDemo: 'anybody',
  signUp: 'anybody',
  readInvitation: 'anybody',
  acceptInvitation: 'anybody',
  switchOrganization: 'anybody',
  signOut: 'anybody',
  listTables: reads,
  createTable: writes,
  getTable: { ...reads, part: 'view' },
  tableRows: { ...reads, part: 'view' },
  executeTable: { ...reads, part: 'view' },
  refreshTable: { ...reads, part: 'view' },
  tableHistory: { ...reads, part: 'view' },
  listDeliveries: { ...reads, part: 'view' },
  exportSavedTable: { ...reads, part: 'view' },
  startExport: { ...reads, part: 'view' },
  listExports: reads,
  getExport: reads,
  cancelExport: reads,
  cloneTable: { ...writes, part: 'view' },
  updateTable: { ...writes, part: 'edit' },
  revertTable: { ...writes, part: 'edit' },
  scheduleTable: { ...writes, part: 'edit' },
  unscheduleTable: { ...writes, part: 'edit' },
  sendTable: { ...writes, part: 'edit' },
  shareTable: { ...writes, part: 'own' },
  transferTable: { ...writes, part: 'own' },
  listDashboards: reads,
  createDashboard: writes,
  getDashboard: { ...reads, part: 'view' },
  updateDashboard: { ...writes, part: 'edit' },
  shareDashboard: { ...writes, part: 'own' },
  deleteDashboard: { ...writes, part: 'own' },
  restoreDashboard: { ...writes, part: 'own' },
  refreshDashboard: { ...reads, part: 'view' },
  tileRows: { ...reads, part: 'view' },
  scheduleReport: { ...writes, part: 'edit' },
  unscheduleReport: { ...writes, part: 'edit' },
  listReportDeliveries: { ...reads, part: 'view' },
  sendReport: { ...writes, part: 'edit' },
  listAllDeliveries: administers,
  previewSchedule: reads,
  previewMail: reads,
  listViews: reads,
  createView: writes,
  updateView: { ...writes, part: 'edit' },
  deleteView: { ...writes, part: 'edit' },
  restoreView: { ...writes, part: 'own' },
  listDeleted: writes,
  listReports: reads,
  createReport: writes,
  getReport: { ...reads, part: 'view' },
  updateReport: { ...writes, part: 'edit' },
  shareReport: { ...writes, part: 'own' },
  deleteReport: { ...writes, part: 'own' },
  restoreReport: { ...writes, part: 'own' },
  exportReport: { ...reads, part: 'view' },
  verifyTable: { ...administers, part: 'view' },
  unverifyTable: { ...administers, part: 'view' },
  listConversations: asks,
  listRecentPrompts: asks,
  getConversation: { ...asks, own: 'conversation' },
  renameConversation: { ...asks, own: 'conversation' },
  placeConversation: { ...asks, own: 'conversation' },
  deleteConversation: { ...asks, own: 'conversation' },
  saveTurn: { ...writes, own: 'conversation' },
  listVerified: reads,
  checkVerified: administers,
  readUsage: administers,
  deleteTable: { ...writes, part: 'own' },
  restoreTable: { ...writes, part: 'own' },
  listPeople: reads,
  changeMember: administers,
  removeMember: administers,
  createTeam: administers,
  changeTeam: administers,
  deleteTeam: administers,
  listInvitations: administers,
  createInvitation: administers,
  revokeInvitation: administers,
  listKeys: { ...reads, inPerson: true },
  createKey: { ...reads, inPerson: true },
  revokeKey: { ...reads, inPerson: true },
  listAudit: administers,
}

const definition = { version: 1, dataSources: ['donations'], columns: [{ field: 'amount' }] }
/** Bodies that are right, where one is needed to get as far as the table. Changes name a version that never was, so that nothing happens. */
const BODIES: Readonly<Record<string, object>> = {
  updateTable: { name: 'Other' },
  revertTable: { to: 1 },
  scheduleTable: { frequency: 'daily', recipients: ['a@example.org'], allowOutside: true, format: 'csv' },
  scheduleReport: { frequency: 'daily', recipients: ['a@example.org'], allowOutside: true, format: 'csv' },
  previewMail: {
    subjectId: 'tbl_none',
    schedule: { frequency: 'daily', recipients: ['a@example.org'], format: 'csv' },
  },
  previewSchedule: { frequency: 'daily', recipients: ['a@example.org'], format: 'csv' },
  sendReport: { kind: 'test' },
  sendTable: { kind: 'test' },
  shareTable: { visibility: 'ORG' },
  transferTable: { userId: 'nobody' },
  createTable: { definition },
  createDashboard: { name: 'D' },
  createReport: { name: 'R' },
  createView: { tableId: 'tbl_none', section: 'S' },
  updateDashboard: { name: 'Other' },
  updateReport: { name: 'Other' },
  updateView: { section: 'Other' },
  shareDashboard: { visibility: 'ORG' },
  shareReport: { visibility: 'ORG' },
  previewTable: { definition },
  validateTable: { definition },
  exportTable: { definition, format: 'csv' },
  generateTable: { prompt: 'donations' },
  placeConversation: { turn: 1 },
  drillTable: {
    definition: { version: 1, dataSources: ['donations'], aggregates: [{ id: 'n', fn: 'count' }] },
    column: 'n',
    keys: {},
  },
  importTable: { definition },
  signIn: { email: 'nobody@example.org', password: 'not a password' },
  signInToDemo: { person: 'demo_maya' },
  signUp: { invitation: 'none', name: 'N', email: 'n@example.org', password: 'a long password' },
  switchOrganization: { organizationId: 'b' },
}
const NEVER = '"999999"'

const document = openApi(api, 'test')
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { operationId }]) => ({ path, method: method.toUpperCase(), operationId })),
)
const kinds = { tables: 'table', dashboards: 'dashboard', reports: 'report', views: 'view' } as const
type Kind = (typeof kinds)[keyof typeof kinds]
/** What a route is of, if it is of one thing that is owned and shared. */
function kindOf(path: string): Kind | undefined {
  const [, plural] = /\/(tables|dashboards|reports|views)\/\{id\}/.exec(path) ?? []
  return plural === undefined ? undefined : kinds[plural as keyof typeof kinds]
}
const ofThings = operations.filter(({ path }) => kindOf(path) !== undefined)
const others = operations.filter(({ path }) => kindOf(path) === undefined)

const roles = ['viewer', 'editor', 'admin'] as const
const relations = ['owner', 'team view', 'team edit', 'named view', 'named edit', 'same', 'other'] as const
type Relation = (typeof relations)[number]
const visibilities = ['PRIVATE', 'TEAM', 'ORG view', 'ORG edit'] as const
type VisibilityName = (typeof visibilities)[number]
type Person = { readonly relation: Relation; readonly role: Role; readonly userId: string; readonly secret: string }

/** The product's rules, once more, in other words than the program's. */
function partOf(relation: Relation, role: Role, visibility: VisibilityName): Part | 'none' {
  if (relation === 'other') return 'none'
  if (relation === 'owner') return 'own'
  const open = {
    PRIVATE: [] as readonly Relation[],
    TEAM: ['team view', 'team edit', 'named view', 'named edit'],
    'ORG view': relations,
    'ORG edit': relations,
  }[visibility] as readonly Relation[]
  if (!open.includes(relation)) return 'none'
  if (role === 'admin') return 'own'
  return relation.endsWith('edit') || visibility === 'ORG edit' ? 'edit' : 'view'
}

const level = (role: Role) => roles.indexOf(role)
const amount = (part: Part | 'none') => ['none', 'view', 'edit', 'own'].indexOf(part)

function expectedOf(rule: Expected, role: Role, part: Part | 'none'): 'fine' | 403 | 404 {
  if (rule === 'anybody') return 'fine'
  if (level(role) < level(rule.role)) return 403
  if (rule.part === undefined) return 'fine'
  if (part === 'none') return 404
  return amount(part) < amount(rule.part) ? 403 : 'fine'
}

const outcome = (status: number): 'fine' | 401 | 403 | 404 =>
  status === 401 || status === 403 || status === 404 ? status : 'fine'

let service: Service
let app: TestApp
const people: Person[] = []
/** By kind, owner, visibility and whether it is deleted; shared ones are owned by somebody who is nobody else here. */
const ids = new Map<string, string>()
let asked = 0

beforeAll(async () => {
  service = await postgresService(inject('postgresUrl'), 'access_matrix')
  app = await serveApp(service.ctx)
  const { ctx } = service
  const keeper = await addPerson(ctx, { organizationId: 'a', role: 'editor' })
  await ctx.db.insert(teams).values({ organizationId: 'a', id: 'team view', name: 'team view' })
  await ctx.db.insert(teams).values({ organizationId: 'a', id: 'team edit', name: 'team edit' })
  for (const role of roles) {
    for (const relation of relations) {
      const teamIds = relation.startsWith('team') ? [relation] : []
      const person = await addPerson(ctx, { organizationId: relation === 'other' ? 'b' : 'a', role, teamIds })
      people.push({ relation, role, ...person })
    }
  }
  const owners = [keeper, ...people.filter(({ relation }) => relation === 'owner')]
  for (const kind of Object.values(kinds))
    for (const { userId } of owners)
      for (const visibility of visibilities)
        for (const deleted of [false, true]) {
          const id = newId({ table: 'tbl', dashboard: 'dsh', report: 'rep', view: 'viw' }[kind])
          ids.set(`${kind} ${userId} ${visibility} ${deleted}`, id)
          if (userId === keeper.userId) ids.set(`${kind} keeper ${visibility} ${deleted}`, id)
          if (kind === 'table') await saveTable(id, userId, visibility, deleted)
          else await saveDocument(kind, id, userId, visibility, deleted)
        }
})
afterAll(async () => {
  await app.close()
  await service.close()
})

/** Straight into the store, with shares also beside PRIVATE: they must mean nothing there. */
async function saveTable(id: string, ownerId: string, visibility: VisibilityName, deleted: boolean): Promise<void> {
  const { db } = service.ctx
  const [name = '', permission = 'view'] = visibility.split(' ')
  await db.insert(tables).values({
    ...{ organizationId: 'a', id, name: id, createdVia: 'BUILDER', definition },
    ...{ ownerId, createdBy: ownerId, updatedBy: ownerId },
    visibility: name as 'ORG',
    orgPermission: permission as 'view',
    deletedAt: deleted ? new Date() : null,
  })
  await db.insert(tableVersions).values({
    ...{ organizationId: 'a', tableId: id, version: 1, kind: 'created', name: id },
    ...{ description: '', definition, changedBy: ownerId },
  })
  await db.insert(tableShares).values(sharesFor().map((share) => ({ organizationId: 'a', tableId: id, ...share })))
}

/** A dashboard has a tile of its own name, so that every route finds one; it shows a table that the organization sees. */
async function saveDocument(
  kind: Exclude<Kind, 'table'>,
  id: string,
  ownerId: string,
  visibility: VisibilityName,
  deleted: boolean,
): Promise<void> {
  const { db } = service.ctx
  const [name = '', permission = 'view'] = visibility.split(' ')
  const tableId = ids.get('table keeper ORG view false') ?? ''
  const content = {
    dashboard: { tiles: [{ id, tableId, x: 0, y: 0, width: 1, height: 1, showAs: 'table' }], filters: [] },
    report: { items: [] },
    view: { tableId, section: 'S', position: 0 },
  }[kind]
  await db.insert(documents).values({
    ...{ organizationId: 'a', id, kind, name: id, content, ownerId, createdBy: ownerId, updatedBy: ownerId },
    visibility: name as 'ORG',
    orgPermission: permission as 'view',
    deletedAt: deleted ? new Date() : null,
  })
  await db
    .insert(documentShares)
    .values(sharesFor().map((share) => ({ organizationId: 'a', documentId: id, ...share })))
}

function sharesFor(): { kind: 'team' | 'user'; subjectId: string; permission: 'view' | 'edit' }[] {
  const named = people.filter(({ relation }) => relation.startsWith('named'))
  return [
    ...(['view', 'edit'] as const).map((way) => ({
      ...{ kind: 'team' as const, subjectId: `team ${way}`, permission: way },
    })),
    ...named.map(({ relation, userId }) => ({
      ...{ kind: 'user' as const, subjectId: userId },
      permission: relation.endsWith('edit') ? ('edit' as const) : ('view' as const),
    })),
  ]
}

async function ask(
  { path, method, operationId }: (typeof operations)[number],
  id: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: string }> {
  asked += 1
  const address = path.replace(/\{\w+\}/g, encodeURIComponent(id))
  const response = await fetch(`${app.url}${address}`, {
    method,
    headers: { ...headers, 'If-Match': NEVER, ...(method !== 'GET' && { 'Content-Type': 'application/json' }) },
    ...(method !== 'GET' && { body: JSON.stringify(BODIES[operationId] ?? {}) }),
  })
  return { status: response.status, body: await response.text() }
}

const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` })
const rule = (operationId: string): Expected => {
  const found = EXPECTED[operationId]
  if (found === undefined) throw new Error(`${operationId} has no line in EXPECTED`)
  return found
}

/** Each of many questions, some at a time. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
    }),
  )
}

test('every route of the OpenAPI document has a line here, and every line a route', () => {
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(EXPECTED).sort())
})

describe.each(ofThings)('$method $path', (operation) => {
  const { operationId } = operation
  const kind = kindOf(operation.path) ?? 'table'
  const deleted = operationId.startsWith('restore')

  test('does for each role, relation and visibility what the rules say, and nothing more', async () => {
    const cases = people.flatMap((person) => visibilities.map((visibility) => ({ person, visibility })))
    const wrong: string[] = []
    await each(cases, async ({ person, visibility }) => {
      const { relation, role, secret, userId } = person
      const owner = relation === 'owner' ? userId : 'keeper'
      const { status } = await ask(
        operation,
        ids.get(`${kind} ${owner} ${visibility} ${deleted}`) ?? '',
        bearer(secret),
      )
      const wanted = expectedOf(rule(operationId), role, partOf(relation, role, visibility))
      if (outcome(status) !== wanted) wrong.push(`${role}, ${relation}, ${visibility}: ${status}, not ${wanted}`)
      if (status >= 500) wrong.push(`${role}, ${relation}, ${visibility}: ${status}`)
    })
    expect(wrong).toEqual([])
  })

  test("answers others' tables, tables not shared and tables that never were in the same words", async () => {
    const bodies = new Set<string>()
    const hidden = people.filter(({ relation }) => relation === 'other' || relation === 'same')
    await each(hidden, async ({ secret }) => {
      const there = ids.get(`${kind} keeper PRIVATE ${deleted}`) ?? ''
      const gone = ids.get(`${kind} keeper PRIVATE ${!deleted}`) ?? ''
      for (const id of [there, gone, newId(there.slice(0, 3)), 'tbl_', 'nonsense', "' or 1=1 --", '..']) {
        const { status, body } = await ask(operation, id, bearer(secret))
        if (status === 403) continue
        if (id === '..' || id === '') continue
        const { code, message, fix } = JSON.parse(body).error
        bodies.add(JSON.stringify([status, code, message.replace(id, 'ID'), fix]))
      }
    })
    expect([...bodies]).toEqual([
      JSON.stringify([404, 'not_found', `Cannot find ${kind} "ID": no such ${kind}`, undefined]),
    ])
  })

  test('says who must sign in, whatever the id', async () => {
    for (const id of [ids.get(`${kind} keeper ORG edit ${deleted}`) ?? '', newId('tbl')])
      expect((await ask(operation, id, {})).status).toBe(401)
  })
})

describe('routes that are not of one thing that is shared', () => {
  test('do for each role what the rules say', async () => {
    const wrong: string[] = []
    const callers = people.filter(({ relation }) => relation === 'same' || relation === 'other')
    const cases = callers.flatMap((person) => others.map((operation) => ({ person, operation })))
    await each(cases, async ({ person: { role, secret }, operation }) => {
      const expected = rule(operation.operationId)
      // Keys are no persons; those routes are asked with a session below.
      const { status } = await ask(operation, 'nobody', bearer(secret))
      const wanted = expected !== 'anybody' && expected.inPerson ? 403 : expectedOf(expected, role, 'none')
      const got =
        wanted === 403
          ? outcome(status)
          : status === 403 || (expected !== 'anybody' && status === 401)
            ? status
            : 'fine'
      if (got !== wanted || status >= 500) wrong.push(`${operation.operationId} as ${role}: ${status}, not ${wanted}`)
    })
    expect(wrong).toEqual([])
  })

  test('say who must sign in', async () => {
    const wrong: string[] = []
    await each(others, async (operation) => {
      if (rule(operation.operationId) === 'anybody') return
      const { status } = await ask(operation, 'nobody', {})
      if (status !== 401) wrong.push(`${operation.operationId}: ${status}`)
    })
    expect(wrong).toEqual([])
  })
})

test('a key may do what its scopes say and nothing else, whoever it stands for', async () => {
  const admin = people.find(({ relation, role }) => relation === 'named edit' && role === 'admin')
  const wrong: string[] = []
  for (const scope of ['ask', 'tables:read', 'tables:write', 'admin'] as const) {
    const { secret, hash, hint } = newApiKey()
    const values = { organizationId: 'a', id: newId('key'), userId: admin?.userId ?? '', name: scope, hash, hint }
    await service.ctx.db.insert(apiKeys).values({ ...values, scopes: [scope] })
    await each(operations, async (operation) => {
      const expected = rule(operation.operationId)
      if (expected === 'anybody') return
      const kind = kindOf(operation.path)
      const id = ids.get(`${kind} keeper ORG view ${operation.operationId.startsWith('restore')}`)
      const { status } = await ask(operation, id ?? 'nobody', bearer(secret))
      const allowed = expected.scope === scope && !expected.inPerson
      if ((status !== 403) !== allowed || status === 401 || status >= 500)
        wrong.push(`${operation.operationId} with ${scope}: ${status}`)
    })
  }
  expect(wrong).toEqual([])
})

test('of all that was asked nothing that was refused left a trace', async () => {
  const { db } = service.ctx
  for (const [name, id] of ids) {
    const table = name.startsWith('table') ? tables : documents
    const [row] = await db.select({ version: table.version }).from(table).where(eq(table.id, id))
    expect(row?.version, name).toBe(1)
    const log = await db.select({ action: auditLog.action }).from(auditLog).where(eq(auditLog.subjectId, id))
    // An export is begun by whoever may see the table, and is written down.
    expect(
      log.filter(({ action }) => action !== 'tables.export'),
      name,
    ).toEqual([])
  }
  expect(asked).toBeGreaterThan(1000)
})
