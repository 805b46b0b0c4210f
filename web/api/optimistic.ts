// Changes that show before the server answers. In: what is changed of one document, and the request that does it.
// Out: every cached read shows it at once; a fault takes back just this change and is said where the reader is now.
import { type QueryKey, useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { queryClient } from './query-client.ts'
import { useReader, whenForgotten } from './session.ts'
import { shared } from './shared.ts'

type Target = {
  /** The first part of the keys of the reads that show it. */
  readonly kinds: readonly string[]
  readonly id: string
  readonly version: number
}
export type Change = {
  /** What becomes of the document and of its row in lists. */
  readonly patch: Readonly<Record<string, unknown>>
  /** Its rows go from lists. */
  readonly gone?: boolean
  /** Gets the newest version that is known when its turn comes. */
  readonly run: (version: number) => Promise<unknown>
  /** What did not come about, where the screen that asked for it is gone. */
  readonly failed: string
}
type Layer = Pick<Change, 'patch' | 'gone'> & { readonly id: string }
/** What the server said last, and the changes that it has not answered yet, the oldest first. */
type Pending = { readonly key: QueryKey; base: unknown; layers: readonly Layer[] }
const pending = new Map<string, Pending>()

/** One change of one document after another, each shown at once. */
export function useOptimistic({ kinds, id, version }: Target) {
  const reader = useReader().key
  const here = useRef(true)
  useEffect(() => {
    here.current = true
    return () => {
      here.current = false
    }
  }, [])
  return useMutation({
    scope: { id: `change ${id}` },
    // Without a connection it fails and is taken back, rather than to look done and wait.
    networkMode: 'always',
    mutationFn: ({ run }: Change) => run(knownVersion(kinds, reader, id) ?? version),
    onMutate: async ({ patch, gone }) => {
      // A read that began before would put the old back.
      await Promise.all(kinds.map((kind) => queryClient.cancelQueries({ queryKey: [kind, ...reader] })))
      const layer: Layer = { id, patch, ...(gone && { gone }) }
      lay(kinds, reader, layer)
      return layer
    },
    onSuccess: (answer, _, layer) => lift(layer, answer),
    onError: (error, { failed }, layer) => {
      if (layer) lift(layer)
      if (here.current) return
      say({ failed, error })
    },
    onSettled: (_, error, { gone }) => {
      // A read now would show what the changes still on their way replace.
      if ([...pending.values()].some(({ layers }) => layers.some((one) => one.id === id))) return
      // What was deleted can no longer be read; its page keeps what it shows.
      const predicate = ({ state: { data } }: { state: { data?: unknown } }) =>
        !(gone && error === null && isRow(data) && data.id === id)
      for (const kind of kinds) void queryClient.invalidateQueries({ queryKey: [kind, ...reader], predicate })
    },
  })
}

function lay(kinds: readonly string[], reader: QueryKey, layer: Layer): void {
  for (const query of kinds.flatMap((kind) => queryClient.getQueryCache().findAll({ queryKey: [kind, ...reader] }))) {
    const data: unknown = query.state.data
    if (changed(data, layer) === data) continue
    const now = pending.get(query.queryHash) ?? { key: query.queryKey, base: data, layers: [] }
    pending.set(query.queryHash, now)
    now.layers = [...now.layers, layer]
    show(now)
  }
}

/** Takes a change off: for good with an answer, back without one. Newer changes stay. */
function lift(layer: Layer, answer?: unknown): void {
  for (const [hash, now] of pending) {
    if (!now.layers.includes(layer)) continue
    now.layers = now.layers.filter((one) => one !== layer)
    if (answer !== undefined) now.base = settled(changed(now.base, layer), answer)
    if (now.layers.length === 0) pending.delete(hash)
    // What was forgotten meanwhile, as somebody signed out, stays forgotten.
    if (queryClient.getQueryData(now.key) !== undefined) show(now)
  }
}

const show = ({ key, base, layers }: Pending) => queryClient.setQueryData(key, layers.reduce(changed, base))

type Row = Readonly<Record<string, unknown>>
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A document, a list of them or pages of lists with one change; the very same value where nothing of it is changed. */
function changed(data: unknown, layer: Layer): unknown {
  if (Array.isArray(data)) {
    const next = data.flatMap((one: unknown) => {
      const its = isRow(one) && one.id === layer.id
      return its && layer.gone ? [] : [its ? { ...one, ...layer.patch } : one]
    })
    return next.length === data.length && next.every((one, at) => one === data[at]) ? data : next
  }
  if (!isRow(data)) return data
  if (data.id === layer.id) return { ...data, ...layer.patch }
  if (!Array.isArray(data.pages)) return data
  const pages = data.pages.map((page: unknown) => {
    if (!isRow(page)) return page
    const parts = Object.entries(page).map(([name, part]) => [name, Array.isArray(part) ? changed(part, layer) : part])
    return parts.every(([name, part]) => page[String(name)] === part) ? page : Object.fromEntries(parts)
  })
  return pages.every((page, at) => page === (data.pages as unknown[])[at]) ? data : { ...data, pages }
}

function settled(data: unknown, answer: unknown): unknown {
  return isRow(data) && isRow(answer) && data.id !== undefined && data.id === answer.id ? { ...data, ...answer } : data
}

function knownVersion(kinds: readonly string[], reader: QueryKey, id: string): number | undefined {
  const read = kinds.flatMap((kind) => queryClient.getQueriesData({ queryKey: [kind, ...reader, id], exact: true }))
  const [, data] = read.find(([, one]) => isRow(one) && one.id === id) ?? []
  return isRow(data) && typeof data.version === 'number' ? data.version : undefined
}

export type TakenBack = Pick<Change, 'failed'> & { readonly error: unknown }
const takenBack = shared<readonly TakenBack[]>([])
const say = (one: TakenBack) => takenBack.set([...takenBack.get(), one])
export const dismiss = (one: TakenBack) => takenBack.set(takenBack.get().filter((other) => other !== one))
// Whoever comes next is not told what did not come about for the reader before.
whenForgotten(() => takenBack.set([]))

/** What was taken back after the reader had gone to another screen. */
export const useTakenBack = takenBack.use
