// How a reader has set the filters of a dashboard, as it stands in its address. What its filters do not know is left out
// by the dashboard, and what does not fit them the server refuses.
import type { FilterValues } from './tile.ts'

export type DashboardSearch = { readonly filters?: FilterValues }

export function readFilters({ filters }: Record<string, unknown>): DashboardSearch {
  if (typeof filters !== 'object' || filters === null || Array.isArray(filters)) return {}
  return Object.keys(filters).length === 0 ? {} : { filters: { ...filters } }
}
