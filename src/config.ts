// The environment, read once and checked. In: names and texts. Out: a plain `Config` that is passed on.
// Refused: a wrong value, with one line that names it. Nothing below the entry files reads the environment.
import { z } from 'zod'
import { UserError } from './errors.ts'

const text = z.string().trim().min(1, 'it must not be empty')
const postgresUrl = text.regex(
  /^postgres(ql)?:\/\/\S+$/,
  'it must look like postgres://user:password@host:5432/database',
)
const httpUrl = z.url({ protocol: /^https?$/, error: 'it must be an http or https address' })

const port = z.coerce
  .number('it must be a whole number from 0 to 65535')
  .int('it must be a whole number from 0 to 65535')
  .min(0, 'it must be a whole number from 0 to 65535')
  .max(65535, 'it must be a whole number from 0 to 65535')

/** Every variable with what it must look like; docs/configuration.md explains each. */
export const environment = {
  PORT: port.default(8787),
  WORKER_PORT: port.optional(),
  HOST: text.default('127.0.0.1'),
  DATABASE_URL: postgresUrl.optional(),
  QUEUE_BACKEND: z
    .enum(['postgres', 'citus', 'cockroachdb'], 'it must be postgres, citus or cockroachdb')
    .default('postgres'),
  DATA_DIR: text.default('.data'),
  SOURCE_DATABASE_URL: postgresUrl.optional(),
  CATALOG: text.optional(),
  ORGANIZATION_ID: text.max(200, 'it must have at most 200 characters').optional(),
  TRANSLATOR: z
    .enum(['auto', 'builtin', 'openai', 'anthropic'], 'it must be auto, builtin, openai or anthropic')
    .default('auto'),
  OPENAI_API_KEY: text.optional(),
  OPENAI_BASE_URL: httpUrl.optional(),
  OPENAI_MODEL: text.optional(),
  ANTHROPIC_API_KEY: text.optional(),
  ANTHROPIC_BASE_URL: httpUrl.optional(),
  ANTHROPIC_MODEL: text.optional(),
  MODEL_TOKENS_PER_DAY: z.coerce
    .number('it must be a whole number from 1')
    .int('it must be a whole number from 1')
    .min(1, 'it must be a whole number from 1')
    .optional(),
  MODEL_PRICES: text
    .regex(
      /^(?:[^\s=,/]+=\d+(?:\.\d+)?\/\d+(?:\.\d+)?(?:\/\d+(?:\.\d+)?)?(?:[\s,]+|$))+$/,
      'it must look like: MODEL=INPUT/OUTPUT/CACHED, in dollars a million tokens',
    )
    .optional(),
  SMTP_URL: text.regex(/^smtps?:\/\/\S+$/, 'it must look like smtp://user:password@host:587').optional(),
  MAIL_FROM: text.regex(/@/, 'it must be a mail address').optional(),
  MAIL_DOMAINS: text
    .regex(/^[a-z0-9.-]+(?:[\s,]+[a-z0-9.-]+)*$/i, 'it must look like: example.org, partner.example')
    .optional(),
  MAILS_PER_DAY: z.coerce
    .number('it must be a whole number from 1')
    .int('it must be a whole number from 1')
    .min(1, 'it must be a whole number from 1')
    .optional(),
  APP_URL: httpUrl.optional(),
  CORS_ORIGINS: text
    .regex(/^(?:\*|https?:\/\/[^\s,/]+(?:[\s,]+https?:\/\/[^\s,/]+)*)$/, 'it must look like https://host.example, or *')
    .optional(),
  TRUSTED_PROXIES: z.coerce
    .number('it must be a whole number from 0 to 10')
    .int('it must be a whole number from 0 to 10')
    .min(0, 'it must be a whole number from 0 to 10')
    .max(10, 'it must be a whole number from 0 to 10')
    .default(0),
  RATE_LIMIT: z.coerce
    .number('it must be a whole number from 1')
    .int('it must be a whole number from 1')
    .min(1, 'it must be a whole number from 1')
    .default(600),
  AUTH_SECRET: z.string().min(32, 'it must have at least 32 characters').optional(),
  JWT_JWKS_URL: httpUrl.optional(),
  JWT_SECRET: z.string().min(32, 'it must have at least 32 characters').optional(),
  JWT_ISSUER: text.optional(),
  JWT_AUDIENCE: text.optional(),
  JWT_CLAIMS: text
    .regex(
      /^(?:(?:organization|user|name|roles|teams|scopes)=[^\s=,]+(?:[\s,]+|$))+$/,
      'it must look like: organization=org_id user=sub roles=roles',
    )
    .optional(),
  CONVERSATION_DAYS: z.coerce
    .number('it must be a whole number of days from 1')
    .int('it must be a whole number of days from 1')
    .min(1, 'it must be a whole number of days from 1')
    .max(36500, 'it must be at most 36500 days')
    .default(90),
  DELETED_DAYS: z.coerce
    .number('it must be a whole number of days from 1')
    .int('it must be a whole number of days from 1')
    .min(1, 'it must be a whole number of days from 1')
    .max(36500, 'it must be at most 36500 days')
    .default(90),
  DELIVERY_DAYS: z.coerce
    .number('it must be a whole number of days from 1')
    .int('it must be a whole number of days from 1')
    .min(1, 'it must be a whole number of days from 1')
    .max(36500, 'it must be at most 36500 days')
    .default(400),
  SOURCE_CONNECTIONS: z.coerce
    .number('it must be a whole number from 2 to 500')
    .int('it must be a whole number from 2 to 500')
    .min(2, 'it must be a whole number from 2 to 500')
    .max(500, 'it must be a whole number from 2 to 500')
    .default(10),
  METRICS_TOKEN: z.string().min(16, 'it must have at least 16 characters').optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number('it must be a number from 0 to 1')
    .min(0, 'it must be a number from 0 to 1')
    .max(1, 'it must be a number from 0 to 1')
    .default(1),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], 'it must be debug, info, warn, error or silent')
    .default('warn'),
} as const

