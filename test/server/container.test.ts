// The container's description, as far as it can be checked without containers: what it copies is there and is enough to
// run, what it runs exists, it is nobody special, and its own health check finds the server well.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { parse } from 'yaml'
import { environment, readConfig } from '../../src/config.ts'
import { createDatabase } from '../setup/postgres.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
const lock = JSON.parse(read('package-lock.json')) as {
  packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean }>
}

type Line = { readonly word: string; readonly rest: string }
/** The instructions of each stage. */
const stages = read('Dockerfile')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => /^[A-Z]+ /.test(line))
  .reduce<Line[][]>((all, line) => {
    const [, word = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? []
    if (word === 'FROM') all.push([])
    all.at(-1)?.push({ word, rest })
    return all
  }, [])
const [build = [], final = []] = stages
const all = (lines: readonly Line[], word: string) => lines.filter((line) => line.word === word).map(({ rest }) => rest)
/** What is copied from the folder of the sources. */
const copied = (lines: readonly Line[]) =>
  all(lines, 'COPY').flatMap((rest) => (rest.startsWith('--from') ? [] : rest.split(' ').slice(0, -1)))

const kept: string[] = []
let server: ChildProcess | undefined
afterAll(async () => {
  server?.kill('SIGKILL')
  await Promise.all(kept.map((folder) => rm(folder, { recursive: true, force: true })))
})

describe('the Dockerfile', () => {
  test('has two stages, and ends as a user who is not root', () => {
    expect(stages).toHaveLength(2)
    expect(all(final, 'USER').at(-1)).toBe('node')
    const last = final.findIndex(({ word }) => word === 'USER')
    expect(all(final.slice(last), 'RUN')).toEqual([])
  })

  test('copies only what is there and what .dockerignore lets through', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1))
    const paths = [...copied(build), ...copied(final)]
    expect(paths.length).toBeGreaterThan(8)
    for (const path of paths) {
      expect(existsSync(join(root, path)), path).toBe(true)
      expect(allowed, path).toContain(path)
    }
    expect(read('.dockerignore').split('\n')[0]).toBe('*')
  })

  test('builds with the scripts that the project has', () => {
    const runs = all(build, 'RUN')
    expect(runs[0]).toMatch(/^npm ci\b/)
    const names = runs.flatMap((run) => /^npm run (\S+)/.exec(run)?.[1] ?? [])
    expect(names).toEqual(['build'])
    for (const name of names) expect(Object.keys(scripts)).toContain(name)
    expect(scripts.start).toBe('node bin/tablewright.js serve')
    expect([all(final, 'ENTRYPOINT'), all(final, 'CMD')]).toEqual([['["node", "bin/tablewright.js"]'], ['["serve"]']])
  })

  test('leaves out whatever only builds, and runs no script of what it keeps', () => {
    const last = all(build, 'RUN').at(-1)
    expect(last).toMatch(/^npm ci\b/)
    for (const option of ['--omit=dev', '--omit=optional', '--ignore-scripts']) expect(last).toContain(option)
  })

  test('keeps every package that the sources load', () => {
    const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    )
    const names = new Set<string>()
    for (const file of files)
      for (const [, name = ''] of read(join('src', file)).matchAll(
        /^(?:import|export|\})(?! type).*from '((?:@[\w-]+\/)?[\w-]+)(?:\/[^']*)?'$/gm,
      ))
        if (name !== 'node') names.add(name)
    expect(names.size).toBeGreaterThan(20)
    for (const name of names) {
      const locked = lock.packages[`node_modules/${name}`]
      expect(locked, name).toBeDefined()
      // Left out of the image, all three.
      expect([locked?.dev, locked?.optional, locked?.devOptional], name).toEqual([undefined, undefined, undefined])
    }
  })

  test('runs from a copy of just that, writes nothing there, and its health check tells well from ill', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tablewright-container-'))
    kept.push(folder)
    for (const path of [...copied(final), 'package.json'])
      await cp(join(root, path), join(folder, path), { recursive: true })
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
    await promisify(execFile)(
      process.execPath,
      [join(root, 'node_modules/vite/bin/vite.js'), 'build', 'web', '--outDir', join(folder, 'dist/web')],
      { cwd: root },
    )
    const before = listing(folder)
    const port = await freePort()
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: '/nowhere',
      ...settings(),
      PORT: String(port),
      HOST: '127.0.0.1',
      DATA_DIR: '/nowhere/data',
      TRANSLATOR: 'builtin',
      AUTH_SECRET: 'a secret of the tests, 32 characters',
      DATABASE_URL: await createDatabase(inject('postgresUrl'), 'container'),
    }
    const [program = '', ...args] = JSON.parse((all(final, 'HEALTHCHECK')[0] ?? '').replace(/^.*?CMD /, '')) as string[]
    expect(program).toBe('node')
    const healthy = () =>
      promisify(execFile)(process.execPath, args, { env }).then(
        () => true,
        () => false,
      )
    expect(await healthy()).toBe(false)
    server = spawn(process.execPath, ['bin/tablewright.js', 'serve', '--rows', '2000'], {
      cwd: folder,
      env,
      stdio: 'ignore',
    })
    await expect.poll(healthy, { timeout: 90_000, interval: 500 }).toBe(true)
    const page = await fetch(`http://127.0.0.1:${port}/`, { headers: { Accept: 'text/html' } })
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<script type="module"')])
    const ended = new Promise((done) => server?.once('exit', done))
    server.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(listing(folder)).toEqual(before)
  }, 180_000)
})

