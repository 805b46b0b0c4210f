/** The sections of the settings, by the last part of their address. */
export const sections = {
  members: { title: 'Members', admin: false },
  teams: { title: 'Teams', admin: false },
  keys: { title: 'API keys', admin: false },
  catalog: { title: 'Catalog', admin: false },
  usage: { title: 'AI usage and accuracy', admin: true },
  audit: { title: 'Audit log', admin: true },
} as const
export type Section = keyof typeof sections
export const isSection = (name: string): name is Section => Object.hasOwn(sections, name)

/** What an address may say beside its section. */
export type SettingsSearch = {
  readonly entity?: string
  readonly find?: string
  readonly who?: string
  readonly kind?: string
  readonly action?: string
  readonly days?: number
}
const TEXTS = ['entity', 'find', 'who', 'kind', 'action'] as const
const MAX_DAYS = 400

export function readSearch(search: Record<string, unknown>): SettingsSearch {
  const days = Number(search.days)
  return {
    ...Object.fromEntries(
      TEXTS.flatMap((key) => {
        const value = search[key]
        return typeof value === 'string' && value !== '' ? [[key, value.slice(0, 100)]] : []
      }),
    ),
    ...(Number.isInteger(days) && days >= 1 && days <= MAX_DAYS && { days }),
  }
}
