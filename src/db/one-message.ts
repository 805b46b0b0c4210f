// A statement and its values in one message. In: a statement as the driver takes it. Out: the driver's query of it.
// The driver first asks which types the values have and waits for the answer, at each call; texts, numbers and booleans
// need none of that, for Postgres reads their text by the type that it infers. Named statements would spare it too, but
// fall to generic plans, and some poolers lose them.
import type postgres from 'postgres'

type Given = readonly [
  text: string,
  values?: readonly unknown[] | undefined,
  options?: postgres.UnsafeQueryOptions | undefined,
]

/** Calls the driver's `unsafe` by `send`. */
export function inOneMessage<Q extends Promise<unknown>>(
  send: (text: string, values: never[], options: postgres.UnsafeQueryOptions) => Q,
  [text, values = [], options = {}]: Given,
): Q {
  if (values.length === 0 || options.prepare === true || !values.every(isPlain))
    return send(text, values as never[], options)
  // The driver fills this from the values only where it is not set; were it to stop that, Postgres would refuse all of these.
  return Object.assign(send(text, [], { ...options, simple: false } as postgres.UnsafeQueryOptions), {
    parameters: [...values],
  })
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean', 'bigint'].includes(typeof value)
}
