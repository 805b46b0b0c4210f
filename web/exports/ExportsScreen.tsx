import { MailPage } from '../schedules/MailPage.tsx'
import { ExportList } from './ExportList.tsx'

/** One's own files that a worker made or makes. */
export function ExportsScreen() {
  return (
    <MailPage title="Exports" signedOut="Sign in to see your files.">
      <ExportList whenEmpty="Open a table, choose Export, and have a large one made in the background." />
    </MailPage>
  )
}
