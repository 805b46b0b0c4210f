// Builds what the server works with beyond the data: the application store, migrated, and what tells people apart.
import { makeAuth } from './access/auth.ts'
import { ensureDemoPeople } from './access/demo.ts'
import { hostPeople } from './access/host-person.ts'
import { hostTokenVerifier } from './access/host-token.ts'
import type { Access } from './access/identify.ts'
import { authSecret } from './access/secret.ts'
import type { Config } from './config.ts'
import type { AppContext, ServiceContext } from './context.ts'
import { organizations } from './db/schema-access.ts'
import type { Store } from './db/store.ts'
import { UserError } from './errors.ts'
import { type Opened, type OpenOptions, openContext } from './open.ts'
import { openStore } from './open-store.ts'
import { accounted } from './translate/accounted.ts'

export type OpenedService = {
  readonly ctx: ServiceContext
  readonly store: Store
  readonly gauge?: Opened['gauge']
  readonly close: () => Promise<void>
}

/** Opens everything; `close` gives it back. Throws `UserError`. */
export async function openService(options: OpenOptions): Promise<OpenedService> {
  const secret = await authSecret(options.config)
  const data = await openContext(options)
  try {
    const store = await openStore(options.config, data.pglite)
    const close = async (): Promise<void> => {
      await store.close()
      await data.close()
    }
    try {
      await store.migrate()
      const ctx = await serviceContext({ ctx: data.ctx, store, config: options.config, secret })
      return { ctx, store, ...(data.gauge && { gauge: data.gauge }), close }
    } catch (error) {
      await store.close()
      throw error
    }
  } catch (error) {
    await data.close()
    throw error
  }
}

/** A context with a store that is migrated. */
export async function serviceContext(options: {
  ctx: AppContext
  store: Pick<Store, 'db'>
  config: Config
  secret: string
}): Promise<ServiceContext> {
  const { ctx, config, secret } = options
  const { db } = options.store
  if (ctx.demo) await ensureDemoPeople(db)
  const access: Access = {
    db,
    auth: makeAuth({ db, secret, https: config.appUrl?.startsWith('https:') === true }),
    demo: ctx.demo,
    ...(isLocal(config) && !ctx.demo && { localScope: ctx.scope }),
    now: ctx.now,
    ...(config.hostTokens && { verifyHostToken: hostTokenVerifier(config.hostTokens, ctx.now) }),
    hostPerson: hostPeople(db),
  }
  const ping = async (signal: AbortSignal): Promise<void> => {
    await ctx.ping(signal)
    await storeAnswers(db, signal)
  }
  const { modelTokensPerDay: tokensPerDay, modelPrices: prices } = config
  const onError = (err: unknown): void => ctx.log.error({ err }, 'what was asked cannot be written down')
  const ask = accounted({ db, catalog: ctx.catalog, ask: ctx.ask, models: modelsOf(config), tokensPerDay, onError })
  const models = { ...(tokensPerDay && { tokensPerDay }), ...(prices && { prices }) }
  const { mailDomains } = config
  return { ...ctx, ask, askAnew: ctx.ask, models, ...(mailDomains && { mailDomains }), ping, db, access }
}

/** What answers depend on: the models that are asked, in their order. */
function modelsOf({ translator, openai, anthropic }: Config): readonly string[] {
  const asked = (name: 'openai' | 'anthropic', model: Config['openai']): string[] =>
    model !== undefined && (translator === 'auto' || translator === name) ? [`${name} ${model.model ?? ''}`] : []
  return [...asked('openai', openai), ...asked('anthropic', anthropic)]
}

/** Rejects when the store does not answer in time, or is not migrated. */
async function storeAnswers(db: Store['db'], signal: AbortSignal): Promise<void> {
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
