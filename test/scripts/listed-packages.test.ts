// A package that is imported but only came along with another goes with it: everything imported is listed.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageFaults, packagesIn, unlisted } from '../../scripts/listed-packages.ts'

const listed = { dependencies: new Set(['@a/b', 'one']), development: new Set(['two']) }

describe('packages that are imported', () => {
  test('are all listed in package.json, and for production where they run', () => {
    expect(packageFaults(join(import.meta.dirname, '..', '..'))).toEqual([])
  })

  test('are found in every way of importing, and nothing else is', () => {
    // Put together, so that this file itself imports none of them.
    const from = (name: string, quote = "'") => `from ${quote}${name}${quote}`
    const text = [
      `import a ${from('one')}`,
      `import type { B } ${from('@a/b/deep/file.js')}`,
      'import {',
      `  c,\n} ${from('three', '"')}`,
      `import ${"'./styles.css'"}`,
      `import ${"'four/style.css'"}`,
      `import { readFile } ${from('node:fs')}`,
      `import x ${from('bundled:x')}`,
      `export { d } ${from('five')}`,
      `const e = await import(${"'six'"})`,
      `const f = ' ${from('seven', '"')}'`,
    ].join('\n')
    expect(packagesIn(text)).toEqual(['@a/b', 'five', 'four', 'one', 'six', 'three'])
    expect(packagesIn("@import 'one/fonts.css';")).toEqual(['one'])
  })

  test('are told apart by where they are imported', () => {
    expect(unlisted('src/x.ts', "import a from 'one'\nimport b from '@a/b'", listed)).toEqual([])
    expect(unlisted('src/x.ts', "import a from 'three'", listed)).toHaveLength(1)
    expect(unlisted('src/x.ts', "import a from 'two'", listed)).toHaveLength(1)
    expect(unlisted('bench/x.ts', "import a from 'two'", listed)).toEqual([])
    expect(unlisted('bench/x.ts', "import a from '@a/c'", listed)).toHaveLength(1)
  })
})
