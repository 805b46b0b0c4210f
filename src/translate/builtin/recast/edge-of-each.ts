// "The latest loan of each member": of the rows that share a partner, or a value, the first or last by their own day.
// In: a prompt that says so. Out: the rest ("list of loans"), and its rows with one kept of each.
// Refused: rows without a day of their own, and what they are of where no single step or field leads there.
import type { Catalog } from '../../../catalog/schema.ts'
import type { Definition, Filter } from '../../../definition/schema.ts'
import { lexiconOf } from '../lexicon.ts'
import { entityIn } from '../tie/facts.ts'
import { allOf } from '../tie/place.ts'
import type { Turn } from './turn.ts'

const EDGE =
  /^(?:(?:show|list|give|what (?:is|was|are|were))(?: me)? )?(?:the |our )?(latest|most recent|newest|last|first|earliest|oldest) ((?:[\p{L}-]+ ){0,2}?)([\p{L}-]+) (?:(?:of|for|from|by|in|at) (?:each|every)|per) ([\p{L} -]+?)((?:,? (?:in|during|since|from|this|last|between) .*)?)[?.!]*$/iu

const MOST =
  /^(?:(?:show|list|give|what (?:is|was|are|were)|which)(?: me)? )?(?:the |our )?((?:most|least) [\p{L}-]+|\p{L}+est) ((?:[\p{L}-]+ ){0,2}?)([\p{L}-]+) (?:(?:of|for|from|by|in|at) (?:each|every)|per) ([\p{L} -]+?)[?.!]*$/iu

/** "The cheapest product of each category": as the cheapest product is found, of each. */
const mostOfEach: Turn = ({ prompt, catalog }) => {
  const [, most = '', before = '', noun = '', of = ''] = MOST.exec(prompt) ?? []
  return lexiconOf(catalog)
    .rowsCalled(noun.toLowerCase())
    .flatMap((root) => {
      const each = eachOf(catalog, root, of.toLowerCase())
      if (each === undefined) return []
      return [
        {
          prompt: `the ${most} ${before}${noun}`,
          make: (one) => {
            const [by] = one.sortBy
            const isRanked = isListOf(one, root) && by !== undefined && one.limit === 1
            return isRanked
              ? { ...keptOf(one, { each, date: by.field, direction: by.direction }), limit: null }
              : undefined
          },
        },
      ]
    })
}

export const edgeOfEach: Turn = (input) => {
  const { prompt, catalog } = input
  if (!EDGE.test(prompt)) return mostOfEach(input)
  const [, edge = '', before = '', noun = '', of = '', rest = ''] = EDGE.exec(prompt) ?? []
  const { rowsCalled } = lexiconOf(catalog)
  return rowsCalled(noun.toLowerCase()).flatMap((root) => {
    const date = entityIn(catalog, root)?.defaultDate
    const each = date === undefined ? undefined : eachOf(catalog, root, of.toLowerCase())
    if (date === undefined || each === undefined) return []
    const direction = /^(first|earliest|oldest)$/i.test(edge) ? ('asc' as const) : ('desc' as const)
    return [
      {
        prompt: `list of ${before}${noun}${rest}`,
        make: (one) => (isListOf(one, root) ? keptOf(one, { each, date, direction }) : undefined),
      },
    ]
  })
}

const isListOf = ({ dataSources, aggregates, groupBy }: Definition, root: string): boolean =>
  dataSources[0] === root && aggregates.length === 0 && groupBy.length === 0

type Kept = { readonly each: Each; readonly date: string; readonly direction: 'asc' | 'desc' }

function keptOf(definition: Definition, { each, date, direction }: Kept): Definition {
  const shown = [...each.shown, date, ...definition.columns.map(({ field }) => field)]
  return {
    ...definition,
    columns: [...new Set(shown)].map((field) => ({ field })),
    filters: allOf([...partsOf(definition), { field: each.by, op: 'not_empty' }]),
    sortBy: [{ field: date, direction }],
    limitPer: { by: [each.by], limit: 1 },
  }
}

const partsOf = ({ filters }: Definition): readonly Filter[] =>
  filters === undefined ? [] : 'all' in filters ? filters.all : [filters]

/** By what the rows are told apart, and what names it. */
type Each = { readonly by: string; readonly shown: readonly string[] }

function eachOf(catalog: Catalog, root: string, word: string): Each | undefined {
  const { fields = {}, relations = {} } = entityIn(catalog, root) ?? {}
  const targets = lexiconOf(catalog).rowsCalled(word)
  const found = Object.entries(relations).flatMap(([name, { to, kind, on, label }]): Each[] => {
    const [pair] = on
    const own = Object.keys(fields).find((field) => fields[field]?.column === pair?.from)
    const display = entityIn(catalog, to)?.displayField
    const called = label?.toLowerCase() === word || targets.includes(to)
    // By the key: two of one name are two.
    if (kind !== 'to_one' || on.length !== 1 || own === undefined || !called) return []
    return [{ by: own, shown: display === undefined ? [own] : [`${name}.${display}`, own] }]
  })
  if (found.length > 0) return found.length === 1 ? found[0] : undefined
  const [field] = Object.entries(fields).filter(
    ([, { label, type }]) => label.toLowerCase() === word && type !== 'money',
  )
  return field === undefined ? undefined : { by: field[0], shown: [field[0]] }
}
