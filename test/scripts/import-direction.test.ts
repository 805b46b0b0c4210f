import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { faultsOf, importFaults } from '../../scripts/import-direction.ts'

describe('the direction of imports', () => {
  test('every file of the sources imports only from its left', () => {
    expect(importFaults(join(import.meta.dirname, '..', '..', 'src'))).toEqual([])
  })

  test('an import to the right, sideways, or from a folder without a place is found, also a dynamic one and one of types', () => {
    expect(faultsOf('plan/x.ts', "import { a } from '../sql/print.ts'")).toHaveLength(1)
    expect(faultsOf('plan/x.ts', "import type { A } from '../sql/print.ts'")).toHaveLength(1)
    expect(faultsOf('plan/x.ts', "const a = await import('../pipeline.ts')")).toHaveLength(1)
    expect(faultsOf('translate/x.ts', "import { a } from '../rows/run.ts'")).toHaveLength(1)
    expect(faultsOf('somewhere/x.ts', '')).toEqual([
      'src/somewhere/x.ts: folder "somewhere" has no place in scripts/import-direction.ts',
    ])
    expect(
      faultsOf('sql/x.ts', "import { a } from '../plan/ir.ts'\nimport { b } from './y.ts'\nimport { z } from 'zod'"),
    ).toEqual([])
  })

  test('clock, network, process and node modules are found in pure folders only', () => {
    for (const line of [
      "import { readFile } from 'node:fs'",
      'Date.now()',
      'const d = new Date()',
      'process.cwd()',
      'await fetch(url)',
      'Math.random()',
    ]) {
      expect(faultsOf('plan/x.ts', line), line).toHaveLength(1)
      expect(faultsOf('rows/x.ts', line), line).toEqual([])
    }
    expect(faultsOf('plan/x.ts', '// Date.now() is not for here\nconst d = new Date(0)')).toEqual([])
  })
})
