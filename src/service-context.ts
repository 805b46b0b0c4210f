// Data and a store, put together with who may ask: the context that routes and jobs are handed. Opens and reads nothing, so
// that a runtime may do it anew for each request.
import { makeAuth } from './access/auth.ts'
import { hostPeople, type KnownPeople } from './access/host-person.ts'
import { hostTokenVerifier, type VerifyHostToken } from './access/host-token.ts'
import type { Access } from './access/identify.ts'
import type { Config } from './config.ts'
import type { AppContext, Health, ServiceContext } from './context.ts'
import { organizations } from './db/schema-access.ts'
import type { Db } from './db/store.ts'
import { UserError } from './errors.ts'
import { sharedLook } from './lib/shared-look.ts'
import { accounted } from './translate/accounted.ts'

export type ServiceParts = {
  readonly ctx: AppContext
  /** Migrated. */
  readonly db: Db
  readonly config: Config
  /** Signs sessions. */
  readonly secret: string
  /** What outlives this context, where contexts are made often: a checker of host tokens with its keys, and whom it has seen. */
  readonly verifyHostToken?: VerifyHostToken | undefined
  readonly knownPeople?: KnownPeople | undefined
}

const READY_FOR_MS = 1000

/** A context over data and a store. */
export function makeServiceContext({
  ctx,
  db,
  config,
  secret,
  verifyHostToken,
  knownPeople,
}: ServiceParts): ServiceContext {
  const verify = verifyHostToken ?? (config.hostTokens && hostTokenVerifier(config.hostTokens, ctx.now))
  const access: Access = {
    db,
    auth: makeAuth({ db, secret, https: config.appUrl?.startsWith('https:') === true }),
    demo: ctx.demo,
    ...(isLocal(config) && !ctx.demo && { localScope: ctx.scope }),
    now: ctx.now,
    ...(verify && { verifyHostToken: verify }),
    hostPerson: hostPeople(db, knownPeople),
  }
  // Anybody may ask whether the server is ready, so that must not cost a query each time.
  const health = sharedLook(async (signal): Promise<Health> => {
    const [source, store] = await Promise.allSettled([ctx.ping(signal), storeAnswers(db, signal)])
    if (store.status === 'rejected') throw store.reason
    return { source: source.status === 'fulfilled' ? 'up' : 'away' }
  }, READY_FOR_MS)
  const { modelTokensPerDay: tokensPerDay, modelPrices: prices } = config
  const onError = (err: unknown): void => ctx.log.error({ err }, 'what was asked cannot be written down')
  const ask = accounted({ db, catalog: ctx.catalog, ask: ctx.ask, models: modelsOf(config), tokensPerDay, onError })
  const models = { ...(tokensPerDay && { tokensPerDay }), ...(prices && { prices }) }
  const { deletedDays, mailDomains, mailsPerDay } = config
  const mails = { ...(mailDomains && { mailDomains }), ...(mailsPerDay && { mailsPerDay }) }
  return { ...ctx, deletedDays, ask, askAnew: ctx.ask, models, ...mails, health, db, access }
}

/** What answers depend on: the models that are asked, in their order. */
function modelsOf({ translator, openai, anthropic }: Config): readonly string[] {
  const asked = (name: 'openai' | 'anthropic', model: Config['openai']): string[] =>
    model !== undefined && (translator === 'auto' || translator === name) ? [`${name} ${model.model ?? ''}`] : []
  return [...asked('openai', openai), ...asked('anthropic', anthropic)]
}

/** Rejects when the store does not answer in time, or is not migrated. */
async function storeAnswers(db: Db, signal: AbortSignal): Promise<void> {
  const late = new Promise<never>((_, reject) => {
    const give = (): void =>
      reject(new UserError('source_unavailable', 'the store does not answer', { fix: 'check DATABASE_URL' }))
    signal.addEventListener('abort', give, { once: true })
  })
  await Promise.race([db.select({ id: organizations.id }).from(organizations).limit(1), late])
}

/** Served to this machine only and without a store of its own: whoever can reach it may ask, as on the command line. */
function isLocal({ host, databaseUrl }: Config): boolean {
  return databaseUrl === undefined && ['127.0.0.1', '::1', 'localhost'].includes(host)
}
