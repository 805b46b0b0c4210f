// The entity whose rows are listed or counted.
// In: a plan and the ways between entities. Out: the entity from which all columns and keys lead to one row, or nothing.
// Refused: plans that no entity can serve.
import { isLink } from './conditions.ts'
import { routeOf, type Ways } from './place.ts'
import type { Tied } from './resolved.ts'
import { entityOf, isAggregate, type Plan } from './shape.ts'

/** The entity whose rows are listed or counted: all columns and keys lead to one row from it. */
export function rootOf(ways: Ways, plan: Plan, price: (reason: string, cost: number) => void): string | undefined {
  const summaryMode = plan.aggregates.length > 0 || plan.keys.length > 0 || plan.grainKeys.length > 0
  const need = new Set<string>()
  const facts = new Set<string>()
  const note = (one: Tied) => {
    const entity = entityOf(one)
    if (entity === undefined) return
    if (isAggregate(one)) facts.add(entity)
    else need.add(entity)
  }
  for (const one of [...plan.plain, ...plan.keys]) need.add(one.entity)
  for (const one of plan.aggregates) note(one)
  if (plan.top !== undefined) note(plan.top.by)
  for (const one of plan.order) if (typeof one.by !== 'string') note(one.by)
  if (need.size === 0 && facts.size === 0) {
    if (plan.subject === undefined) return undefined
    facts.add(plan.subject)
  }
  // A count without a noun counts rows of what is related in the conditions, else of the keys themselves.
  const candidates = new Set([...facts, ...need, ...(plan.subject === undefined ? [] : [plan.subject])])
  for (const entity of [...candidates]) for (const edge of ways.graph.edges.get(entity) ?? []) candidates.add(edge.to)
  let best: string | undefined
  let bestCost = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    const cost = rootCost(ways, plan, candidate, need, facts, summaryMode)
    if (cost < bestCost) {
      best = candidate
      bestCost = cost
    }
  }
  if (best === undefined || bestCost >= 50) return undefined
  price('root', Math.max(0, bestCost) * 0.5)
  return best
}

function rootCost(
  ways: Ways,
  plan: Plan,
  root: string,
  need: ReadonlySet<string>,
  facts: ReadonlySet<string>,
  summaryMode: boolean,
): number {
  let cost = 0
  for (const entity of need) {
    const route = routeOf(ways, root, entity, true)
    if (route === undefined) return 100
    cost += route.reduce((sum, edge) => sum + edge.cost, 0)
  }
  for (const entity of facts) {
    if (entity === root) continue
    const one = routeOf(ways, root, entity, true)
    const many = one ?? routeOf(ways, root, entity)
    if (many === undefined) return 100
    const length = many.reduce((sum, edge) => sum + edge.cost, 0)
    // Rows of the counted thing itself are the surest root; a linking table between is the next.
    if (one !== undefined) cost += isLink({ ways }, root) ? length * 0.6 : length + 0.5
    else cost += facts.size > 1 ? length * 0.3 : length + 1.2
    // Two facts side by side are each taken whole: not only the one's rows that the other leads to.
    if (one !== undefined && facts.size > 1 && facts.has(root) && need.size > 0) cost += 2
  }
  if (!summaryMode && !need.has(root)) cost += 0.3
  // "first name, department and city for each employee": the employees are listed, not the departments that one manages.
  if (!summaryMode && plan.said !== undefined && plan.said !== root && need.has(plan.said))
    if ([...need].every((entity) => routeOf(ways, plan.said ?? root, entity, true) !== undefined)) cost += 1.2
  if (plan.subject === root) cost -= 0.05
  // Rows the prompt names must take part: "names of perpetrators" are those of people who are perpetrators.
  else if (
    plan.said !== undefined &&
    !need.has(plan.said) &&
    !facts.has(plan.said) &&
    ![...need].some((entity) => routeOf(ways, root, entity, true)?.some((edge) => edge.to === plan.said))
  )
    cost += 1.6
  if (facts.size === 0 && !need.has(root)) cost += 0.5
  return cost
}

/** The subject when no column, key or aggregate speaks of it: it is then a condition that it exists. */
export function unsaid(plan: Plan): string | undefined {
  const subject = plan.said
  if (subject === undefined) return undefined
  const spoken =
    [...plan.plain, ...plan.keys].some((one) => one.entity === subject) ||
    plan.aggregates.some((one) => entityOf(one) === subject)
  return spoken || (plan.top !== undefined && entityOf(plan.top.by) === subject) ? undefined : subject
}
