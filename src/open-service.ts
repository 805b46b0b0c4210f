// Builds what the server works with beyond the data: the application store, migrated, and what tells people apart.
import { ensureDemoPeople } from './access/demo.ts'
import { authSecret } from './access/secret.ts'
import type { Config } from './config.ts'
import type { AppContext, ServiceContext } from './context.ts'
import type { Store } from './db/store.ts'
import { type Opened, type OpenOptions, openContext } from './open.ts'
import { openStore } from './open-store.ts'
import { makeServiceContext } from './service-context.ts'

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

/** A context with a store that is migrated; the people of the demo are put there. */
export async function serviceContext(options: {
  ctx: AppContext
  store: Pick<Store, 'db'>
  config: Config
  secret: string
}): Promise<ServiceContext> {
  const { store, ...rest } = options
  if (options.ctx.demo) await ensureDemoPeople(store.db)
  return makeServiceContext({ ...rest, db: store.db })
}
