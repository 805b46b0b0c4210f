import type { Progress } from '../open.ts'
import type { Io } from './io.ts'

/** Shows what takes a while: one line that changes in a terminal, only the finished ones elsewhere. */
export function progressOn(io: Io): (progress: Progress) => void {
  return ({ text, done }) => {
    if (io.errIsTerminal) io.note(`\r\u001b[2K${done ? io.errStyle.accent('✓') : '…'} ${text}${done ? '\n' : ''}`)
    else if (done) io.note(`✓ ${text}\n`)
  }
}
