/** Who is asking: the organization whose rows may be read, and the roles that decide which fields may be named. */
export type Scope = {
  readonly organizationId: string
  readonly userId?: string
  readonly roles: readonly string[]
}

/** When and where "today" is: an instant and an IANA time zone. */
export type Clock = { readonly now: Date; readonly timezone: string }
