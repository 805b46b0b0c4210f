// A source that tells how its snapshots went: a span each, and their time by outcome.
import type { Metrics } from '../lib/metrics.ts'
import { traced } from '../lib/trace.ts'
import type { Source } from './source.ts'

/** Wraps a source. */
export function observedSource(source: Source, metrics: Metrics | undefined): Source {
  return {
    ...source,
    snapshot: (options, work) => {
      const kind = options.idleTimeoutMs === undefined ? 'screen' : 'file'
      const begun = performance.now()
      const tell = (outcome: 'ok' | 'failed' | 'cancelled'): void =>
        metrics?.query({ kind, outcome, seconds: (performance.now() - begun) / 1000 })
      return traced('query', { 'tablewright.query.kind': kind }, async () => {
        try {
          const result = await source.snapshot(options, work)
          tell('ok')
          return result
        } catch (error) {
          tell(options.signal?.aborted ? 'cancelled' : 'failed')
          throw error
        }
      })
    },
  }
}
