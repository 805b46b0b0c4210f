// What a command may touch of the process: two streams, a width, colours, an interruption.
import { once } from 'node:events'
import { coloured, plain, type Style } from './style.ts'

export type Io = {
  /** Data. */
  readonly out: (text: string) => void
  /** Data as bytes; resolves when there is room for more. */
  readonly send: (bytes: Uint8Array) => Promise<void>
  /** Everything else. */
  readonly note: (text: string) => void
  readonly style: Style
  readonly errStyle: Style
  /** Columns of the terminal; Infinity where there is none. */
  readonly width: number
  readonly errIsTerminal: boolean
  /** Aborts with Ctrl-C. */
  readonly signal: AbortSignal
  readonly exitCode: () => number
  readonly setExitCode: (code: number) => void
}

/** The real process. A reader that goes away, such as `head`, ends it quietly. */
export function processIo(): Io {
  let code = 0
  const controller = new AbortController()
  process.once('SIGINT', () => controller.abort())
  process.once('SIGTERM', () => controller.abort())
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
  const wants = (stream: NodeJS.WriteStream) => stream.isTTY && process.stdout.hasColors()
  return {
    out: (text) => process.stdout.write(text),
    send: async (bytes) => {
      if (!process.stdout.write(bytes)) await once(process.stdout, 'drain')
    },
    note: (text) => process.stderr.write(text),
    style: wants(process.stdout) ? coloured : plain,
    errStyle: wants(process.stderr) ? coloured : plain,
    width: process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY,
    errIsTerminal: process.stderr.isTTY,
    signal: controller.signal,
    exitCode: () => code,
    setExitCode: (next) => {
      code = next
    },
  }
}
