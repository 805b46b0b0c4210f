import { type State, states } from './states.ts'

/** The filters of the list of deliveries, as they stand in its address. */
export type DeliverySearch = { readonly state?: State; readonly days?: number; readonly subject?: string }

export function deliverySearch(search: Record<string, unknown>): DeliverySearch {
  const { subject } = search
  const state = states.find((one) => one === search.state)
  const days = Number(search.days)
  return {
    ...(state && { state }),
    ...(Number.isInteger(days) && days >= 1 && days <= 400 && { days }),
    ...(typeof subject === 'string' && subject !== '' && { subject }),
  }
}
