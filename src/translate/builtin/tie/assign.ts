// Choosing together what all nouns of a reading stand for: near things belong together.
// In: slots with candidates, the relation graph. Out: the best few assignments with their costs.
// Refused: assignments that join what no relation joins, unless nothing better is there.
import type { Graph } from '../graph.ts'
import type { Candidate } from './candidate.ts'
import type { Slot } from './slots.ts'

export type Assignment = {
  readonly chosen: ReadonlyMap<object, Candidate>
  readonly cost: number
  readonly entities: readonly string[]
}

const BEAM = 8
const HOP = 0.5
const OWNER_HOP = 0.75
const UNREACHABLE = 4

/** What was chosen for one slot after what `before` chose: shared by all that go on from there, so that a long question copies nothing. */
type Node = {
  readonly before?: Node
  readonly key?: object
  readonly candidate?: Candidate
  readonly cost: number
  readonly entities: readonly string[]
}

/** The cheapest assignments of all slots, best first, at most `max`. */
export function assign(slots: readonly Slot[], graph: Graph, max: number): Assignment[] {
  const ordered = order(slots)
  let beam: Node[] = [{ cost: 0, entities: [] }]
  for (const slot of ordered) {
    const next: { readonly node: Node; readonly candidate: Candidate; readonly cost: number }[] = []
    for (const node of beam) {
      const owner = slot.owner === undefined ? undefined : chosenFor(slot.owner, node)
      for (const candidate of slot.candidates) {
        const cost = node.cost + candidate.cost * slot.weight + placeCost(slot, candidate, { node, owner, graph })
        next.push({ node, candidate, cost })
      }
    }
    next.sort((a, b) => a.cost - b.cost)
    // Only those that stay are written out: a long question has many slots.
    beam = next.slice(0, BEAM).map(({ node, candidate, cost }) => ({
      before: node,
      key: slot.key,
      candidate,
      cost,
      entities:
        node.entities.includes(candidate.entity) || slot.weight < 1
          ? node.entities
          : [...node.entities, candidate.entity],
    }))
  }
  return beam.slice(0, max).map((node) => ({ chosen: allChosen(node), cost: node.cost, entities: node.entities }))
}

function chosenFor(key: object, last: Node): Candidate | undefined {
  for (let node: Node | undefined = last; node !== undefined; node = node.before)
    if (node.key === key) return node.candidate
  return undefined
}

/** All choices, in the order they were made. */
function allChosen(last: Node): Map<object, Candidate> {
  const made: [object, Candidate][] = []
  for (let node: Node | undefined = last; node !== undefined; node = node.before)
    if (node.key !== undefined && node.candidate !== undefined) made.push([node.key, node.candidate])
  return new Map(made.reverse())
}

/** Sure things first, so that doubtful ones can lean on them; an owner always before what it owns. */
function order(slots: readonly Slot[]): Slot[] {
  const keys = new Map(slots.map((slot) => [slot.key, slot]))
  const doubt = (slot: Slot): number => {
    const best = slot.candidates[0]?.cost ?? 0
    const rivals = slot.candidates.filter((one) => one.cost - best < 0.45).length
    return best + 0.4 * (rivals - 1) + (slot.weight < 1 ? 2 : 0)
  }
  const out: Slot[] = []
  const done = new Set<object>()
  const place = (slot: Slot) => {
    if (done.has(slot.key)) return
    done.add(slot.key)
    const owner = slot.owner === undefined ? undefined : keys.get(slot.owner)
    if (owner !== undefined) place(owner)
    out.push(slot)
  }
  for (const slot of [...slots].sort((a, b) => doubt(a) - doubt(b))) place(slot)
  return out
}

type Around = { readonly node: Node; readonly owner: Candidate | undefined; readonly graph: Graph }

function placeCost(slot: Slot, candidate: Candidate, { node, owner, graph }: Around): number {
  let cost = 0
  if (owner !== undefined && owner !== candidate) {
    const away = Math.min(graph.distance(owner.entity, candidate.entity), UNREACHABLE)
    cost += slot.ownerWeight * OWNER_HOP * away
  }
  if (node.entities.length === 0) return cost
  let nearest = UNREACHABLE
  for (const entity of node.entities) nearest = Math.min(nearest, graph.distance(entity, candidate.entity))
  return cost + HOP * nearest * slot.weight
}
