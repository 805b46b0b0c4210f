export type Bounded<V> = {
  /** The value of a key; made now where there is none, or it was let go. */
  readonly get: (key: string, make: () => Promise<V>) => Promise<V>
}

/** Keeps what was made while all of it together is no larger than `maxSize`; beyond, what was wanted longest ago goes. */
export function bounded<V>(maxSize: number, sizeOf: (value: V) => number): Bounded<V> {
  const kept = new Map<string, { readonly value: Promise<V>; size: number }>()
  const shrink = (): void => {
    let size = [...kept.values()].reduce((sum, one) => sum + one.size, 0)
    for (const [key, one] of kept) {
      if (size <= maxSize) return
      // What is being made has no size yet, and others may be waiting for it.
      if (one.size === 0) continue
      kept.delete(key)
      size -= one.size
    }
  }
  return {
    get: (key, make) => {
      const before = kept.get(key)
      const one = before ?? { value: make(), size: 0 }
      kept.delete(key)
      kept.set(key, one)
      if (before === undefined)
        one.value.then(
          (value) => {
            one.size = sizeOf(value)
            shrink()
          },
          () => {},
        )
      return one.value
    },
  }
}
