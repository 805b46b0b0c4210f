// The way through the turns of a conversation, for the server and the page alike. In: turns that know what they came after.

export type Linked = { readonly number: number; readonly parent: number | null }

/** The turn that a turn came after; 0: none. Turns of before follow each other. */
export const parentOf = ({ number, parent }: Linked): number => parent ?? number - 1

/** The turns that lead to a place, in their order; those that were left are not among them. */
export function pathTo<T extends Linked>(turns: readonly T[], place: number): readonly T[] {
  const byNumber = new Map(turns.map((turn) => [turn.number, turn]))
  const path: T[] = []
  let turn = byNumber.get(place)
  while (turn !== undefined) {
    path.unshift(turn)
    // A parent is an earlier turn, so that this ends.
    const parent = parentOf(turn)
    turn = parent < turn.number ? byNumber.get(parent) : undefined
  }
  return path
}
