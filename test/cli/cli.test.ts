import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import Papa from 'papaparse'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { loadCatalog } from '../../src/catalog/load.ts'
import { cli, startCli } from '../setup/cli.ts'
import { createDatabase } from '../setup/postgres.ts'

const prompt = 'money raised by channel'
let folder: string
let env: Record<string, string>
let shop: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tablewright-cli-'))
  env = { DATA_DIR: join(folder, 'data') }
  shop = await createDatabase(inject('postgresUrl'), 'cli_shop')
  const sql = postgres(shop, { max: 1, onnotice: () => {} })
  await sql.unsafe(`
    create table customers (id int primary key, name text not null, country text not null);
    create table orders (id int primary key, customer_id int not null references customers, amount numeric(10,2) not null);
    insert into customers values (1, 'Ada', 'France'), (2, '=cmd()', 'Spain');
    insert into orders values (1, 1, 10.50), (2, 1, 4.50), (3, 2, -5)`)
  await sql.end()
  // The demo data is loaded once, by the first command.
  expect((await cli(['ask', prompt], { env })).err).toContain('✓ Demo data loaded')
}, 180_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

const definition = {
  dataSources: ['orders', 'customer'],
  groupBy: [{ field: 'customer.name', label: 'Customer' }],
  aggregates: [{ id: 'total', fn: 'sum', field: 'amount', label: 'Total' }],
}

