// What every request, command and job is handed: the catalog, the data, the translators, the clock, the log.
import type { Access } from './access/identify.ts'
import type { Identity } from './access/identity.ts'
import type { Catalog } from './catalog/schema.ts'
import type { ModelPrice } from './config.ts'
import type { Db } from './db/store.ts'
import type { Definition } from './definition/schema.ts'
import type { FileTools } from './export/tools.ts'
import type { Metrics } from './lib/metrics.ts'
import type { Clock, Scope } from './lib/scope.ts'
import type { Source } from './rows/source.ts'
import type { Example, TranslateInput, Translation } from './translate/types.ts'

/** The part of pino that is used; objects first, as pino wants it. */
export type Log = {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export type AskInput = {
  readonly prompt: string
  readonly base?: Definition
  readonly scope: Scope
  readonly clock: Clock
  readonly signal?: AbortSignal
  /** Verified prompts like this one, for a model. */
  readonly examples?: readonly Example[]
  /** Why no model is asked; told with the answer. */
  readonly withoutModels?: string
  readonly onAbandoned?: NonNullable<TranslateInput['onAbandoned']>
}

export type AppContext = {
  readonly catalog: Catalog
  readonly source: Source
  /** Prompt → definition, by the translators that are configured. */
  readonly ask: (input: AskInput) => Promise<Translation>
  /** Complete prompts that work on this catalog, the best first. */
  readonly suggestions: (scope: Scope) => Promise<readonly string[]>
  /** Who asks while there are no accounts; with demo data the organization may be switched freely. */
  readonly scope: Scope
  readonly demo: boolean
  /** Resolves when the source answers; throws otherwise. */
  readonly ping: (signal: AbortSignal) => Promise<void>
  readonly now: () => Date
  readonly log: Log
  /** Absent: nobody measures. */
  readonly metrics?: Metrics
  readonly limits: Limits
  readonly files: FileTools
}

export type MailPreview = {
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly attachment: { readonly name: string; readonly bytes: number } | null
  /** It goes as a link instead, or is left out. */
  readonly tooLargeToAttach: boolean
}

/** While the source is away there are still kept rows, settings and histories, and everything else says what is wrong. */
export type Health = { readonly source: 'up' | 'away' }

/** With the application store: what people and programs keep in it, and who they are. */
export type ServiceContext = AppContext & {
  readonly db: Db
  readonly access: Access
  /** Whether people can be answered: resolves when the store answers, and tells whether the source does; throws otherwise. */
  readonly health: (signal: AbortSignal) => Promise<Health>
  /** As `ask`, but as if nothing were verified or kept from before. */
  readonly askAnew: AppContext['ask']
  /** Domains of outside addresses that may be mailed; absent: all that a schedule allows. */
  readonly mailDomains?: readonly string[]
  /** Mails that an organization may send in a day; absent: any number. */
  readonly mailsPerDay?: number
  /** How long what was deleted can be restored. */
  readonly deletedDays: number
  readonly models: { readonly tokensPerDay?: number; readonly prices?: ReadonlyMap<string, ModelPrice> }
  /** Tells the workers that deliveries wait, in the transaction that wrote them; absent: they look once a minute. */
  readonly wake?: Wake
  /** Writes the mail of a schedule without sending it; absent where no mails are written. */
  readonly previewMail?: (
    call: Call & { readonly input: { readonly subjectId: string; readonly schedule: unknown } },
  ) => Promise<MailPreview>
  /** The same for exports. */
  readonly wakeExports?: (tx: Db) => Promise<void>
}

/** All deliveries of a table that came due at one instant. */
export type Occurrence = { readonly organizationId: string; readonly subjectId: string; readonly occurrence: Date }
/** `ahead`: how many of the same organization stand before it; none if not said. */
export type Woken = Occurrence & { readonly ahead?: number }
export type Wake = (tx: Db, waiting: readonly Woken[]) => Promise<void>

/** What every verb is handed beside its input. */
export type Call = {
  readonly ctx: ServiceContext
  readonly identity: Identity
  readonly requestId?: string
  readonly signal?: AbortSignal
}

export type Limits = {
  /** Rows shown on a screen or in a terminal; files have their own limit. */
  readonly maxRows: number
  readonly timeoutMs: number
}

export const defaultLimits: Limits = { maxRows: 1000, timeoutMs: 30_000 }
