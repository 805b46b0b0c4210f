// A connection that is lost while nobody waits for it. In: where to write it down. Out: a process that goes on.
// The driver asks each new connection for the types of arrays and leaves that promise to nobody: were the database to fall
// over just then, the process would end.

const LOST = /^(CONNECTION_|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH)/

/** Whether an error is a lost connection's, or the last word of a database that is going away or not there yet. */
function isLost(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return LOST.test(String(error.code)) || ('severity' in error && error.severity === 'FATAL')
}

/** Writes such losses down; any other rejection that nobody handles ends the process, as it did. */
export function outliveLostConnections(log: { readonly warn: (about: object, text: string) => void }): void {
  process.on('unhandledRejection', (err) => {
    if (!isLost(err)) throw err
    log.warn({ err }, 'a connection was lost while nobody waited for it')
  })
}
