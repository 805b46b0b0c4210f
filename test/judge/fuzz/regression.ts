// Cases that once failed, as files: the world, the definition, and the table it must give.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Catalog } from '../../../src/catalog/schema.ts'
import type { Cell } from '../../../src/plan/columns.ts'
import type { Judgement } from '../evaluate.ts'
import type { TestWorld } from '../generate/world.ts'

export type Regression = {
  readonly name: string
  readonly world: TestWorld
  readonly definition: unknown
  readonly expected: {
    readonly columns: readonly string[]
    readonly rows: readonly (readonly Cell[])[]
    readonly totals?: readonly Cell[]
  }
}

const FOLDER = join(import.meta.dirname, '..', 'regressions')

/** Every committed case, by file name. */
export function readRegressions(): Regression[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const { name, world, definition, expected } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))
      return { name, definition, expected, world: { ...world, catalog: Catalog.parse(world.catalog) } }
    })
}

/** A case as the text of its file, what the catalog only defaults left out. */
export function regressionText(
  name: string,
  world: TestWorld,
  definition: unknown,
  { columns, rows, totals }: Judgement,
): string {
  const expected = { columns, rows, ...(totals === undefined ? {} : { totals }) }
  return pretty({ name, definition, expected, world: { ...world, catalog: withoutEmptyParts(world.catalog) } })
}

function withoutEmptyParts(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutEmptyParts)
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node)
    .map(([key, value]) => [key, withoutEmptyParts(value)] as const)
    .filter(([key, value]) => !isDefaulted(key, value))
  return Object.fromEntries(entries)
}

function isDefaulted(key: string, value: unknown): boolean {
  if (['guessed', 'caseSensitive', 'sensitive', 'junction'].includes(key) && value === false) return true
  if (key === 'zoned' && value === true) return true
  return (
    JSON.stringify(value) === '[]' || (JSON.stringify(value) === '{}' && (key === 'relations' || key === 'metrics'))
  )
}

const WIDTH = 110

/** JSON with short parts on one line. */
export function pretty(value: unknown, indent = ''): string {
  const line = JSON.stringify(value)
  if (line === undefined || line.length + indent.length <= WIDTH || typeof value !== 'object' || value === null)
    return line ?? 'null'
  const inner = `${indent}  `
  if (Array.isArray(value)) return `[\n${value.map((item) => inner + pretty(item, inner)).join(',\n')}\n${indent}]`
  const parts = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => `${inner}${JSON.stringify(key)}: ${pretty(item, inner)}`)
  return `{\n${parts.join(',\n')}\n${indent}}`
}
