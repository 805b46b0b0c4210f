// How often readings like this one are right: a small forest of decision trees, learnt from public questions (train split only).
// In: the readings of one prompt, cheapest first, and which of them. Out: numbers by name, and the forest's sum for them.
// Refused: anything that depends on one catalog; only general features count. Learnt again by evals/learn-trust.ts.
import FOREST from './trust-trees.json' with { type: 'json' }

/** A leaf, or: the feature's place, up to which value the first branch holds, the two branches. */
export type Tree = number | readonly [feature: number, upTo: number, low: Tree, high: Tree]
export type Forest = { readonly names: readonly string[]; readonly trees: readonly Tree[] }
/** What is known of a reading when it is trusted. */
export type Judged = {
  readonly cost: number
  readonly features: Readonly<Record<string, number>>
  readonly unread: readonly string[]
}
export type Weighed = Judged & {
  /** How many asked-for words its definition has nothing for. */
  readonly missing: number
  /** Of the second way to read, whose costs cannot be compared. */
  readonly second?: true
}

/** Readings beyond these say nothing more about how sure one is. */
const MAX_RIVALS = 8
const FAR = 4

/** What speaks for and against one of the judged readings; `rest`: cheaper to dearer, those that are not judged. */
export function trustFeatures(few: readonly Weighed[], rest: readonly Judged[], at: number): Record<string, number> {
  const one = few[at]
  const [first] = few
  if (one === undefined || first === undefined) return {}
  if (one.second === true)
    return { ...one.features, missing: one.missing, 'second.only': 1, 'second.first': first.cost }
  const own = { ...one.features, rank: at, missing: one.missing }
  const readings = [...few.filter(({ second }) => second !== true), ...rest]
  const rivals = readings.slice(0, MAX_RIVALS).filter((_, index) => index !== at)
  const gap = Math.min(FAR, ...rivals.map(({ cost }) => cost - one.cost))
  let near = 0
  for (const { cost } of rivals) near += Math.exp(2 * (one.cost - cost))
  return {
    ...own,
    'top.cost': one.cost,
    'top.gap': gap,
    'top.above': one.cost - first.cost,
    'top.rivals': rivals.length,
    'top.near': Math.min(near, 2 * MAX_RIVALS),
    'top.unread': one.unread.length,
  }
}

/** The forest's sum; the logistic of it is the share of right answers. */
export function scoreOf({ names, trees }: Forest, features: Readonly<Record<string, number>>): number {
  const x = names.map((name) => features[name] ?? 0)
  let sum = 0
  for (const tree of trees) {
    let node = tree
    while (typeof node !== 'number') node = (x[node[0]] ?? 0) <= node[1] ? node[2] : node[3]
    sum += node
  }
  return sum
}

/** A forest as the file has it: each tree in one line, a branch as `feature:upTo` before its two sides, a leaf as its number. */
export type WrittenForest = { readonly names: readonly string[]; readonly trees: readonly string[] }

/** A forest in the form of its file. */
export function writeForest({ names, trees }: Forest): WrittenForest {
  const write = (tree: Tree): string =>
    typeof tree === 'number' ? String(tree) : `${tree[0]}:${tree[1]} ${write(tree[2])} ${write(tree[3])}`
  return { names, trees: trees.map(write) }
}

/** The forest that a file holds. */
export function readForest({ names, trees }: WrittenForest): Forest {
  return {
    names,
    trees: trees.map((text) => {
      const parts = text.split(' ')
      let at = 0
      const read = (): Tree => {
        const [first = '0', upTo] = (parts[at++] ?? '').split(':')
        return upTo === undefined ? Number(first) : [Number(first), Number(upTo), read(), read()]
      }
      return read()
    }),
  }
}

const forest = readForest(FOREST)

/** The share of right answers among readings like this one, 0 to 1. */
export function trustOf(few: readonly Weighed[], rest: readonly Judged[], at: number): number {
  return Math.round((1 / (1 + Math.exp(-scoreOf(forest, trustFeatures(few, rest, at))))) * 1000) / 1000
}
