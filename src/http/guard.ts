// What stands before every route: how often, from where, who, and whether they may.
// Refused: too many requests, a change that another site's page sends with a person's cookie, and what the rules forbid.
import type { Context } from 'hono'
import { type Caller, identify } from '../access/identify.ts'
import { may, rules, unauthenticated } from '../access/rules.ts'
import { UserError } from '../errors.ts'
import { clientAddress } from './client-address.ts'
import type { HttpEnv } from './env.ts'
import { type Limit, tooMany } from './rate-limit.ts'
import type { Route } from './route.ts'

/** Guessing passwords is slow; everything else only has to leave room for others. */
const SIGN_IN_LIMIT: Limit = { perMinute: 10, burst: 10 }

/** Members and keys of one organization together may ask as often as so many of them: there may be any number. */
const OF_ALL = 10

/** Guesses at one account may come from everywhere; its owner needs few. */
const ACCOUNT_LIMIT: Limit = { perMinute: 20, burst: 20 }

/** Counts an attempt to sign in as somebody, wherever it comes from. Throws `UserError` rate_limited. */
export function countSignIn(c: Context<HttpEnv>, email: string): void {
  spend(c, c.get('settings').limiter(`sign-in as ${email.toLowerCase()}`, ACCOUNT_LIMIT), ACCOUNT_LIMIT)
}

/** Lets a request pass, and says who sent it. Throws `UserError`. */
export async function guard(c: Context<HttpEnv>, route: Pick<Route, 'method' | 'action'>): Promise<Caller> {
  const { limiter, requestsPerMinute, appUrl } = c.get('settings')
  const address = clientAddress(c)
  if (route.method !== 'GET') refuseOtherSites(c, appUrl)
  if (route.action === 'session.start') spend(c, limiter(`sign-in ${address}`, SIGN_IN_LIMIT), SIGN_IN_LIMIT)
  const limit: Limit = { perMinute: requestsPerMinute, burst: requestsPerMinute }
  const caller = await identify(c.get('ctx').access, c.req.raw.headers).catch((error: unknown) => {
    spend(c, limiter(`address ${address}`, limit), limit)
    throw error
  })
  spend(c, limiter(nameOf(caller, address), limit), limit)
  if (caller.kind === 'known' && caller.identity.via.kind !== 'visitor') {
    const all: Limit = { perMinute: OF_ALL * requestsPerMinute, burst: OF_ALL * requestsPerMinute }
    const left = limiter(`organization ${caller.identity.organizationId}`, all)
    if (left.waitMs > 0) spend(c, left, all)
  }
  if (caller.kind === 'known') c.set('organizationId', caller.identity.organizationId)
  for (const cookie of caller.kind === 'nobody' ? [] : caller.setCookies)
    c.header('Set-Cookie', cookie, { append: true })
  if (rules[route.action].who === 'anyone') return caller
  if (caller.kind === 'nobody') throw unauthenticated()
  if (caller.kind === 'outsider') {
    throw new UserError('forbidden', 'Cannot answer: you belong to no organization', {
      fix: 'ask an admin of yours for an invitation',
    })
  }
  may(caller.identity, route.action)
  return caller
}

function nameOf(caller: Caller, address: string): string {
  if (caller.kind === 'nobody') return `address ${address}`
  if (caller.kind === 'outsider') return `user ${caller.outsider.userId}`
  const { via, organizationId, userId } = caller.identity
  if (via.kind === 'visitor') return `address ${address}`
  return via.kind === 'key' ? `key ${organizationId} ${via.keyId}` : `user ${organizationId} ${userId}`
}

function spend(c: Context<HttpEnv>, { remaining, waitMs }: { remaining: number; waitMs: number }, limit: Limit): void {
  c.header('RateLimit-Policy', `"default";q=${limit.burst};w=60`)
  c.header('RateLimit', `"default";r=${remaining};t=${Math.ceil(waitMs / 1000)}`)
  if (waitMs === 0) return
  c.header('Retry-After', String(Math.max(1, Math.ceil(waitMs / 1000))))
  throw tooMany(waitMs)
}

/** Browsers say where a request comes from; a page of another site must not act with this site's cookie. */
function refuseOtherSites(c: Context<HttpEnv>, appUrl: string | undefined): void {
  if (c.req.header('authorization') !== undefined) return
  const site = c.req.header('sec-fetch-site')
  const origin = c.req.header('origin')
  const own = [new URL(c.req.url).host, c.req.header('host'), appUrl === undefined ? undefined : new URL(appUrl).host]
  // The origin of a sandboxed page is "null", which has no host, and so is never this one.
  const host = origin === undefined ? undefined : hostOf(origin)
  const fromHere =
    site === undefined
      ? origin === undefined || (host !== undefined && own.includes(host))
      : ['same-origin', 'none'].includes(site)
  if (fromHere) return
  throw new UserError('forbidden', 'Cannot take the request: it comes from a page of another site', {
    fix: "send a key or a host application's token in the header Authorization",
  })
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
