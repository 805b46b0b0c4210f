/** One thing that is wrong with what a person or model wrote: where, what, and how to mend it. */
export type Issue = {
  readonly code: string
  /** Path into the JSON that was checked, such as ["filters", "all", 0, "field"]. */
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly fix?: string
}
