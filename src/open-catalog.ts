// The catalog that a process works with. In: a file, or a database to look at. Out: a checked catalog.
// Refused: a file that cannot be read, and one with problems, all of them at once with their lines.
import { readFile } from 'node:fs/promises'
import { introspect } from './catalog/introspect.ts'
import { loadCatalog, problemText } from './catalog/load.ts'
import { Catalog } from './catalog/schema.ts'
import type { Query } from './db/query.ts'
import { UserError } from './errors.ts'

/** Reads and checks a catalog file. Throws `UserError` file_not_readable or invalid_catalog. */
export async function catalogFromFile(path: string | URL): Promise<Catalog> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UserError('file_not_readable', `Cannot read the catalog "${path}": there is no such file`, {
      fix: 'check the path, or write a catalog with: tablewright introspect URL > catalog.yaml',
      cause,
    })
  })
  const loaded = loadCatalog(text)
  if (loaded.ok) return loaded.catalog
  const count = loaded.problems.length === 1 ? '1 problem' : `${loaded.problems.length} problems`
  throw new UserError('invalid_catalog', `Cannot use the catalog "${path}": it has ${count}`, {
    issues: loaded.problems.map((problem) => ({ code: 'catalog', path: problem.path, message: problemText(problem) })),
  })
}

/** A catalog made by looking at a database, every table of its public schema. */
export async function catalogFromDatabase(query: Query): Promise<Catalog> {
  const { catalog } = await introspect(query)
  return Catalog.parse(catalog)
}
