import { useOptimistic } from '../api/optimistic.ts'
import { useTakenBackChoice } from '../api/useTakenBackChoice.ts'
import type { Sharing } from '../sharing/words.ts'

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
  const sharing = useTakenBackChoice<Sharing>()
  return {
    removal,
    remove: () =>
      removal.mutate({
        patch: { deletedAt: new Date().toISOString() },
        gone: true,
        run: runs.remove,
        failed: `“${name}” could not be deleted and is back`,
      }),
    sharing,
    share: (chosen: Sharing) =>
      share.mutate(
        { patch: chosen, run: (newest) => runs.share(newest, chosen), failed: `“${name}” is shared as before` },
        sharing.chosen(chosen),
      ),
  }
}