const Environment = z.object(environment)

/** Values that are never repeated, in messages or logs. */
const SECRETS: ReadonlySet<string> = new Set([
  'DATABASE_URL',
  'SOURCE_DATABASE_URL',
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
  'SMTP_URL',
  'AUTH_SECRET',
  'JWT_SECRET',
  'METRICS_TOKEN',
])

export type ModelConfig = { readonly apiKey: string; readonly baseUrl?: string; readonly model?: string }
export type ModelPrice = { readonly input: number; readonly output: number; readonly cached: number }
export type TranslatorChoice = z.output<typeof environment.TRANSLATOR>

/** Tokens of a host application: how they are signed, and where in them our words stand. */
export type HostTokenConfig = {
  readonly keys: { readonly jwksUrl: string } | { readonly secret: string }
  readonly issuer: string
  readonly audience?: string
  readonly claims: Readonly<Record<'organization' | 'user' | 'name' | 'roles' | 'teams' | 'scopes', string>>
}

export type Config = {
  readonly port: number
  /** Where a worker in a process of its own tells of itself. */
  readonly workerPort?: number
  readonly host: string
  readonly dataDir: string
  readonly databaseUrl?: string
  readonly sourceDatabaseUrl?: string
  readonly catalogPath?: string
  readonly organizationId?: string
  readonly translator: TranslatorChoice
  readonly openai?: ModelConfig
  readonly anthropic?: ModelConfig
  /** Of one organization in a day. */
  readonly modelTokensPerDay?: number
  /** Dollars a million tokens, by model. */
  readonly modelPrices?: ReadonlyMap<string, ModelPrice>
  /** How many donations the demo data has; absent: 50,000, or as many as are there. */
  readonly demoDonations?: number
  readonly smtpUrl?: string
  readonly mailFrom?: string
  /** Lower case. */
  readonly mailDomains?: readonly string[]
  /** Of one organization in a day. */
  readonly mailsPerDay?: number
  readonly appUrl?: string
  readonly corsOrigins: readonly string[]
  readonly trustedProxies: number
  /** Requests a minute that one person, key or address may make. */
  readonly requestsPerMinute: number
  readonly authSecret?: string
  readonly conversationDays: number
  /** How long what was deleted can be restored. */
  readonly deletedDays: number
  /** How long the ledger keeps what came to its end. */
  readonly deliveryDays: number
  /** Connections to the source, screens and files together. */
  readonly sourceConnections: number
  /** What the store's database is, for the queue: docs/distributed.md. */
  readonly queueBackend: 'postgres' | 'citus' | 'cockroachdb'
  readonly metricsToken?: string
  readonly tracing?: { readonly url: string; readonly ratio: number }
  readonly hostTokens?: HostTokenConfig
  readonly logLevel: z.output<typeof environment.LOG_LEVEL>
}