describe('the compose file', () => {
  type Service = {
    build?: string
    image?: string
    pull_policy?: string
    init?: boolean
    read_only?: boolean
    cap_drop?: string[]
    security_opt?: string[]
    environment?: Record<string, string | number>
    healthcheck?: { test: string[] }
    command?: string[]
    ports?: string[]
  }
  const { services } = parse(read('compose.yaml'), { merge: true }) as { services: Record<string, Service> }

  test('confines the server and the worker, and gives no port of the database away', () => {
    for (const name of ['app', 'worker']) {
      const service = services[name]
      expect([service?.read_only, service?.init], name).toEqual([true, true])
      expect(service?.cap_drop, name).toEqual(['ALL'])
      expect(service?.security_opt, name).toEqual(['no-new-privileges:true'])
    }
    expect(services.db?.ports).toBeUndefined()
    expect(services.worker?.command).toEqual(['work'])
    // The image asks a worker how it does at this port.
    expect(services.worker?.environment?.WORKER_PORT).toBe(8787)
    expect(services.worker?.healthcheck).toBeUndefined()
  })

  test('hands on every variable, save those that the image sets', () => {
    const own = ['PORT', 'HOST', 'WORKER_PORT', 'DATA_DIR']
    const handed = Object.keys(services.app?.environment ?? {})
    expect(handed.toSorted()).toEqual(
      Object.keys(environment)
        .filter((name) => !own.includes(name))
        .toSorted(),
    )
    for (const name of handed)
      expect(services.app?.environment?.[name], name).toContain(
        `\${${name === 'DATABASE_URL' ? 'POSTGRES_PASSWORD' : name}:`,
      )
  })

  test('hands what nobody set on as nothing, which counts as not set', () => {
    const password = '0123456789abcdef'
    const given = { POSTGRES_PASSWORD: password, AUTH_SECRET: 'a secret of the tests, 32 characters' }
    const database = `postgres://tablewright:${password}@db:5432/tablewright`
    for (const [name, own] of [
      ['app', {}],
      ['worker', { WORKER_PORT: '8787' }],
    ] as const) {
      const variables = interpolated(services[name]?.environment ?? {}, given)
      expect(Object.values(variables).filter((value) => value === '').length, name).toBeGreaterThan(25)
      expect(readConfig({ ...settings(), ...variables }), name).toEqual(
        readConfig({
          ...settings(),
          ...own,
          DATABASE_URL: database,
          AUTH_SECRET: given.AUTH_SECRET,
          APP_URL: 'http://localhost:8787',
        }),
      )
    }
    for (const name of Object.keys(given))
      expect(() => interpolated(services.app?.environment ?? {}, { ...given, [name]: '' })).toThrow(name)
  })

  test('builds the image once, and takes the worker from there', () => {
    const { app, worker } = services
    expect([app?.build, app?.image, worker?.build, worker?.image, worker?.pull_policy]).toEqual([
      ...['.', 'tablewright'],
      ...[undefined, 'tablewright', 'never'],
    ])
  })

  test('asks the database by its port, which is closed while it is being made', () => {
    const asked = services.db?.healthcheck?.test ?? []
    expect(asked.slice(0, 4)).toEqual(['CMD', 'pg_isready', '-h', '127.0.0.1'])
  })

  test('sets only variables that there are, and has no secret in it', () => {
    const variables = { ...services.worker?.environment, ...services.app?.environment }
    for (const name of Object.keys(variables)) expect(Object.keys(environment)).toContain(name)
    for (const name of ['AUTH_SECRET', 'DATABASE_URL']) expect(variables[name]).toMatch(/\$\{\w+:\?/)
  })
})

/** As compose fills them in. */
function interpolated(
  variables: Readonly<Record<string, string | number>>,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const filled = (value: string | number) =>
    String(value).replaceAll(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name: string, kind: string, rest: string) => {
      if (given[name]) return given[name]
      if (kind === '?') throw new Error(`${name}: ${rest}`)
      return rest
    })
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, filled(value)]))
}

/** The variables of the image. */
function settings(): Record<string, string> {
  return Object.fromEntries(
    all(final, 'ENV').flatMap((rest) => rest.split(' ').map((pair) => pair.split('=') as [string, string])),
  )
}

function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.startsWith('node_modules'))
    .sort()
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
