// What cannot be imported, as data. Inside the importer a construct that does not fit is thrown as a `Refusal`;
// `gather` lets the parts beside it speak too, so that one answer names everything. Nothing thrown here leaves the door.

/** One construct that does not fit: `at` is a 0-based character offset into the SQL text. */
export type Problem = {
  readonly construct: string
  readonly message: string
  readonly at: number
  readonly fix?: string
}

type Refusal = { readonly refused: readonly Problem[] }

/** Throws one problem. */
export function refuse(construct: string, message: string, at: number, fix?: string): never {
  throw refusalOf([fix === undefined ? { construct, message, at } : { construct, message, at, fix }])
}

/** The problems of a thrown refusal; any other error is thrown on, because it is a mistake of this program. */
export function problemsOf(error: unknown): readonly Problem[] {
  if (typeof error === 'object' && error !== null && 'refused' in error) return (error as Refusal).refused
  throw error
}

/** Does every step, then throws all their problems together if there are any. */
export function gather<T>(steps: readonly (() => T)[]): T[] {
  const problems: Problem[] = []
  const results: T[] = []
  for (const step of steps) {
    try {
      results.push(step())
    } catch (error) {
      problems.push(...problemsOf(error))
    }
  }
  if (problems.length > 0) throw refusalOf(problems)
  return results
}

/** `gather` over a list. */
export function gatherMap<A, T>(items: readonly A[], step: (item: A, index: number) => T): T[] {
  return gather(items.map((item, index) => () => step(item, index)))
}

/** The first step that is not refused; if all are, the problems of the one that `choose` picks (default: the first). */
export function firstOf<T>(steps: readonly (() => T)[], choose = 0): T {
  const refusals: (readonly Problem[])[] = []
  for (const step of steps) {
    try {
      return step()
    } catch (error) {
      refusals.push(problemsOf(error))
    }
  }
  throw refusalOf(refusals[choose] ?? [])
}

function refusalOf(problems: readonly Problem[]): Refusal {
  return { refused: problems }
}