/** Checks the environment; a variable set to nothing counts as not set. Throws `UserError` invalid_configuration. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(
    Object.keys(environment).flatMap((name) => (env[name]?.trim() ? [[name, env[name]]] : [])),
  )
  const parsed = Environment.safeParse(given)
  if (!parsed.success) throw wrongValue(given, parsed.error)
  const e = parsed.data
  const config: Config = {
    port: e.PORT,
    host: e.HOST,
    dataDir: e.DATA_DIR,
    translator: e.TRANSLATOR,
    logLevel: e.LOG_LEVEL,
    corsOrigins: e.CORS_ORIGINS?.split(/[\s,]+/) ?? [],
    trustedProxies: e.TRUSTED_PROXIES,
    requestsPerMinute: e.RATE_LIMIT,
    conversationDays: e.CONVERSATION_DAYS,
    deletedDays: e.DELETED_DAYS,
    deliveryDays: e.DELIVERY_DAYS,
    sourceConnections: e.SOURCE_CONNECTIONS,
    queueBackend: e.QUEUE_BACKEND,
    ...(e.WORKER_PORT !== undefined && { workerPort: e.WORKER_PORT }),
    ...(e.DATABASE_URL && { databaseUrl: e.DATABASE_URL }),
    ...(e.SOURCE_DATABASE_URL && { sourceDatabaseUrl: e.SOURCE_DATABASE_URL }),
    ...(e.CATALOG && { catalogPath: e.CATALOG }),
    ...(e.ORGANIZATION_ID && { organizationId: e.ORGANIZATION_ID }),
    ...(e.OPENAI_API_KEY && { openai: model(e.OPENAI_API_KEY, e.OPENAI_BASE_URL, e.OPENAI_MODEL) }),
    ...(e.ANTHROPIC_API_KEY && { anthropic: model(e.ANTHROPIC_API_KEY, e.ANTHROPIC_BASE_URL, e.ANTHROPIC_MODEL) }),
    ...(e.MODEL_TOKENS_PER_DAY && { modelTokensPerDay: e.MODEL_TOKENS_PER_DAY }),
    ...(e.MODEL_PRICES && { modelPrices: pricesOf(e.MODEL_PRICES) }),
    ...(e.SMTP_URL && { smtpUrl: e.SMTP_URL }),
    ...(e.MAIL_FROM && { mailFrom: e.MAIL_FROM }),
    ...(e.MAIL_DOMAINS && { mailDomains: e.MAIL_DOMAINS.toLowerCase().split(/[\s,]+/) }),
    ...(e.MAILS_PER_DAY && { mailsPerDay: e.MAILS_PER_DAY }),
    ...(e.APP_URL && { appUrl: e.APP_URL }),
    ...(e.AUTH_SECRET && { authSecret: e.AUTH_SECRET }),
    ...(e.METRICS_TOKEN && { metricsToken: e.METRICS_TOKEN }),
    ...(e.OTEL_EXPORTER_OTLP_ENDPOINT && {
      tracing: { url: e.OTEL_EXPORTER_OTLP_ENDPOINT, ratio: e.OTEL_TRACES_SAMPLER_ARG },
    }),
    ...hostTokens(e),
  }
  requireKey(config)
  return config
}

/** Refuses a translator whose key is missing. */
export function requireKey(config: Config): void {
  const vendor = config.translator
  if ((vendor !== 'openai' && vendor !== 'anthropic') || config[vendor] !== undefined) return
  const key = `${vendor.toUpperCase()}_API_KEY`
  throw new UserError('invalid_configuration', `Cannot use TRANSLATOR "${vendor}": ${key} is not set`, {
    fix: `set ${key}, or set TRANSLATOR to auto or builtin`,
  })
}

function model(apiKey: string, baseUrl: string | undefined, name: string | undefined): ModelConfig {
  return { apiKey, ...(baseUrl && { baseUrl }), ...(name && { model: name }) }
}

function hostTokens(e: z.output<typeof Environment>): Pick<Config, 'hostTokens'> {
  const keys = e.JWT_JWKS_URL ? { jwksUrl: e.JWT_JWKS_URL } : e.JWT_SECRET ? { secret: e.JWT_SECRET } : undefined
  if (keys === undefined) return {}
  const refuse = (message: string, fix: string) => new UserError('invalid_configuration', message, { fix })
  if (e.JWT_JWKS_URL && e.JWT_SECRET) {
    throw refuse('Cannot check tokens in two ways: JWT_JWKS_URL and JWT_SECRET are both set', 'set only one of them')
  }
  if (e.JWT_ISSUER === undefined) {
    throw refuse('Cannot check tokens: JWT_ISSUER is not set', 'set JWT_ISSUER to the "iss" of the tokens')
  }
  const given = Object.fromEntries(
    (e.JWT_CLAIMS ?? '').split(/[\s,]+/).flatMap((pair) => {
      const [name = '', claim = ''] = pair.split('=')
      return claim === '' ? [] : [[name, claim]]
    }),
  )
  const defaults = {
    organization: 'org_id',
    user: 'sub',
    name: 'name',
    roles: 'roles',
    teams: 'teams',
    scopes: 'scope',
  }
  return {
    hostTokens: {
      keys,
      issuer: e.JWT_ISSUER,
      ...(e.JWT_AUDIENCE && { audience: e.JWT_AUDIENCE }),
      claims: { ...defaults, ...given },
    },
  }
}

function wrongValue(given: Record<string, string | undefined>, error: z.ZodError): UserError {
  const issue = error.issues[0]
  const name = String(issue?.path[0] ?? 'the environment')
  const value = SECRETS.has(name) ? '' : ` "${given[name]}"`
  return new UserError('invalid_configuration', `Cannot use ${name}${value}: ${issue?.message ?? 'wrong value'}`)
}

/** `MODEL=2/8/0.5`; without the third number what is cached costs as much as other input. */
function pricesOf(text: string): ReadonlyMap<string, ModelPrice> {
  const entries = text.split(/[\s,]+/).filter((one) => one !== '')
  return new Map(
    entries.map((entry) => {
      const [model = '', prices = ''] = entry.split('=')
      const [input = 0, output = 0, cached = input] = prices.split('/').map(Number)
      return [model, { input, output, cached }]
    }),
  )
}