describe('ask', { timeout: 300_000 }, () => {
  test('rows go to stdout, what they are and how it went to stderr', async () => {
    const ran = await cli(['ask', prompt], { env })
    expect(ran.code).toBe(0)
    expect(ran.out).toMatch(/^\S.*Raised\n─+/)
    expect(ran.out).toMatch(/\$[\d,]+\.\d\d\n/)
    expect(ran.err).toMatch(/^Money raised by channel\n\S.*\.\n/)
    expect(ran.err).toMatch(/\d+ rows · \d+ ms · builtin, \d+% sure\n$/)
    expect(ran.out + ran.err).not.toContain('\u001b')
  })

  test('--json prints all of it as JSON, and nothing else', async () => {
    const ran = await cli(['ask', prompt, '--json'], { env })
    expect(JSON.parse(ran.out)).toMatchObject({ kind: 'answer', translator: 'builtin', sentence: expect.any(String) })
    expect(JSON.parse(ran.out).rows.length).toBeGreaterThan(2)
  })

  test('--csv prints what --json prints as rows', async () => {
    const csv = Papa.parse<string[]>((await cli(['ask', prompt, '--csv'], { env })).out, { skipEmptyLines: true }).data
    const { rows } = JSON.parse((await cli(['ask', prompt, '--json'], { env })).out)
    expect(csv.slice(1).map((row) => row.at(-1))).toEqual(rows.map((row: unknown[]) => row.at(-1)))
  })

  test('--explain tells the definition and the SQL with its values, on stderr', async () => {
    const ran = await cli(['ask', prompt, '--explain', '--csv'], { env })
    expect(ran.err).toMatch(/Definition\n\{[\s\S]*\nSQL\nselect[\s\S]*-- \$1 = "/)
    expect(ran.out).not.toContain('select')
  })

  test('what is not understood ends with 3 and prints no table', async () => {
    const ran = await cli(['ask', 'blorb the frimble per zonk'], { env })
    expect([ran.code, ran.out]).toEqual([3, ''])
    expect(ran.err).not.toBe('')
  })

  test('--organization chooses whose rows are read', async () => {
    const [one, other] = await Promise.all([
      cli(['ask', prompt, '--json'], { env }),
      cli(['ask', prompt, '--json', '--organization', 'org_nobody'], { env: { DATA_DIR: 'memory://' } }),
    ])
    expect(one.code).toBe(0)
    expect([other.code, other.err]).toEqual([2, expect.stringContaining('Cannot see as "org_nobody"')])
  })

  test('a database without a catalog is looked at, which is said', async () => {
    const ran = await cli(['ask', 'number of orders', '--database', shop, '--json'], { env })
    expect(ran.err).toContain('No --catalog given: looked at 2 tables of the database')
    expect([ran.code, JSON.parse(ran.out).rows]).toEqual([0, [[3]]])
  })
})

describe('run', { timeout: 300_000 }, () => {
  test('a definition from a file or from stdin gives its table; text is neutralised in CSV, numbers are not', async () => {
    const path = join(folder, 'definition.json')
    await writeFile(path, JSON.stringify(definition))
    const fromFile = await cli(['run', path, '--database', shop, '--csv'], { env })
    const fromStdin = await cli(['run', '-', '--database', shop, '--csv'], { env, input: JSON.stringify(definition) })
    expect(fromFile.out).toBe("Customer,Total\r\n'=cmd(),-5.00\r\nAda,15.00\r\n")
    expect(fromStdin.out).toBe(fromFile.out)
  })

  test('a definition with issues ends with 1 and tells each with its fix', async () => {
    const wrong = { ...definition, aggregates: [{ id: 'total', fn: 'sum', field: 'amonut' }] }
    const ran = await cli(['run', '-', '--database', shop], { env, input: JSON.stringify(wrong) })
    expect([ran.code, ran.out]).toEqual([1, ''])
    expect(ran.err).toMatch(/it has 1 issue\n {2}- .*"amonut"[\s\S]*"amount"/)
  })

  test('a file that is not JSON, or not there, is named with its place', async () => {
    const broken = await cli(['run', '-'], { env, input: '{"dataSources": }' })
    expect(broken.err).toBe('Cannot read "-": not JSON at line 1, column 17: a value is expected\n')
    expect(broken.code).toBe(1)
    const missing = await cli(['run', 'nowhere.json'], { env })
    expect([missing.code, missing.err]).toEqual([2, 'Cannot read "nowhere.json": there is no such file\n'])
  })
})

describe('introspect and catalog check', { timeout: 300_000 }, () => {
  test('the catalog of a database goes to stdout as YAML that is right, notes to stderr, and asking with it works', async () => {
    const ran = await cli(['introspect', shop])
    expect(ran.code).toBe(0)
    expect(loadCatalog(ran.out).ok).toBe(true)
    expect(ran.err).toContain('✓ 2 entities described')
    const path = join(folder, 'catalog.yaml')
    await writeFile(path, ran.out)
    const checked = await cli(['catalog', 'check', '--catalog', path])
    expect([checked.code, checked.out]).toEqual([0, expect.stringMatching(/^✓ The catalog is fine: 2 entities, /)])
    const asked = await cli(['run', '-', '--database', shop, '--catalog', path, '--json'], {
      input: JSON.stringify(definition),
    })
    expect(JSON.parse(asked.out).rows).toEqual([
      ['=cmd()', '-5.00'],
      ['Ada', '15.00'],
    ])
  })

  test('every problem of a catalog is told with its line, and the exit code is 2', async () => {
    const path = join(folder, 'wrong.yaml')
    await writeFile(
      path,
      'version: 1\nentities:\n  orders:\n    table: orders\n    label: Orders\n    sharde: true\n    fields: {}\n',
    )
    const ran = await cli(['catalog', 'check', '--catalog', path])
    expect([ran.code, ran.out]).toEqual([2, ''])
    expect(ran.err).toMatch(/it has \d+ problems?\n[\s\S]*6:5 .*"sharde"/)
  })

  test('a database that cannot be reached is told without its password', async () => {
    const ran = await cli(['introspect', 'postgres://me:secret@127.0.0.1:1/shop'])
    expect([ran.code, ran.out]).toEqual([1, ''])
    expect(ran.err).toContain('Cannot reach the database')
    expect(ran.err).not.toContain('secret')
  })
})

describe('wrong use', { timeout: 300_000 }, () => {
  test.each([
    ['a missing argument', ['ask']],
    ['an unknown option', ['ask', 'x', '--bogus']],
    ['an unknown command', ['bogus']],
    ['two forms of output', ['ask', 'x', '--json', '--csv']],
    ['a wrong time zone', ['ask', 'x', '--timezone', 'Mars']],
    ['a wrong address', ['introspect', 'mysql://me@localhost/shop']],
    ['a wrong translator', ['ask', 'x', '--translator', 'gpt']],
  ])('%s ends with 2, with nothing on stdout', async (_, args) => {
    const ran = await cli(args)
    expect([ran.code, ran.out]).toEqual([2, ''])
    expect(ran.err).toMatch(/^error: /)
  })

  test('a wrong environment stops the start with one line', async () => {
    const ran = await cli(['serve'], { env: { PORT: 'x' } })
    expect(ran).toEqual({ code: 2, out: '', err: 'Cannot use PORT "x": it must be a whole number from 0 to 65535\n' })
  })

  test('every command has help with examples, on stdout', async () => {
    for (const args of [[], ['ask'], ['run'], ['introspect'], ['catalog', 'check'], ['serve']]) {
      const ran = await cli([...args, '--help'])
      expect([ran.code, ran.err]).toEqual([0, ''])
      expect(ran.out).toMatch(/Examples:\n {2}\S/)
    }
  })
})

describe('serve', { timeout: 300_000 }, () => {
  test('it says where it is, answers, refuses a second one on its data or port, and stops when told to', async () => {
    const served = startCli(['serve', '--port', '0'], { env })
    const url = await new Promise<string>((found, fail) => {
      const look = () => {
        const [, address] = /Ready at (http:\S+)/.exec(served.said.err) ?? []
        if (address !== undefined) found(address)
      }
      served.child.stderr?.on('data', look)
      void served.done.then(({ err }) => fail(new Error(err)))
    })
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({ status: 'ready', source: 'up' })
    expect(await (await fetch(url, { headers: { Accept: 'text/html' } })).text()).toContain('id="root"')

    const sameData = await cli(['ask', prompt], { env })
    expect(sameData.code).toBe(1)
    expect(sameData.err).toMatch(/Cannot open the data folder .*: process \d+ uses it\n {2}Fix: stop that process/)
    const samePort = await cli(['serve'], { env: { DATA_DIR: 'memory://', PORT: new URL(url).port } })
    expect(samePort.code).toBe(1)
    expect(samePort.err).toMatch(/Cannot listen on port \d+: another program uses it\n {2}Fix: .*PORT=\d+ npm start/)

    served.child.kill('SIGTERM')
    const ended = await served.done
    expect([ended.code, ended.out]).toEqual([0, ''])
    expect((await cli(['ask', prompt], { env })).code).toBe(0)
  })

  test('told to stop while it is still loading, it ends at once', async () => {
    // Told as soon as anything listens, which is before the program is there.
    const tell = "process.on('newListener',(name)=>{if(name==='SIGTERM')process.kill(process.pid,name)})"
    const env = { DATA_DIR: 'memory://', NODE_OPTIONS: `--import=data:text/javascript,${tell}` }
    expect(await cli(['serve', '--port', '0'], { env })).toEqual({ code: 143, out: '', err: '' })
  })

  test("data of one's own is served with a catalog only, and with an organization where the catalog needs one", async () => {
    const without = await cli(['serve', '--port', '0'], { env: { SOURCE_DATABASE_URL: shop } })
    expect([without.code, without.err]).toEqual([
      2,
      expect.stringContaining('CATALOG is not set\n  Fix: write a catalog with: tablewright introspect'),
    ])
    const path = join(folder, 'tenants.yaml')
    await writeFile(path, (await cli(['introspect', shop, '--tenant-key', 'country'])).out)
    const whose = await cli(['serve', '--port', '0'], { env: { SOURCE_DATABASE_URL: shop, CATALOG: path } })
    expect([whose.code, whose.err]).toEqual([
      2,
      expect.stringContaining('the catalog keeps organizations apart\n  Fix: say whose rows'),
    ])
  })
})

const older = olderNode()
describe('an older Node', () => {
  test.skipIf(older === undefined)(
    'hands over to the one among the packages (skipped where there is none older than 22.18)',
    async () => {
      const ran = await cli(['--version'], { node: older ?? '' })
      expect([ran.code, ran.err]).toEqual([0, ''])
      const wrong = await cli(['bogus'], { node: older ?? '' })
      expect(wrong.code).toBe(2)
    },
  )
})

/** A Node of the system that cannot run TypeScript by itself. */
function olderNode(): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((path) => join(path, 'node'))
    .find((path) => {
      try {
        const [major = 0, minor = 0] = execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' })
          .split('.')
          .map(Number)
        return major < 22 || (major === 22 && minor < 18)
      } catch {
        return false
      }
    })
}
