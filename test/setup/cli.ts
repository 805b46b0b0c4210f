// The command line as people run it: a process of its own, with its streams and its exit code.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const launcher = fileURLToPath(new URL('../../bin/tablewright.js', import.meta.url))

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string }
/** Not the folder of whoever runs the tests: what is saved there is not the tests' to see. */
const emptyData = join(mkdtempSync(join(tmpdir(), 'tablewright-cli-')), 'data')

type Options = { readonly env?: Record<string, string>; readonly input?: string; readonly node?: string }

/** Runs a command to its end. Nothing of this process's environment but PATH and HOME reaches it. */
export async function cli(args: readonly string[], options: Options = {}): Promise<Ran> {
  const { child, done } = startCli(args, options)
  child.stdin?.end(options.input ?? '')
  return done
}

/** Starts a command that goes on; `err` grows as it speaks. */
export function startCli(args: readonly string[], { env = {}, node = process.execPath }: Options = {}) {
  const { PATH = '', HOME = '' } = process.env
  const child: ChildProcess = spawn(node, [launcher, ...args], {
    env: { PATH, HOME, DATA_DIR: emptyData, TRANSLATOR: 'builtin', ...env },
  })
  const said = { out: '', err: '' }
  child.stdout?.on('data', (part) => {
    said.out += part
  })
  child.stderr?.on('data', (part) => {
    said.err += part
  })
  const done = new Promise<Ran>((end) => child.on('close', (code) => end({ code, ...said })))
  return { child, said, done }
}
