// Words of a prompt that the catalog knows and a reading does not use: "lapsed" in a count of all contacts.
// In: the prompt's chunks, a definition, the catalog. Out: those words, as they were typed. For catalogs that people wrote.
import type { Catalog } from '../../catalog/schema.ts'
import type { Definition } from '../../definition/schema.ts'
import type { Chunk } from './chunk.ts'
import type { Target } from './lexicon.ts'
import { touchedBy } from './touched.ts'

/** Weaker links are guesses, of which most are wrong. */
const SURE_LINK = 0.85

/** The words that would have picked other rows, columns or numbers. */
export function unheard(chunks: readonly Chunk[], definition: Definition, catalog: Catalog): readonly string[] {
  const touched = touchedBy(definition, catalog)
  const { title: _title, ...meaning } = definition
  const json = withMetrics(JSON.stringify(meaning), touched.entities, catalog).toLowerCase()
  const isNamed = (name: string): boolean => new RegExp(`["./ ]${name.toLowerCase()}["./ ]`).test(json)
  const isUsed = (target: Target, text: string): boolean => {
    switch (target.kind) {
      case 'entity':
        return touched.entities.has(target.entity)
      case 'relation':
        return touched.entities.has(target.to)
      case 'metric': {
        const { aggregate } = catalog.entities[target.entity]?.metrics[target.metric] ?? {}
        if (isNamed(target.metric)) return true
        // "Number of donations" counts them, by the metric or without it; "filings filed late" are those that a metric counts.
        const counted = COUNTS.test(text) && json.includes(`"fn":"${aggregate?.fn}"`)
        return (
          touched.entities.has(target.entity) && (counted || tests(aggregate?.where).some((one) => json.includes(one)))
        )
      }
      case 'field':
        return touched.entities.has(target.entity) && isNamed(target.field)
      case 'enum':
        return touched.entities.has(target.entity) && json.includes(JSON.stringify(target.value).toLowerCase())
    }
  }
  return chunks.flatMap((chunk) => {
    const { kw, period, grain, num, links, values, text } = chunk
    // "hours" are a stretch of time, and rows where some are called so.
    const rows = links.some(({ target, score }) => target.kind === 'entity' && score >= 0.99)
    if (kw !== undefined || period !== undefined || (grain !== undefined && !rows) || num !== undefined) return []
    const known = links.filter(({ score }) => score >= SURE_LINK)
    const stored = values.filter(({ score }) => score >= SURE_LINK)
    if (known.length + stored.length === 0) return []
    if (links.some(({ target }) => isUsed(target, text.toLowerCase()))) return []
    if (values.some(({ value }) => json.includes(JSON.stringify(value).toLowerCase()))) return []
    return [text]
  })
}

/** A definition's text with what stands behind its metrics. */
function withMetrics(json: string, entities: ReadonlySet<string>, catalog: Catalog): string {
  const used = [...entities].flatMap((name) =>
    Object.entries(catalog.entities[name]?.metrics ?? {}).flatMap(([metric, one]) =>
      new RegExp(`["./ ]${metric}["./ ]`).test(json) ? [JSON.stringify(one)] : [],
    ),
  )
  return [json, ...used].join(' ')
}

const COUNTS = /\b(number|count|how many)\b/

/** The beginnings of a metric's own conditions, as they stand in a definition. */
function tests(filter: unknown): string[] {
  return [...JSON.stringify(filter ?? null).matchAll(/"field":"[^"]+","op":"[^"]+"/g)].map(([one]) => one.toLowerCase())
}
