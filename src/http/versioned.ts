// What the routes of everything that has an id and a version share.
import { z } from 'zod'
import type { MemberAction } from '../access/rules.ts'
import type { Handled } from './route.ts'

export const Id = z.object({ id: z.string().max(100) })

/** The part of a verb's input that every change of one thing has. */
export function changeOf(
  input: Pick<Handled<MemberAction, typeof Id, z.ZodUndefined, z.ZodUndefined>, 'call' | 'params' | 'version'>,
) {
  const { call, params, version } = input
  return { ...call, id: params.id, version }
}

/** Where what was made is, and whether it was made by an earlier request with the same key. */
export const madeAt = (location: string, repeated: boolean) => ({
  location,
  ...(repeated && { headers: { 'Idempotency-Replayed': 'true' } }),
})

/** The same with its three times as ISO texts. */
export function dated<
  T extends { readonly createdAt: Date; readonly updatedAt: Date; readonly deletedAt: Date | null },
>(thing: T) {
  return {
    ...thing,
    createdAt: thing.createdAt.toISOString(),
    updatedAt: thing.updatedAt.toISOString(),
    deletedAt: thing.deletedAt?.toISOString() ?? null,
  }
}
