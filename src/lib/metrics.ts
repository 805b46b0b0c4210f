/** What a process tells of itself while it works; labels are from small fixed sets, never tenants, names or values. */
export type Metrics = {
  readonly request: (about: { method: string; route: string; status: number; seconds: number }) => void
  readonly translation: (about: {
    translator: string
    outcome: string
    seconds: number
    /** Of each model that cost something. */
    usages: readonly {
      model: string
      inputTokens: number
      outputTokens: number
      cachedTokens?: number
      calls: number
    }[]
  }) => void
  /** A model that did not answer; somebody else did. */
  readonly modelFailed: (about: { translator: string }) => void
  readonly query: (about: { kind: 'screen' | 'file'; outcome: 'ok' | 'failed' | 'cancelled'; seconds: number }) => void
  /** Deliveries that came to an end; one if not said. */
  readonly delivery: (about: { state: string; count?: number }) => void
}
