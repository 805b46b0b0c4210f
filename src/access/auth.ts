// Sign-in for people: passwords, sessions and their cookies, by better-auth over our own tables.
// None of the library's routes is served: http/session.ts calls what it needs, so that every address has one rule.
import { type BetterAuthPlugin, betterAuth } from 'better-auth'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'
import { accounts, sessions, users, verifications } from '../db/schema-access.ts'
import type { Db } from '../db/store.ts'
import { newId } from '../lib/id.ts'
import { MIN_PASSWORD_LENGTH } from './password-length.ts'

export type Auth = ReturnType<typeof makeAuth>

const DAY_SECONDS = 24 * 60 * 60

/** Signs in without a password; callable from here only, and called for the demo's people only. */
const withoutPassword = () =>
  ({
    id: 'without-password',
    endpoints: {
      signInAs: createAuthEndpoint(
        '/without-password',
        { method: 'POST', body: z.object({ userId: z.string() }), metadata: { SERVER_ONLY: true } },
        async (c) => {
          const user = await c.context.internalAdapter.findUserById(c.body.userId)
          if (user === null) return c.json({ ok: false })
          const session = await c.context.internalAdapter.createSession(user.id)
          await setSessionCookie(c, { session, user })
          return c.json({ ok: true })
        },
      ),
    },
  }) satisfies BetterAuthPlugin

/** The library over a store; `https` marks cookies as secure. */
export function makeAuth(options: { db: Db; secret: string; https: boolean }) {
  const { db, secret, https } = options
  return betterAuth({
    appName: 'Tablewright',
    // Nothing of the library is reached by address; it only asks that there is one.
    baseURL: https ? 'https://localhost' : 'http://localhost',
    secret,
    database: drizzleAdapter(db, {
      provider: 'pg',
      transaction: true,
      schema: { user: users, session: sessions, account: accounts, verification: verifications },
    }),
    emailAndPassword: { enabled: true, minPasswordLength: MIN_PASSWORD_LENGTH },
    session: {
      expiresIn: 30 * DAY_SECONDS,
      updateAge: DAY_SECONDS,
      additionalFields: { activeOrganizationId: { type: 'string', required: false, input: false } },
    },
    advanced: {
      cookiePrefix: 'tablewright',
      useSecureCookies: https,
      database: { generateId: ({ model }) => newId(model.slice(0, 3)) },
    },
    plugins: [withoutPassword()],
    // Attempts are counted where the address of the asker is known, in http/rate-limit.ts.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
  })
}
