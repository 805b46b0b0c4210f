// The door of the catalog: text of a YAML file in, a checked catalog out.
// In: YAML (or JSON) text. Out: the catalog with every default filled in, and warnings.
// Refused, all at once and each with its line: bad YAML, unknown keys, wrong types, names that lead nowhere.
import { checkReferences } from './references.ts'
import { Catalog } from './schema.ts'
import { type Finding, shapeFindings, valueAt, withStandIns } from './shape.ts'
import { type CatalogProblem, type Path, readSource, type Source } from './source.ts'

export type LoadedCatalog =
  | { readonly ok: true; readonly catalog: Catalog; readonly warnings: readonly CatalogProblem[] }
  | { readonly ok: false; readonly problems: readonly CatalogProblem[] }

/** Reads and checks a catalog file; every problem carries its line and column (from 1), its path and, where known, a fix. */
export function loadCatalog(yamlText: string): LoadedCatalog {
  const source = readSource(yamlText)
  if (source.data === undefined) return refused(source.problems)
  const parsed = Catalog.safeParse(source.data)
  const shape = parsed.success ? [] : shapeFindings(source.data, parsed.error.issues)
  const rest = parsed.success ? parsed : Catalog.safeParse(withStandIns(source.data, parsed.error.issues))
  const written = (path: Path) => valueAt(source.data, path)
  const references = rest.success
    ? checkReferences(
        rest.data,
        (entity, member, name) => written(['entities', entity, member, name]) !== undefined,
        Object.keys(written(['entities']) ?? {}),
      )
    : { problems: [], warnings: [] }
  const problems = [
    ...source.problems,
    ...shape.map((one) => placed(source, one)),
    ...references.problems
      .filter((one) => !shape.some((known) => covers(known.path, one.path)))
      .map((one) => placed(source, one)),
  ]
  if (problems.length > 0 || !parsed.success) return refused(problems)
  return { ok: true, catalog: parsed.data, warnings: inOrder(references.warnings.map((one) => placed(source, one))) }
}

/** A problem as one line of text: `12:5 Cannot …: …; did you mean "…"`. */
export function problemText(problem: CatalogProblem): string {
  return `${problem.line}:${problem.column} ${problem.message}${problem.fix === undefined ? '' : `; ${problem.fix}`}`
}

function refused(problems: readonly CatalogProblem[]): LoadedCatalog {
  return { ok: false, problems: inOrder(problems) }
}

function inOrder(problems: readonly CatalogProblem[]): CatalogProblem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column)
}

function placed(source: Source, { path, key, message, fix }: Finding): CatalogProblem {
  const place = key === undefined ? source.placeOf(path) : source.placeOf(path.slice(0, -1), key)
  return { ...place, path, message, ...(fix === undefined ? {} : { fix }) }
}

/** A reference into a part whose shape is wrong already says nothing new. */
function covers(broken: Path, path: Path): boolean {
  return broken.length <= path.length && broken.every((part, index) => part === path[index])
}
