// `npm run check`: format, lint, types and import order, side by side, in seconds and without a database.
import { spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const bin = (name: string) => join(root, 'node_modules', '.bin', name)
const steps = [
  { name: 'format, lint', command: bin('biome'), args: ['check', '--error-on-warnings', '.'] },
  { name: 'types', command: bin('tsc'), args: ['--noEmit', '-p', '.'] },
  { name: 'import order', command: process.execPath, args: [join(root, 'scripts', 'import-direction.ts')] },
  { name: 'packages', command: process.execPath, args: [join(root, 'scripts', 'listed-packages.ts')] },
]

type Outcome = { ok: boolean; output: string; seconds: string }

function run(command: string, args: readonly string[]): Promise<Outcome> {
  const begun = performance.now()
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (part) => {
      output += part
    })
    child.stderr.on('data', (part) => {
      output += part
    })
    const end = (ok: boolean) => done({ ok, output, seconds: ((performance.now() - begun) / 1000).toFixed(1) })
    child.on('error', (error) => {
      output += String(error)
      end(false)
    })
    child.on('close', (code) => end(code === 0))
  })
}

const outcomes = await Promise.all(
  steps.map(async (step) => {
    const outcome = await run(step.command, step.args)
    console.log(`${outcome.ok ? '✓' : '✗'} ${step.name.padEnd(14)} ${outcome.seconds} s`)
    return { ...step, ...outcome }
  }),
)
for (const { ok, name, output } of outcomes) if (!ok) console.error(`\n── ${name}\n${output.trim()}`)
process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1
