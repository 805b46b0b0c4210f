// Words to definitions, put together from the configuration: translators in their order, stored values, suggestions.
// In: a configuration, a catalog, a way to query. Out: a function that asks. Stored values are read once in a
// while for each view of the data.
import type { Catalog } from './catalog/schema.ts'
import { visibleCatalog } from './catalog/visible.ts'
import type { Config } from './config.ts'
import type { AppContext, Log } from './context.ts'
import type { Query } from './db/query.ts'
import type { Metrics } from './lib/metrics.ts'
import type { Scope } from './lib/scope.ts'
import { builtinTranslator } from './translate/builtin/translate.ts'
import { suggestPrompts } from './translate/suggest.ts'
import { type Translators, translate } from './translate/translate.ts'
import type { ValueIndex } from './translate/types.ts'
import { buildValueIndex, emptyValueIndex } from './translate/values.ts'

/** Values change as people add rows; an index older than this is read anew. */
const VALUES_FRESH_MS = 15 * 60_000
const MAX_VIEWS = 100

/** What was read of the data, for each view of it; it may outlive the connections that it came over. */
export type Kept = {
  readonly values: Map<string, { readonly index: ValueIndex; readonly readAtMs: number }>
  readonly suggestions: Map<string, { readonly value: readonly string[]; readonly readAtMs: number }>
}
export const keptNothing = (): Kept => ({ values: new Map(), suggestions: new Map() })

type Parts = {
  readonly config: Config
  readonly catalog: Catalog
  readonly query: Query
  readonly log: Log
  readonly metrics?: Metrics | undefined
  readonly kept?: Kept
  /** Made before, with what they know of vendors that are down. */
  readonly translators?: Promise<Translators>
}
export type Asking = Pick<AppContext, 'ask' | 'suggestions'> & {
  /** Resolves when nothing is read any more. */
  readonly idle: () => Promise<void>
}

/** The asking half of a context. */
export function makeAsk(parts: Parts): Asking {
  const { config, catalog, log, metrics, kept = keptNothing(), translators = makeTranslators(config) } = parts
  const { valuesFor, idle } = valueIndexes({ ...parts, kept })
  const suggest = async (scope: Scope): Promise<readonly string[]> => {
    const values = await valuesFor(scope)
    const clock = { now: new Date(), timezone: 'UTC' }
    const input = { catalog: visibleCatalog(catalog, scope.roles), values, scope, clock }
    return suggestPrompts({ input, translator: builtinTranslator() })
  }
  return {
    ask: async (input) => {
      const visible = visibleCatalog(catalog, input.scope.roles)
      const values = await valuesFor(input.scope)
      return translate({
        input: { ...input, catalog: visible, values },
        translators: await translators,
        onUnavailable: ({ translator, reason, vendorFault }) => {
          const { organizationId } = input.scope
          log.warn({ organizationId, translator, reason, vendorFault }, 'a language model did not answer')
          metrics?.modelFailed({ translator })
        },
      })
    },
    suggestions: remembered(suggest, kept.suggestions),
    idle,
  }
}

/** Makes each scope's value as often as its stored values are read; a failure is not kept. */
function remembered<T>(
  make: (scope: Scope) => Promise<T>,
  kept: Map<string, { readonly value: T; readonly readAtMs: number }>,
): (scope: Scope) => Promise<T> {
  const making = new Map<string, Promise<T>>()
  return async (scope) => {
    const key = viewOf(scope)
    const known = kept.get(key)
    if (known !== undefined && Date.now() - known.readAtMs < VALUES_FRESH_MS) return known.value
    const begun = making.get(key)
    if (begun !== undefined) return begun
    const fresh = make(scope).finally(() => making.delete(key))
    making.set(key, fresh)
    const value = await fresh
    keep(kept, key, { value, readAtMs: Date.now() })
    return value
  }
}

/** What decides which values and fields are seen. */
function viewOf(scope: Scope): string {
  return JSON.stringify([scope.organizationId, [...scope.roles].sort()])
}

/** What models need is loaded only where there is a key. */
export async function makeTranslators(config: Config): Promise<Translators> {
  const builtin = builtinTranslator()
  if (config.openai === undefined && config.anthropic === undefined) return { order: ['builtin'], builtin }
  const [{ translatorsFromConfig }, { readPrompts }] = await Promise.all([
    import('./translate/llm/from-config.ts'),
    import('./translate/llm/prompt-files.ts'),
  ])
  return translatorsFromConfig(config, { builtin, prompts: readPrompts() })
}

/** An index for each organization and set of roles; while one is read anew, the old one still answers. */
function valueIndexes({ catalog, query, log, kept }: Parts & { kept: Kept }) {
  const reading = new Map<string, Promise<ValueIndex>>()
  const read = async (key: string, scope: Scope): Promise<ValueIndex> => {
    try {
      const index = await buildValueIndex({ catalog, query, scope })
      if (index.failed.length > 0) log.warn({ entities: index.failed }, 'values of some entities could not be read')
      keep(kept.values, key, { index, readAtMs: Date.now() })
      return index
    } catch (error) {
      log.error({ err: error }, 'stored values could not be read')
      return kept.values.get(key)?.index ?? emptyValueIndex
    } finally {
      reading.delete(key)
    }
  }
  const valuesFor = async (scope: Scope): Promise<ValueIndex> => {
    const key = viewOf(scope)
    const known = kept.values.get(key)
    if (known !== undefined && Date.now() - known.readAtMs < VALUES_FRESH_MS) return known.index
    const fresh = reading.get(key) ?? read(key, scope)
    reading.set(key, fresh)
    return known?.index ?? fresh
  }
  return { valuesFor, idle: async () => void (await Promise.all(reading.values())) }
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= MAX_VIEWS) map.delete(map.keys().next().value ?? '')
  map.set(key, value)
}
