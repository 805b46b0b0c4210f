#!/usr/bin/env node
// Starts Tablewright on a Node that runs TypeScript by itself (22.18 or newer).
// An older one hands over to the Node that came with the npm packages.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as modules from 'node:module'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const runsTypeScript = major > 22 || (major === 22 && minor >= 18)
const cli = new URL('../src/cli/main.ts', import.meta.url)

// npm runs its scripts in a shell that passes no signals on: when that shell is told to stop, so are we.
if (process.env.npm_lifecycle_event !== undefined) {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 250)
  watch.unref()
}

if (runsTypeScript) {
  // The first process of a container is deaf to signals that it does not listen for: here it does, until the program does.
  let loading = true
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, (_name, number) => {
      if (loading) process.exit(128 + number)
    })
  // Saves half a second of each start; where nothing can be written, it is done without.
  modules.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/tablewright', import.meta.url)))
  const { main } = await import(cli.href)
  // Loading lets no signal through; whatever came meanwhile is heard now.
  await nextTurn()
  loading = false
  process.exitCode = await main(process.argv.slice(2))
} else {
  const bundled = ['bin/node', 'bin/node.exe']
    .map((name) => fileURLToPath(new URL(`../node_modules/node/${name}`, import.meta.url)))
    .find((path) => existsSync(path))
  if (bundled === undefined) {
    process.stderr.write(
      `Cannot start: Node ${process.versions.node} is too old: version 22.18 or newer is needed\n` +
        '  Fix: run "npm ci", which brings one along, or install Node 24\n',
    )
    process.exit(1)
  }
  const child = spawn(bundled, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143)
  })
}
