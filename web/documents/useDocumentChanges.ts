import { useState } from 'react'
import { useOptimistic } from '../api/optimistic.ts'
import type { Sharing } from '../sharing/words.ts'

/** A choice that was taken back, and why. */
export type Unshared = { readonly chosen: Sharing; readonly error: unknown }
type Named = { readonly id: string; readonly name: string; readonly version: number }
type Runs = {
  readonly remove: (version: number) => Promise<unknown>
  readonly share: (version: number, body: Sharing) => Promise<unknown>
}

/** Deleting and sharing a dashboard or report: shown at once, and taken back with what was chosen. */
export function useDocumentChanges(kind: 'dashboards' | 'reports', { id, name, version }: Named, runs: Runs) {
  const target = { kinds: [kind], id, version }
  const removal = useOptimistic(target)
  const share = useOptimistic(target)
  const [sharing, setSharing] = useState(false)
  const [unshared, setUnshared] = useState<Unshared>()
  return {
    removal,
    remove: () =>
      removal.mutate({
        patch: { deletedAt: new Date().toISOString() },
        gone: true,
        run: runs.remove,
        failed: `“${name}” could not be deleted and is back`,
      }),
    sharing: sharing ? { unshared } : undefined,
    openSharing: () => setSharing(true),
    closeSharing: () => {
      setSharing(false)
      setUnshared(undefined)
    },
    // It closes at once, and opens again with the choice when it could not be shared so.
    share: (chosen: Sharing) => {
      setSharing(false)
      share.mutate(
        { patch: chosen, run: (newest) => runs.share(newest, chosen), failed: `“${name}” is shared as before` },
        {
          onSuccess: () => setUnshared(undefined),
          onError: (error) => {
            setUnshared({ chosen, error })
            setSharing(true)
          },
        },
      )
    },
  }
}
