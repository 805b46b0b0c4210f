// Issue codes → sentences and fixes: the only place where what is wrong with a definition is put into words.
import type { Issue } from '../lib/issue.ts'

export type IssuePath = readonly (string | number)[]
type Params = Readonly<Record<string, string | number | readonly string[] | undefined>>
type Text = { message: string; fix?: string | undefined }

const quoted = (value: unknown): string => `"${String(value).slice(0, 80)}"`
const names = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])
const listed = (value: unknown): string => names(value).map(quoted).join(', ')

/** "; did you mean …" and the fix that goes with it. */
function meant(params: Params): { tail: string; fix: string | undefined } {
  const [first] = names(params.suggestions)
  return first === undefined
    ? { tail: '', fix: undefined }
    : { tail: `; did you mean ${quoted(first)}`, fix: `Use ${listed(params.suggestions)}` }
}

const texts = {
  'unknown-entity': (p) => ({
    message: `Cannot read from ${quoted(p.name)}: the catalog has no such entity${meant(p).tail}`,
    fix: meant(p).fix,
  }),
  'unknown-field': (p) => ({
    message: `Cannot ${p.doing} ${quoted(p.name)}: entity ${quoted(p.entity)} has no such field${meant(p).tail}`,
    fix: meant(p).fix,
  }),
  'unknown-relation': (p) => ({
    message: `Cannot follow ${quoted(p.name)}: entity ${quoted(p.entity)} has no such relation${meant(p).tail}`,
    fix: meant(p).fix,
  }),
  'unknown-metric': (p) => ({
    message: `Cannot compute metric ${quoted(p.name)}: entity ${quoted(p.entity)} has no such metric${meant(p).tail}`,
    fix: meant(p).fix ?? 'Use fn and field instead of metric',
  }),
  'broken-metric': (p) => ({
    message: `Cannot compute metric ${quoted(p.name)}: it uses fields that are not there for you`,
    fix: 'Use another metric, or fn and field',
  }),
  'unknown-column': (p) => ({
    message: `Cannot ${p.doing} ${quoted(p.name)}: the table has no such column${meant(p).tail}`,
    fix: meant(p).fix ?? `Use one of ${listed(p.known)}`,
  }),
  'not-a-field': (p) => ({
    message: `Cannot ${p.doing} ${quoted(p.name)}: it is a relation, not a field`,
    fix: p.example === undefined ? 'Add the field after a dot' : `Write ${quoted(p.example)}`,
  }),
  'many-values': (p) => ({
    message: `Cannot ${p.doing} ${quoted(p.name)}: relation ${quoted(p.relation)} leads to many rows, so there is no single value`,
    fix: `Use an aggregate (such as {"fn":"count","field":${quoted(p.name)}}), a relation filter on ${quoted(p.relation)}, or start from its entity`,
  }),
  'list-or-summary': () => ({
    message: 'Cannot show columns beside groupBy or aggregates: a table is a list or a summary',
    fix: 'Move the columns to groupBy, or remove groupBy and aggregates',
  }),
  'needs-summary': (p) => ({
    message: `Cannot use ${p.part} in a list: it works on groups and aggregates`,
    fix: p.part === 'having' ? 'Move the condition to filters' : `Add groupBy or aggregates, or remove ${p.part}`,
  }),
  'not-in-summary': (p) => ({
    message: `Cannot use ${p.part} in a summary: its groups are distinct already`,
    fix: `Remove ${p.part}`,
  }),
  'no-columns': () => ({
    message: 'Cannot show a table with every column hidden: at least one must be visible',
    fix: 'Remove one "hidden"',
  }),
  'one-of': (p) => ({
    message: `Cannot read ${p.what}: it needs exactly one of ${listed(p.keys)}`,
    fix: `Give one of ${listed(p.keys)}`,
  }),
  'missing-id': (p) => ({ message: `Cannot show ${p.what} without a name: a formula needs an id`, fix: 'Add "id"' }),
  'duplicate-id': (p) => ({
    message: `Cannot use the id ${quoted(p.id)} twice: every column needs its own`,
    fix: 'Give one of them another "id"',
  }),
  'wrong-grain': (p) => ({
    message: `Cannot use grain ${quoted(p.grain)} on ${quoted(p.name)}: it is ${p.type}`,
    fix:
      p.grain === 'hour' || p.grain === 'hour_of_day'
        ? 'Hours need a timestamp; use "day"'
        : 'Remove the grain, or use a date field',
  }),
  'grain-and-bucket': () => ({
    message: 'Cannot use a grain and a bucket on one key: they exclude each other',
    fix: 'Remove one of them',
  }),
  'needs-number': (p) => ({
    message: `Cannot compute ${p.fn} of ${quoted(p.name)}: it needs a number, and this is ${p.type}`,
    fix: 'Use count, count_distinct, min, max or list, or a number field',
  }),
  'no-boolean': (p) => ({
    message: `Cannot compute ${p.fn} of ${quoted(p.name)}: true and false have no order`,
    fix: 'Use count with a where instead',
  }),
  'needs-date': (p) => ({
    message: `Cannot order by ${quoted(p.name)}: first and last need a date`,
    fix: 'Give "by" a date field',
  }),
  'first-without-by': (p) => ({
    message: `Cannot compute ${p.fn}: entity ${quoted(p.entity)} has no default date to order by`,
    fix: 'Add "by" with a date field',
  }),
  'aggregate-without-fn': () => ({
    message: 'Cannot compute an aggregate without a function: it has neither fn nor metric',
    fix: 'Add "fn" or "metric"',
  }),
  'aggregate-without-field': (p) => ({
    message: `Cannot compute ${p.fn} of nothing: it needs a field or a formula`,
    fix: 'Add "field"',
  }),
  'metric-and-fn': () => ({
    message: 'Cannot combine a metric with fn, field, formula or per: the metric says it all',
    fix: 'Remove the metric, or the rest',
  }),
  percentile: (p) => ({
    message:
      p.fn === 'percentile'
        ? 'Cannot compute a percentile without saying which'
        : `Cannot use "percentile" with ${p.fn}: it belongs to fn percentile`,
    fix: p.fn === 'percentile' ? 'Add "percentile": 0.9 (from 0 to 1)' : 'Remove "percentile"',
  }),
  'by-without-first': (p) => ({
    message: `Cannot use "by" with ${p.fn}: it belongs to first and last`,
    fix: 'Remove "by"',
  }),
  'outside-per': (p) => ({
    message: `Cannot read ${quoted(p.name)} for each row of ${quoted(p.per)}: the path does not begin with ${quoted(p.per)}`,
    fix: `Begin the path with ${quoted(`${p.per}.`)}${p.given !== '' ? ', or change "per"' : ''}`,
  }),
  formula: (p) => ({
    message: `Cannot read formula ${quoted(p.formula)}: ${p.problem}${p.at === undefined ? '' : ` (at character ${Number(p.at) + 1})`}`,
    fix: p.fix as string | undefined,
  }),
  circle: (p) => ({
    message: `Cannot compute ${quoted(p.id)}: it depends on itself`,
    fix: 'Break the circle of calculations',
  }),
  'wrong-op': (p) => ({
    message: `Cannot use ${p.op} on ${quoted(p.name)}: it is ${p.type}`,
    fix: `Use one of ${listed(p.allowed)}`,
  }),
  'needs-value': (p) => ({
    message: `Cannot test ${quoted(p.name)} with ${p.op}: there is no value`,
    fix: 'Add "value"',
  }),
  'no-value': (p) => ({
    message: `Cannot give ${p.op} a value: it tests only whether ${quoted(p.name)} is there`,
    fix: 'Remove "value"',
  }),
  'wrong-value': (p) => ({
    message: `Cannot compare ${quoted(p.name)} with ${p.value}: ${p.wanted}`,
    fix: p.fix as string | undefined,
  }),
  'unknown-value': (p) => ({
    message: `Cannot compare ${quoted(p.name)} with ${quoted(p.value)}: it is not one of its values${meant(p).tail}`,
    fix: meant(p).fix ?? `Use one of ${listed(names(p.known).slice(0, 20))}`,
  }),
  'no-row-here': (p) => ({
    message: `Cannot use ${p.what} here: this condition reads output columns, not rows`,
    fix: 'Move it to filters',
  }),
  'aggregate-needs-many': (p) => ({
    message: `Cannot aggregate ${quoted(p.name)} for one row: no to-many relation leads there`,
    fix: 'Compare the field itself, or follow a to-many relation',
  }),
  'value-definition': (p) => ({
    message: `Cannot use a definition as a value here: ${p.problem}`,
    fix: p.fix as string | undefined,
  }),
  'too-deep': (p) => ({ message: `Cannot nest ${p.what} more than ${p.max} deep`, fix: 'Simplify it' }),
  'too-many': (p) => ({ message: `Cannot use ${p.count} ${p.what}: at most ${p.max} are allowed`, fix: 'Use fewer' }),
  'empty-list': (p) => ({
    message: `Cannot test ${quoted(p.name)} against an empty list: no row could ever match`,
    fix: 'Add values, or use is_empty',
  }),
  'fill-gaps': (p) => ({ message: `Cannot fill gaps: ${p.problem}`, fix: p.fix as string | undefined }),
  'needs-order': (p) => ({
    message: `Cannot compute ${p.fn}: there is no key that orders the rows`,
    fix: 'Group by a date with a grain, or name a key in "over"',
  }),
  'over-needs-key': (p) => ({
    message: `Cannot order by ${quoted(p.name)}: "over" and "within" name group keys`,
    fix: `Use one of ${listed(p.known)}`,
  }),
  'within-incomplete': (p) => ({
    message: `Cannot compute ${p.fn} within some keys only: rows of ${listed(p.missing)} would be mixed in one order`,
    fix: 'Remove "within": it then means all other keys',
  }),
  'needs-number-column': (p) => ({
    message: `Cannot compute ${p.fn} of ${quoted(p.name)}: it is ${p.type}, not a number`,
    fix: 'Use a number column in "of"',
  }),
  'not-additive': (p) => ({
    message: `Cannot show ${quoted(p.name)} as a share of a total: its values do not add up to one`,
    fix: 'Use a count or a sum of rows that are in one group each',
  }),
  'calculation-needs': (p) => ({
    message: `Cannot compute ${quoted(p.id)}: ${p.problem}`,
    fix: p.fix as string | undefined,
  }),
  'order-distinct': (p) => ({
    message: `Cannot sort distinct rows by ${quoted(p.name)}: it is not one of the columns`,
    fix: 'Add it to the columns, or sort by one of them',
  }),
  compare: (p) => ({ message: `Cannot compare with an earlier time: ${p.problem}`, fix: p.fix as string | undefined }),
  pivot: (p) => ({ message: `Cannot pivot: ${p.problem}`, fix: p.fix as string | undefined }),
  'totals-empty': () => ({
    message: 'Cannot show totals of a table without aggregates: there is nothing to total',
    fix: 'Add an aggregate, or remove totals',
  }),
} satisfies Record<string, (params: Params) => Text>

export type IssueCode = keyof typeof texts
export const issueCodes: readonly string[] = Object.keys(texts)

/** An issue in words. */
export function issue(code: IssueCode, path: IssuePath, params: Params = {}): Issue {
  const { message, fix } = (texts[code] as (params: Params) => Text)(params)
  return { code, path, message, ...(fix === undefined ? {} : { fix }) }
}

/** The name that an issue about an unknown one proposes in its place. */
export function suggestionOf({ code, fix }: Issue): string | undefined {
  if (!/^unknown-(entity|field|relation|metric)$/.test(code)) return undefined
  return /^Use "([^"]+)"(?:, "|$)/.exec(fix ?? '')?.[1]
}
