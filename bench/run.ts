// `npm run bench`: every part side by side in one run, printed and written to bench-report/report.md.
// Run: node bench/run.ts [--quick] [--only NAME]…
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { compile } from './compile.ts'
import { demoData } from './demo-data.ts'
import { execution } from './execution.ts'
import { exportPart } from './export.ts'
import { growth } from './growth.ts'
import { http } from './http.ts'
import { type Bar, type Part, partText } from './report.ts'
import { store } from './store.ts'
import { sweepPart } from './sweep.ts'
import { translate } from './translate.ts'

const parts: Readonly<Record<string, Part>> = {
  compile,
  execution,
  http,
  translate,
  export: exportPart,
  store,
  sweep: sweepPart,
  growth,
}

const { values: given } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
})
const unknown = (given.only ?? []).filter((name) => !Object.hasOwn(parts, name))
if (unknown.length > 0) {
  console.error(`Cannot run ${unknown.join(', ')}: the parts are ${Object.keys(parts).join(', ')}`)
  process.exit(2)
}
const chosen = Object.entries(parts).filter(([name]) => given.only?.includes(name) ?? true)
const say = (text: string): void => void process.stderr.write(`… ${text}\n`)

const data = demoData(say)
const texts: string[] = []
const bars: Bar[] = []
try {
  for (const [name, part] of chosen) {
    const begun = performance.now()
    try {
      const report = await part({ quick: given.quick, server: data.server, demo: data.demo, say })
      bars.push(...(report.bars ?? []))
      texts.push(partText(report))
    } catch (error) {
      // The others still say what they found.
      texts.push(`## ${name}\n\nCannot be measured: ${error instanceof Error ? error.message : String(error)}`)
      process.exitCode = 1
    }
    console.log(`${texts.at(-1)}\n`)
    say(`${name} took ${Math.round((performance.now() - begun) / 1000)} s`)
  }
} finally {
  await data.end()
}

const processor = cpus()[0]?.model ?? 'unknown processor'
const memory = Math.round(totalmem() / 2 ** 30)
const head = `# Benchmarks

${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, ${given.quick ? 'quick' : 'full'} run; ${availableParallelism()} × ${processor}, ${memory} GiB, Node ${process.versions.node}. Absolute times are those of this machine and of what else it did; ratios are between things measured in turn.`
const missed = bars.filter(({ met }) => !met)
const verdict =
  bars.length === 0
    ? []
    : [
        `${bars.length - missed.length} of ${bars.length} bars met.`,
        ...missed.map(({ what, found, bar }) => `Missed: ${what}, ${found} (bar: ${bar}).`),
      ]
const folder = new URL('../bench-report/', import.meta.url)
mkdirSync(folder, { recursive: true })
writeFileSync(new URL('report.md', folder), `${[head, verdict.join('\n'), ...texts].filter(Boolean).join('\n\n')}\n`)
console.log([...verdict, 'Written to bench-report/report.md'].join('\n'))
