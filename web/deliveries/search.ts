import { type State, states } from './states.ts'

/** The filters of the list of deliveries, as they stand in its address. */
export type DeliverySearch = { readonly state?: State; readonly days?: number; readonly subject?: string }

/** The state of an address. */
export function readState(search: Record<string, unknown>): { state?: State } {
  const state = states.find((one) => one === search.state)
  return state === undefined ? {} : { state }
}

export function deliverySearch(search: Record<string, unknown>): DeliverySearch {
  const { subject } = search
  const days = Number(search.days)
  return {
    ...readState(search),
    ...(Number.isInteger(days) && days >= 1 && days <= 400 && { days }),
    ...(typeof subject === 'string' && subject !== '' && { subject }),
  }
}
