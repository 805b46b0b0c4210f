import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { and, eq } from 'drizzle-orm'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { newApiKey } from '../../src/access/api-key.ts'
import { type Auth, makeAuth } from '../../src/access/auth.ts'
import { demoPeople, ensureDemoPeople } from '../../src/access/demo.ts'
import { hostPeople } from '../../src/access/host-person.ts'
import { hostTokenVerifier } from '../../src/access/host-token.ts'
import { type Access, type Caller, identify } from '../../src/access/identify.ts'
import type { Identity } from '../../src/access/identity.ts'
import { membershipsOf } from '../../src/access/membership.ts'
import { type HostTokenConfig, readConfig } from '../../src/config.ts'
import {
  accounts,
  apiKeys,
  memberships,
  organizations,
  sessions,
  teamMembers,
  teams,
  users,
} from '../../src/db/schema-access.ts'
import { emptyPglite, emptyPostgres, type TestStore } from '../setup/store.ts'

const databases = [
  { name: 'PGlite', open: emptyPglite },
  { name: 'Postgres', open: () => emptyPostgres(inject('postgresUrl'), 'access_identify') },
]

describe.each(databases)('who asks, on $name', ({ open }) => {
  let store: TestStore
  let auth: Auth
  let access: Access
  let clock = new Date('2026-03-01T12:00:00Z')
  beforeAll(async () => {
    store = await open()
    await store.migrate()
    auth = makeAuth({ db: store.db, secret: 'x'.repeat(32), https: false })
    access = { db: store.db, auth, demo: false, now: () => clock, hostPerson: hostPeople(store.db) }
    await store.db.insert(organizations).values([
      { id: 'a', name: 'A' },
      { id: 'b', name: 'B' },
    ])
    await store.db.insert(teams).values([
      { organizationId: 'a', id: 'ta', name: 'Finance' },
      { organizationId: 'b', id: 'tb', name: 'Finance' },
    ])
  })
  afterAll(() => store.end())

  let count = 0
  /** Somebody who has just signed up: their id and the cookie of their session. */
  async function signUp(): Promise<{ userId: string; email: string; cookie: string }> {
    count += 1
    const email = `person${count}@example.org`
    const { response, headers } = await auth.api.signUpEmail({
      body: { name: `Person ${count}`, email, password: 'correct horse battery' },
      returnHeaders: true,
    })
    return { userId: response.user.id, email, cookie: cookieOf(headers) }
  }
  const cookieOf = (headers: Headers) =>
    headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
  const join = async (
    organizationId: string,
    userId: string,
    role: 'viewer' | 'editor' | 'admin',
    roles: string[] = [],
  ) => store.db.insert(memberships).values({ organizationId, userId, role, columnRoles: roles })
  const who = (headers: Record<string, string>, with_: Access = access) => identify(with_, new Headers(headers))
  const known = (caller: Caller): Identity => {
    if (caller.kind !== 'known') throw new Error(`not known but ${caller.kind}`)
    return caller.identity
  }

  test('nobody without a credential, and nobody with a cookie that was made up', async () => {
    expect(await who({})).toEqual({ kind: 'nobody' })
    const { cookie } = await signUp()
    expect(await who({ cookie: cookie.replace(/=(.)/, (_, first) => (first === 'X' ? '=Y' : '=X')) })).toEqual({
      kind: 'nobody',
    })
  })

  test("a visitor of this machine may ask; whoever comes through a proxy or another site's name is nobody", async () => {
    const local: Access = { ...access, localScope: { organizationId: 'a', roles: [] } }
    for (const host of ['localhost', 'localhost:8787', '127.0.0.1:8787', '[::1]:8787', 'LOCALHOST:1']) {
      const identity = known(await who({ host }, local))
      expect(identity).toMatchObject({ organizationId: 'a', role: 'viewer', scopes: ['ask'] })
    }
    const nobody = { kind: 'nobody' }
    // A name that its owner points at this machine reads answers as if they were of its own site.
    for (const host of [
      'evil.example:8787',
      'localhost.evil.example',
      '127.0.0.1.evil.example:8787',
      '0.0.0.0:8787',
      '',
    ])
      expect(await who({ host }, local)).toEqual(nobody)
    expect(await who({}, local)).toEqual(nobody)
    for (const passedOn of ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'via'])
      expect(await who({ host: 'localhost:8787', [passedOn]: 'x' }, local)).toEqual(nobody)
    expect(await who({ host: 'localhost:8787' })).toEqual(nobody)
  })

  test('passwords are kept as scrypt, cookies are signed, http-only and for this site only', async () => {
    const { userId, email } = await signUp()
    const [account] = await store.db.select().from(accounts).where(eq(accounts.userId, userId))
    expect(account?.password).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/)
    const { headers } = await auth.api.signInEmail({
      body: { email, password: 'correct horse battery' },
      returnHeaders: true,
    })
    expect(headers.getSetCookie()[0]).toMatch(/^tablewright\.session_token=.*HttpOnly.*SameSite=Lax/i)
    await expect(auth.api.signInEmail({ body: { email, password: 'wrong horse battery' } })).rejects.toThrow()
  })

  test('with a new AUTH_SECRET sessions are over, passwords and keys are not', async () => {
    const { userId, email, cookie } = await signUp()
    await join('a', userId, 'editor')
    const key = newApiKey()
    await store.db.insert(apiKeys).values({
      ...{ organizationId: 'a', id: 'key_rotation', userId, name: 'K', hint: key.hint, hash: key.hash, scopes: [] },
    })
    const renewed = makeAuth({ db: store.db, secret: 'y'.repeat(32), https: false })
    const after: Access = { ...access, auth: renewed }
    expect((await who({ cookie })).kind).toBe('known')
    expect((await who({ cookie }, after)).kind).toBe('nobody')
    expect((await who({ authorization: `Bearer ${key.secret}` }, after)).kind).toBe('known')
    const { headers } = await renewed.api.signInEmail({
      body: { email, password: 'correct horse battery' },
      returnHeaders: true,
    })
    expect(known(await who({ cookie: cookieOf(headers) }, after)).userId).toBe(userId)
  })

  test('a person without an organization is an outsider, and known as soon as they belong to one', async () => {
    const { userId, cookie } = await signUp()
    expect(await who({ cookie })).toMatchObject({ kind: 'outsider', outsider: { userId } })
    await join('a', userId, 'editor', ['finance'])
    await store.db.insert(teamMembers).values({ organizationId: 'a', teamId: 'ta', userId })
    expect(known(await who({ cookie }))).toMatchObject({
      organizationId: 'a',
      userId,
      role: 'editor',
      roles: ['editor', 'finance', 'viewer'],
      teamIds: ['ta'],
      via: { kind: 'session' },
    })
  })

  test('a role that is taken away is gone with the next request; so is a session that ended', async () => {
    const { userId, cookie } = await signUp()
    await join('a', userId, 'admin')
    expect(known(await who({ cookie })).role).toBe('admin')
    await store.db.update(memberships).set({ role: 'viewer' }).where(eq(memberships.userId, userId))
    expect(known(await who({ cookie })).roles).toEqual(['viewer'])
    await store.db.delete(sessions).where(eq(sessions.userId, userId))
    expect((await who({ cookie })).kind).toBe('nobody')
  })

  test('a person of two organizations is one of them at a time, with the roles and teams of that one only', async () => {
    const { userId, cookie } = await signUp()
    await join('a', userId, 'admin')
    await join('b', userId, 'viewer')
    await store.db.insert(teamMembers).values({ organizationId: 'b', teamId: 'tb', userId })
    expect(known(await who({ cookie }))).toMatchObject({ organizationId: 'a', role: 'admin', teamIds: [] })
    const inB = { organizationId: 'b', role: 'viewer', teamIds: ['tb'] }
    expect(known(await who({ cookie, 'x-organization': 'b' }))).toMatchObject(inB)
    await store.db.update(sessions).set({ activeOrganizationId: 'b' }).where(eq(sessions.userId, userId))
    expect(known(await who({ cookie }))).toMatchObject(inB)
  })

  test('an organization of others and one that is not there are refused in the same words', async () => {
    const { userId, cookie } = await signUp()
    await join('a', userId, 'admin')
    const say = (organization: string) => who({ cookie, 'x-organization': organization }).catch((error) => error)
    const [others, none] = [await say('b'), await say('nowhere')]
    expect(others).toMatchObject({ code: 'unknown_organization' })
    expect(others.message.replace('"b"', '""')).toBe(none.message.replace('"nowhere"', '""'))
  })

  describe('keys', () => {
    const addKey = async (userId: string, more: Partial<typeof apiKeys.$inferInsert> = {}) => {
      const { secret, hash, hint } = newApiKey()
      const id = hint
      await store.db
        .insert(apiKeys)
        .values({ organizationId: 'a', id, userId, name: 'Key', hash, hint, scopes: ['tables:read'], ...more })
      return { secret, id, bearer: { authorization: `Bearer ${secret}` } }
    }

    test('stand for the person who made them, with the scopes they were given and no more', async () => {
      const { userId } = await signUp()
      await join('a', userId, 'editor')
      const { id, bearer } = await addKey(userId, { scopes: ['tables:read', 'everything'] })
      expect(known(await who(bearer))).toMatchObject({
        organizationId: 'a',
        userId,
        role: 'editor',
        scopes: ['tables:read'],
        via: { kind: 'key', keyId: id },
      })
    })

    test('are kept as hashes only', async () => {
      const { userId } = await signUp()
      await join('a', userId, 'editor')
      const { secret } = await addKey(userId)
      const rows = JSON.stringify(await store.db.select().from(apiKeys))
      expect(rows).not.toContain(secret)
      expect(rows).not.toContain(secret.slice(-20))
    })

    test('that expired, were revoked, or whose person has left are refused, even where visitors are welcome', async () => {
      const { userId } = await signUp()
      await join('a', userId, 'editor')
      const expired = await addKey(userId, { expiresAt: new Date(clock.getTime() - 1) })
      const revoked = await addKey(userId)
      await store.db.delete(apiKeys).where(and(eq(apiKeys.organizationId, 'a'), eq(apiKeys.id, revoked.id)))
      const left = await addKey(userId)
      const demo = { ...access, demo: true }
      expect(known(await who(left.bearer)).userId).toBe(userId)
      await store.db.delete(memberships).where(eq(memberships.userId, userId))
      for (const { bearer } of [expired, revoked, left])
        for (const at of [access, demo])
          await expect(who(bearer, at)).rejects.toMatchObject({ code: 'unauthenticated' })
      for (const authorization of ['Bearer', 'Basic eDp5', 'Bearer twk_nothing', 'Bearer a.b.c'])
        await expect(who({ authorization }, demo)).rejects.toMatchObject({ code: 'unauthenticated' })
    })

    test('say when they were last used, to the minute', async () => {
      const { userId } = await signUp()
      await join('a', userId, 'editor')
      const { id, bearer } = await addKey(userId)
      const used = async () => {
        await who(bearer)
        const [row] = await store.db.select({ at: apiKeys.lastUsedAt }).from(apiKeys).where(eq(apiKeys.id, id))
        return row?.at?.toISOString()
      }
      const start = clock
      expect(await used()).toBe(start.toISOString())
      clock = new Date(start.getTime() + 59_000)
      expect(await used()).toBe(start.toISOString())
      clock = new Date(start.getTime() + 61_000)
      expect(await used()).toBe(clock.toISOString())
      clock = start
    })
  })

  describe('tokens of a host application', () => {
    const secret = 'a shared secret of more than 32 characters'
    const config = (more: Record<string, string> = {}): HostTokenConfig => {
      const { hostTokens } = readConfig({ JWT_SECRET: secret, JWT_ISSUER: 'https://host', JWT_AUDIENCE: 'us', ...more })
      if (hostTokens === undefined) throw new Error('not configured')
      return hostTokens
    }
    const withTokens = (tokens: HostTokenConfig): Access => ({
      ...access,
      verifyHostToken: hostTokenVerifier(tokens, () => clock),
    })
    const claims = { org_id: 'a', name: 'Guest', roles: ['editor', 'finance'], teams: ['North'] }
    const sign = (
      payload: object,
      key: Uint8Array | CryptoKey = new TextEncoder().encode(secret),
      alg = 'HS256',
      kid?: string,
    ) =>
      new SignJWT({ iss: 'https://host', aud: 'us', sub: 'u1', exp: clock.getTime() / 1000 + 60, ...payload })
        .setProtectedHeader({ alg, ...(kid !== undefined && { kid }) })
        .sign(key)
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

    test('make people and teams of ours, the same ones each time', async () => {
      const token = await sign(claims)
      const first = known(await who(bearer(token), withTokens(config())))
      expect(first).toMatchObject({
        organizationId: 'a',
        name: 'Guest',
        role: 'editor',
        roles: ['editor', 'finance', 'viewer'],
        via: { kind: 'token' },
      })
      expect(first.scopes).toEqual(['ask', 'tables:read', 'tables:write', 'admin'])
      expect(known(await who(bearer(token), withTokens(config())))).toEqual(first)
      const team = await store.db
        .select({ name: teams.name })
        .from(teamMembers)
        .innerJoin(teams, and(eq(teams.organizationId, 'a'), eq(teams.id, teamMembers.teamId)))
        .where(eq(teamMembers.userId, first.userId))
      expect(team).toEqual([{ name: 'North' }])
    })

    test('are kept in step by several processes: what one wrote last is put right by another within a minute', async () => {
      let minutes = 0
      const [one, two] = [1, 2].map(() => hostPeople(store.db, new Map(), () => minutes * 60_000 + 1))
      const said = { issuer: 'https://host', organization: 'a', user: 'shared', name: 'S', teams: [], scopes: [] }
      const editor = { ...said, role: 'editor', columnRoles: [] } as const
      const viewer = { ...editor, role: 'viewer' } as const
      const role = async (userId: string) => (await membershipsOf(store.db, userId, 'a'))[0]?.role
      const { userId } = (await one?.(editor)) ?? { userId: '' }
      await two?.(viewer)
      expect(await role(userId)).toBe('viewer')
      minutes = 2
      await one?.(editor)
      expect(await role(userId)).toBe('editor')
      // In one process at once, also when the host goes back to what it said before.
      await one?.(viewer)
      await one?.(editor)
      expect(await role(userId)).toBe('editor')
    })

    test('follow what the host says now: role, teams, name', async () => {
      const before = known(await who(bearer(await sign(claims)), withTokens(config())))
      const changed = { ...claims, name: 'Renamed', roles: 'viewer', teams: [], scope: 'ask tables:read' }
      const after = known(await who(bearer(await sign(changed)), withTokens(config())))
      expect(after).toMatchObject({ userId: before.userId, role: 'viewer', roles: ['viewer'], teamIds: [] })
      expect(after.scopes).toEqual(['ask', 'tables:read'])
      const [person] = await store.db.select({ name: users.name }).from(users).where(eq(users.id, after.userId))
      expect(person?.name).toBe('Renamed')
      expect(await store.db.select().from(teamMembers).where(eq(teamMembers.userId, after.userId))).toEqual([])
    })

    test('bring organizations that were not there, and the same user name in two of them is two people', async () => {
      const a = known(await who(bearer(await sign(claims)), withTokens(config())))
      const c = known(await who(bearer(await sign({ ...claims, org_id: 'c' })), withTokens(config())))
      expect([a.organizationId, c.organizationId]).toEqual(['a', 'c'])
      expect(a.userId).not.toBe(c.userId)
      expect(a.teamIds).not.toEqual(c.teamIds)
    })

    test('a team named like one of ours is not that one', async () => {
      const identity = known(await who(bearer(await sign({ ...claims, teams: ['Finance'] })), withTokens(config())))
      expect(identity.teamIds).not.toContain('ta')
      expect(identity.teamIds).toHaveLength(1)
    })

    test('an address that one of ours has is not taken over', async () => {
      const { userId, email } = await signUp()
      const identity = known(await who(bearer(await sign({ ...claims, sub: email, email })), withTokens(config())))
      expect(identity.userId).not.toBe(userId)
    })

    test('claims may have other names, also inside others', async () => {
      const tokens = config({ JWT_CLAIMS: 'organization=app.tenant, user=uid roles=https://host/roles' })
      const token = await sign({ app: { tenant: 'a' }, uid: 7, 'https://host/roles': ['admin'], name: 'N' })
      expect(known(await who(bearer(token), withTokens(tokens)))).toMatchObject({ organizationId: 'a', role: 'admin' })
    })

    test.each([
      ['expired', { exp: 1 }],
      ['without expiry', { exp: undefined }],
      ['of another issuer', { iss: 'https://other' }],
      ['for another audience', { aud: 'them' }],
      ['without organization', { org_id: undefined }],
      ['without user', { sub: undefined }],
      ['not valid yet', { nbf: 99_999_999_999 }],
    ])('one %s is refused', async (_, wrong) => {
      const token = await sign({ ...claims, ...wrong })
      await expect(who(bearer(token), withTokens(config()))).rejects.toMatchObject({ code: 'unauthenticated' })
    })

    test('one signed with another secret, one without signature and one changed afterwards are refused', async () => {
      const good = await sign(claims)
      const [head = '', body = '', signature = ''] = good.split('.')
      const none = `${btoa(JSON.stringify({ alg: 'none' })).replace(/=/g, '')}.${body}.`
      const changed = btoa(JSON.stringify({ ...JSON.parse(atob(body)), org_id: 'b' })).replace(/=/g, '')
      const tokens = [
        await sign(claims, new TextEncoder().encode('another secret of more than 32 characters')),
        none,
        `${head}.${changed}.${signature}`,
      ]
      for (const token of tokens)
        await expect(who(bearer(token), withTokens(config()))).rejects.toMatchObject({ code: 'unauthenticated' })
    })

    test('where no host application is configured, none is taken', async () => {
      await expect(who(bearer(await sign(claims)))).rejects.toMatchObject({ code: 'unauthenticated' })
    })

    describe('by public keys', () => {
      let server: Server
      let jwksUrl = ''
      let privateKey: CryptoKey
      let published: { keys: object[] }
      beforeAll(async () => {
        const pair = await generateKeyPair('ES256')
        privateKey = pair.privateKey
        published = { keys: [{ ...(await exportJWK(pair.publicKey)), alg: 'ES256' }] }
        server = createServer((_, response) => response.end(JSON.stringify(published)))
        await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
        jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`
      })
      afterAll(() => new Promise((done) => server.close(done)))
      const keys = () => {
        const { hostTokens } = readConfig({ JWT_JWKS_URL: jwksUrl, JWT_ISSUER: 'https://host' })
        if (hostTokens === undefined) throw new Error('not configured')
        return withTokens(hostTokens)
      }

      test('a token of the key pair is taken', async () => {
        expect(known(await who(bearer(await sign(claims, privateKey, 'ES256')), keys())).organizationId).toBe('a')
      })

      test('the public key does not serve as a shared secret', async () => {
        const key = new TextEncoder().encode(JSON.stringify(published.keys[0]))
        const forged = await sign(claims, key, 'HS256')
        await expect(who(bearer(forged), keys())).rejects.toMatchObject({ code: 'unauthenticated' })
      })

      test.each([true, false])(
        'a new key takes the place of an old one, with names (%s), and no token is lost',
        async (named) => {
          const old = await generateKeyPair('ES256')
          const next = await generateKeyPair('ES256')
          const asPublished = async ({ publicKey }: typeof old, kid: string) => ({
            ...(await exportJWK(publicKey)),
            ...{ alg: 'ES256', ...(named && { kid }) },
          })
          const [one, two] = [await asPublished(old, 'one'), await asPublished(next, 'two')]
          const before = published
          const signed = (pair: typeof old, kid: string) =>
            sign(claims, pair.privateKey, 'ES256', named ? kid : undefined)
          const [byOld, byNew] = [await signed(old, 'one'), await signed(next, 'two')]
          published = { keys: [one, two] }
          const both = keys()
          for (const token of [byOld, byNew]) expect((await who(bearer(token), both)).kind).toBe('known')
          const byNobody = await sign(claims, (await generateKeyPair('ES256')).privateKey, 'ES256')
          await expect(who(bearer(byNobody), both)).rejects.toMatchObject({ code: 'unauthenticated' })
          published = { keys: [two] }
          const last = keys()
          expect((await who(bearer(byNew), last)).kind).toBe('known')
          await expect(who(bearer(byOld), last)).rejects.toMatchObject({ code: 'unauthenticated' })
          published = before
        },
      )

      test('keys that cannot be fetched are said to be the trouble, not the token', async () => {
        const { hostTokens } = readConfig({ JWT_JWKS_URL: 'http://127.0.0.1:1/', JWT_ISSUER: 'https://host' })
        const token = await sign(claims, privateKey, 'ES256')
        await expect(who(bearer(token), withTokens({ ...config(), ...hostTokens }))).rejects.toMatchObject({
          code: 'keys_unavailable',
        })
      })
    })
  })

  describe('the demo', () => {
    test('has people of three roles in two organizations, once, and keeps what was changed about them', async () => {
      await ensureDemoPeople(store.db)
      await store.db.update(memberships).set({ role: 'editor' }).where(eq(memberships.userId, 'demo_maya'))
      await ensureDemoPeople(store.db)
      const rows = await store.db
        .select({ userId: memberships.userId, organizationId: memberships.organizationId, role: memberships.role })
        .from(memberships)
        .innerJoin(users, eq(users.id, memberships.userId))
      const demo = rows.filter(({ userId }) => userId.startsWith('demo_'))
      expect(demo).toHaveLength(demoPeople.flatMap((person) => person.memberships).length)
      expect(demo.find(({ userId }) => userId === 'demo_maya')?.role).toBe('editor')
      expect(new Set(demoPeople.flatMap((person) => person.memberships.map(({ role }) => role))).size).toBe(3)
      expect(new Set(demo.map(({ organizationId }) => organizationId)).size).toBe(2)
    })

    test("its people are nobody where the data is one's own, even with a session from before", async () => {
      await ensureDemoPeople(store.db)
      const { headers } = await auth.api.signInAs({ body: { userId: 'demo_priya' }, returnHeaders: true })
      const cookie = cookieOf(headers)
      expect(known(await who({ cookie }, { ...access, demo: true })).userId).toBe('demo_priya')
      expect(await who({ cookie })).toEqual({ kind: 'nobody' })
    })

    test('visitors may ask as either organization, and as no other', async () => {
      const demo = { ...access, demo: true }
      expect(known(await who({}, demo))).toMatchObject({ organizationId: 'org_riverbend', scopes: ['ask'] })
      const hillcrest = { 'x-demo-organization': 'org_hillcrest' }
      expect(known(await who(hillcrest, demo)).organizationId).toBe('org_hillcrest')
      await expect(who({ 'x-demo-organization': 'a' }, demo)).rejects.toMatchObject({ code: 'unknown_organization' })
    })
  })
})
