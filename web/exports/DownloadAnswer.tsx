import type { Definition } from '../../src/definition/schema.ts'
import { download, type Format, formatNames } from '../api/download.ts'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import { Icon } from '../ui/Icon.tsx'
import { MenuButton } from '../ui/MenuButton.tsx'
import styles from './exports.module.css'
import { useDownload } from './useDownload.ts'

/** All rows of a table that is not saved, as a file. */
export function DownloadAnswer({ definition, title }: { definition: Definition; title: string }) {
  const file = useDownload()
  const entries = (Object.keys(formatNames) as Format[]).map((format) => ({
    label: formatNames[format],
    onSelect: () => file.run((fetching) => download(definition, title, format, fetching)),
  }))
  return (
    <>
      <MenuButton disabled={file.busy} menu="Download as" entries={entries}>
        Download
        <Icon name="chevron" size={16} />
      </MenuButton>
      {file.busy && (
        <Button kind="quiet" onClick={file.stop}>
          Stop
        </Button>
      )}
      <span role="status" className={styles.status}>
        {file.words}
      </span>
      {file.error && <Failed error={file.error} />}
    </>
  )
}
