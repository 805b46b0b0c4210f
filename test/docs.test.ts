import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { program } from '../src/cli/main.ts'
import { plain } from '../src/cli/style.ts'
import { environment } from '../src/config.ts'
import type { Db } from '../src/db/store.ts'
import { errorCodes } from '../src/errors.ts'
import { api } from '../src/http/api.ts'
import { API_ROOT } from '../src/http/serve-route.ts'
import { prometheus } from '../src/server/prometheus.ts'

const read = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8')
const io = {
  out() {},
  send: async () => {},
  note() {},
  style: plain,
  errStyle: plain,
  width: 80,
  errIsTerminal: false,
  signal: new AbortController().signal,
  exitCode: () => 0,
  setExitCode() {},
}

describe('the documentation', () => {
  test('names every environment variable, and none that is not there', () => {
    const documented = [...read('docs/configuration.md').matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(([, name]) => name)
    expect(documented.sort()).toEqual(Object.keys(environment).sort())
  })

  test('names every error code with its status and exit code', () => {
    const text = read('docs/errors.md')
    for (const [code, { status, exit }] of Object.entries(errorCodes)) {
      const [line = ''] = text.match(new RegExp(`^\\| \`${code}\` +\\|.*$`, 'm')) ?? []
      const cells = line.split('|').map((cell) => cell.trim())
      expect(cells.at(-2), code).toBe(String(exit))
      if (cells.length > 5) expect(cells[2], code).toBe(String(status))
    }
    const documented = [...text.matchAll(/^\| `([a-z_]+)` +\|/gm)].map(([, code]) => code)
    expect(documented.sort()).toEqual(Object.keys(errorCodes).sort())
  })

  test('names every command and every option of it', () => {
    const text = read('docs/cli.md')
    const visit = (command: Command, path: readonly string[]) => {
      for (const option of command.options)
        expect(text, `${path.join(' ')} ${option.long}`).toContain(`\`${option.long}`)
      for (const child of command.commands) {
        if (child.commands.length === 0)
          expect(text).toMatch(new RegExp(`^## \`${[...path, child.name()].join(' ')}`, 'm'))
        visit(child, [...path, child.name()])
      }
    }
    visit(program(io), [])
  })

  test('names every route', () => {
    const text = read('docs/http-api.md')
    const documented = [...text.matchAll(/^\| `((?:GET|POST|PUT|DELETE) [^`]+)` +\|/gm)].map(([, route]) => route)
    expect(documented.sort()).toEqual(
      Object.values(api)
        .map(({ method, path }) => `${method} ${API_ROOT}${path}`)
        .sort(),
    )
    for (const route of ['/health/live', '/health/ready']) expect(text).toContain(route)
  })

  test('names every metric, and none that is not there', async () => {
    const prom = prometheus({ prices: undefined })
    // Read never: only the names are wanted.
    const health = async () => ({ source: 'up' }) as const
    prom.watch({ db: {} as Db, now: () => new Date(), health, gauge: () => ({ running: 0, waiting: 0 }) })
    const { text } = await prom.render()
    const ofProcess = /^tablewright_(process|nodejs)_/
    const names = [...text.matchAll(/^# HELP (\S+)/gm)].map(([, name = '']) => name)
    const [, section = ''] = /^## Metrics, logs and traces$([\s\S]*?)^## /m.exec(read('docs/operations.md')) ?? []
    const documented = [...section.matchAll(/^\| (`tablewright_.*?) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    )
    expect(documented.sort()).toEqual(names.filter((name) => !ofProcess.test(name)).sort())
  })

  test('names only tests and sources that are there', () => {
    for (const page of ['docs/security.md', 'docs/operations.md', 'docs/distributed.md']) {
      for (const [, path = ''] of read(page).matchAll(/`((?:test|src)\/[\w./-]+)`/g))
        expect(() => read(path), path).not.toThrow()
    }
  })

  test('links lead to files that are there', () => {
    for (const path of [
      'README.md',
      'docs/cli.md',
      'docs/configuration.md',
      'docs/errors.md',
      'docs/http-api.md',
      'docs/glossary.md',
      'docs/operations.md',
      'docs/distributed.md',
      'docs/security.md',
    ]) {
      const folder = path.startsWith('docs/') ? 'docs/' : ''
      for (const [, target = ''] of read(path).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
        expect(() => read(join(folder, target)), `${path}: ${target}`).not.toThrow()
      }
    }
  })
})
