import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../api/call.ts'
import { downloadTable, type FileOptions, type Format } from '../api/download.ts'
import { asFailure } from '../api/failure.ts'
import { readerOptions } from '../api/generate.ts'
import { queryClient } from '../api/query-client.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { ExportList } from './ExportList.tsx'
import styles from './exports.module.css'
import { FormatFields } from './FormatFields.tsx'
import { useDownload } from './useDownload.ts'

/** A table as a file: at once, or, where that takes too long, made by a worker. */
export function ExportDialog({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const [format, setFormat] = useState<Format>('csv')
  const [options, setOptions] = useState<FileOptions>({})
  const file = useDownload()
  const start = useMutation({
    mutationFn: () =>
      call('POST /tables/{id}/exports', {
        params: { id },
        body: { format, timezone: readerOptions.timezone, ...(format === 'csv' && { options }) },
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['exports'] }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    file.run((fetching) => downloadTable(id, name, format, options, fetching))
  }
  const error = file.error ?? start.error
  return (
    <Dialog title={`Export “${name}”`} onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        <FormatFields format={format} onFormat={setFormat} options={options} onOptions={setOptions} />
        {error && <Failed error={error}>{asFailure(error).fix && <p>{asFailure(error).fix}</p>}</Failed>}
        <div className={forms.actions}>
          <Button kind="primary" type="submit" disabled={file.busy}>
            Download
          </Button>
          {file.busy && <Button onClick={file.stop}>Stop</Button>}
          <Button kind="quiet" onClick={onClose}>
            Close
          </Button>
        </div>
        <p role="status" className={styles.status}>
          {file.words}
        </p>
      </form>
      <section className={styles.later} aria-labelledby="export-later">
        <h3 id="export-later">For very large tables</h3>
        <p className={forms.about}>
          The file is made in the background; this page may be left meanwhile. The link to it is good for seven days.
        </p>
        <div className={forms.actions}>
          <Button disabled={start.isPending} onClick={() => start.mutate()}>
            Make it in the background
          </Button>
        </div>
        <ExportList of={id} />
      </section>
    </Dialog>
  )
}
