// Words to definitions, put together from the configuration: translators in their order, stored values, suggestions.
// In: a configuration, a catalog, a way to query. Out: a function that asks. Stored values are read once per view of the data.
import type { Catalog } from './catalog/schema.ts'
import { visibleCatalog } from './catalog/visible.ts'
import type { Config } from './config.ts'
import type { AppContext, Log } from './context.ts'
import type { Query } from './db/query.ts'
import type { Scope } from './lib/scope.ts'
import { builtinTranslator } from './translate/builtin/translate.ts'
import { suggestPrompts } from './translate/suggest.ts'
import { type Translators, translate } from './translate/translate.ts'
import type { ValueIndex } from './translate/types.ts'
import { buildValueIndex, emptyValueIndex } from './translate/values.ts'

/** Values change as people add rows; an index older than this is read anew. */
const VALUES_FRESH_MS = 15 * 60_000
const MAX_VIEWS = 100

type Parts = { readonly config: Config; readonly catalog: Catalog; readonly query: Query; readonly log: Log }

/** The asking half of a context. */
export function makeAsk(parts: Parts): Pick<AppContext, 'ask' | 'suggestions'> {
  const { config, catalog } = parts
  const translators = makeTranslators(config)
  const valuesFor = valueIndexes(parts)
  return {
    ask: async (input) => {
      const visible = visibleCatalog(catalog, input.scope.roles)
      const values = await valuesFor(input.scope)
      return translate({ input: { ...input, catalog: visible, values }, translators: await translators })
    },
    suggestions: remembered(async (scope) => {
      const values = await valuesFor(scope)
      const input = {
        catalog: visibleCatalog(catalog, scope.roles),
        values,
        scope,
        clock: { now: new Date(), timezone: 'UTC' },
      }
      return suggestPrompts({ input, translator: builtinTranslator() })
    }),
  }
}

/** Makes each scope's value once; a failure is not kept. */
function remembered<T>(make: (scope: Scope) => Promise<T>): (scope: Scope) => Promise<T> {
  const made = new Map<string, Promise<T>>()
  return (scope) => {
    const key = viewOf(scope)
    const known = made.get(key)
    if (known !== undefined) return known
    const fresh = make(scope)
    if (made.size >= MAX_VIEWS) made.delete(made.keys().next().value ?? '')
    made.set(key, fresh)
    fresh.catch(() => made.delete(key))
    return fresh
  }
}

/** What decides which values and fields are seen. */
function viewOf(scope: Scope): string {
  return JSON.stringify([scope.organizationId, [...scope.roles].sort()])
}

/** What models need is loaded only where there is a key. */
async function makeTranslators(config: Config): Promise<Translators> {
  const builtin = builtinTranslator()
  if (config.openai === undefined && config.anthropic === undefined) return { order: ['builtin'], builtin }
  const [{ translatorsFromConfig }, { readPrompts }] = await Promise.all([
    import('./translate/llm/from-config.ts'),
    import('./translate/llm/prompt-files.ts'),
  ])
  return translatorsFromConfig(config, { builtin, prompts: readPrompts() })
}

type View = { readonly index: Promise<ValueIndex>; readonly readAtMs: number }

/** An index for each organization and set of roles; while one is read anew, the old one still answers. */
function valueIndexes({ catalog, query, log }: Parts): (scope: Scope) => Promise<ValueIndex> {
  const views = new Map<string, View>()
  const read = async (scope: Scope): Promise<ValueIndex> => {
    const index = await buildValueIndex({ catalog, query, scope })
    if (index.failed.length > 0) log.warn({ entities: index.failed }, 'values of some entities could not be read')
    return index
  }
  return async (scope) => {
    const key = viewOf(scope)
    const known = views.get(key)
    if (known !== undefined && performance.now() - known.readAtMs < VALUES_FRESH_MS) return known.index
    const index = read(scope).catch((error: unknown) => {
      log.error({ err: error }, 'stored values could not be read')
      return emptyValueIndex
    })
    if (views.size >= MAX_VIEWS) views.delete(views.keys().next().value ?? '')
    views.set(key, { index, readAtMs: performance.now() })
    return known === undefined ? index : known.index
  }
}
