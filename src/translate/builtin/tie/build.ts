// A reading with its nouns tied → a table definition.
// In: an ask, an assignment, the catalog's graph. Out: a definition with the price of everything that did not fit.
// Refused: readings without anything to show; those give undefined.
import type { Definition } from '../../../definition/schema.ts'
import type { Cond } from '../read/ast.ts'
import { hasMetrics } from '../written.ts'
import type { Assignment } from './assign.ts'
import type { Conditions } from './conditions.ts'
import { list } from './list.ts'
import type { Ways } from './place.ts'
import { planOf } from './plan.ts'
import { type Tie, tie } from './resolved.ts'
import { rootOf } from './root.ts'
import type { BuildInput } from './shape.ts'
import { summary } from './summary.ts'

export type Built = {
  readonly definition: Definition
  readonly cost: number
  readonly reasons: Readonly<Record<string, number>>
  readonly root: string
}

/** Builds the definition of one reading, or undefined when it shows nothing. */
export function build(input: BuildInput): Built | undefined {
  const { ask, assignment, catalog, graph } = input
  const reasons: Record<string, number> = {}
  let cost = 0
  const price = (reason: string, amount: number) => {
    reasons[reason] = (reasons[reason] ?? 0) + amount
    cost += amount
  }
  const ways: Ways = { graph, catalog, said: input.said, named: new Set(assignment.entities), memory: new Map() }
  const chosen = new Map(assignment.chosen)
  const t: Tie = { catalog, chosen, price, remember: (key, candidate) => void chosen.set(key, candidate) }
  const select = ask.select.flatMap((one) => tie(t, one) ?? [])
  if (select.length < ask.select.length) price('column without meaning', 1.5 * (ask.select.length - select.length))
  // "how many females": without a noun the conditions say whose rows.
  const subject =
    (ask.subject === undefined ? undefined : assignment.chosen.get(ask.subject)?.entity) ??
    spokenOf(ask.where, assignment.chosen)
  const planned = planOf(input, t, select, subject, price)
  if (planned === undefined) return undefined
  const root = rootOf(ways, planned, price)
  if (root === undefined) return undefined
  const kind = kindOf(input, t, root)
  const plan = kind === undefined ? planned : { ...planned, where: [...planned.where, kind] }
  const [only, second] = plan.aggregates
  const counted =
    only?.kind === 'count' && only.entity === root && second === undefined && plan.keys.length === 0
      ? only.field
      : undefined
  const c: Conditions = {
    ways,
    tie: t,
    values: input.values,
    root: () => root,
    ...(counted === undefined ? {} : { counted }),
  }
  const made =
    plan.aggregates.length > 0 || plan.keys.length > 0 || plan.grainKeys.length > 0
      ? summary(input, plan, root, c, price)
      : list(input, plan, root, c, price)
  if (made === undefined) return undefined
  return { definition: made, cost, reasons, root }
}

/** "doctors" of a staff that has others: rows called by a relation that leads to them are those of the kind that goes by the same word. */
function kindOf({ ask, catalog }: BuildInput, t: Tie, root: string): Cond | undefined {
  const [first] = ask.select
  const noun = ask.subject ?? (first?.kind === 'noun' ? first.of : undefined)
  const found = noun === undefined ? undefined : t.chosen.get(noun)
  if (noun === undefined || found?.kind !== 'entity' || found.entity !== root || !hasMetrics(catalog)) return undefined
  const { links, values } = noun.chunk
  if (links.some(({ target, score }) => target.kind === 'entity' && target.entity === root && score >= 0.9))
    return undefined
  const value = values.find(({ entity, score }) => entity === root && score >= 0.95)
  if (value === undefined) return undefined
  const cond: Cond = { kind: 'value', chunk: noun.chunk, op: 'eq' }
  t.remember(cond, { kind: 'field', entity: root, field: value.field, value: value.value, cost: 0 })
  return cond
}

/** The entity of the first condition that has one. */
function spokenOf(conds: readonly Cond[], chosen: Assignment['chosen']): string | undefined {
  for (const cond of conds) {
    const inner = cond.kind === 'and' || cond.kind === 'or' ? cond.parts : cond.kind === 'not' ? [cond.part] : []
    const key =
      cond.kind === 'compare'
        ? cond.left.kind === 'noun'
          ? cond.left.of
          : cond.left
        : cond.kind === 'has'
          ? cond.of
          : cond
    const found = chosen.get(key)?.entity ?? spokenOf(inner, chosen)
    if (found !== undefined) return found
  }
  return undefined
}
