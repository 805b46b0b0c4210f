import { readFind } from '../ui/useFind.ts'

export const sortWords = { updated: 'Latest change first', created: 'Newest first', name: 'By name' } as const

/** What the address of the library may say. */
export type LibrarySearch = {
  readonly find?: string
  readonly show?: 'mine' | 'mailed'
  readonly sort?: 'created' | 'name'
}
export function librarySearch(search: Record<string, unknown>): LibrarySearch {
  const { show, sort } = search
  return {
    ...readFind(search),
    ...((show === 'mine' || show === 'mailed') && { show }),
    ...((sort === 'created' || sort === 'name') && { sort }),
  }
}
