// A catalog as the YAML file that people keep and edit.
// In: catalog data and lines for the head of the file. Out: YAML text that loads to the same catalog.
// Left out: whatever equals its default. Small things stand on one line, so that a comment fits behind them.
import { Document, isMap, isScalar, type YAMLMap } from 'yaml'
import { canonicalJson } from './hash.ts'
import { Catalog, type CatalogInput, Entity, EnumValue, Field, Metric, Relation } from './schema.ts'

const LINE_WIDTH = 120

/** Prints a catalog; `header` lines become comments on top; throws a ZodError when the input is not of the catalog's shape. */
export function catalogToYaml(input: CatalogInput, header: readonly string[] = []): string {
  const catalog = Catalog.parse(input)
  const data = {
    ...trimmed(Catalog, catalog),
    version: 1,
    entities: mapValues(catalog.entities, (entity) => ({
      ...trimmed(Entity, entity),
      fields: mapValues(entity.fields, (field) => ({
        ...trimmed(Field, field),
        ...(field.values === undefined ? {} : { values: field.values.map((value) => trimmed(EnumValue, value)) }),
      })),
      ...unlessEmpty(
        'relations',
        mapValues(entity.relations, (relation) => trimmed(Relation, relation)),
      ),
      ...unlessEmpty(
        'metrics',
        mapValues(entity.metrics, (metric) => trimmed(Metric, metric)),
      ),
    })),
  }
  const document = new Document(data, { aliasDuplicateObjects: false })
  if (header.length > 0) document.commentBefore = header.map((line) => ` ${line.replace(/\s+/g, ' ')}`).join('\n')
  for (const section of mapsIn(document.contents)) section.key.spaceBefore = true
  for (const [index, entity] of mapsIn(document.get('entities')).entries()) {
    if (index > 0) entity.key.spaceBefore = true
    for (const short of ['primaryKey', 'defaultColumns', 'synonyms']) inline(entity.map.get(short, true))
    for (const members of ['fields', 'relations', 'metrics'])
      for (const member of mapsIn(entity.map.get(members, true))) {
        for (const short of ['synonyms', 'on', 'roles', 'aggregate']) inline(member.map.get(short, true))
        for (const value of itemsOf(member.map.get('values', true))) inline(value)
        if (fitsOneLine(member.name, member.map.toJSON())) inline(member.map)
      }
  }
  return document.toString({ lineWidth: LINE_WIDTH, flowCollectionPadding: true })
}

type Shape = { readonly shape: Record<string, unknown> }

/** The entries that differ from the schema's default, in the schema's order. */
function trimmed(schema: Shape, value: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const [key, part] of Object.entries(schema.shape)) {
    const mine = value[key]
    if (mine === undefined || canonicalJson(mine) === canonicalJson(defaultOf(part))) continue
    kept[key] = mine
  }
  return kept
}

function defaultOf(part: unknown): unknown {
  const definition = (part as { def?: { type?: string; defaultValue?: unknown } }).def
  return definition?.type === 'default' ? definition.defaultValue : undefined
}

function unlessEmpty(key: string, members: Record<string, unknown>): Record<string, unknown> {
  return Object.keys(members).length === 0 ? {} : { [key]: members }
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

function mapsIn(node: unknown): { key: { spaceBefore?: boolean }; name: string; map: YAMLMap }[] {
  if (!isMap(node)) return []
  return node.items.flatMap((pair) =>
    isScalar(pair.key) && isMap(pair.value) ? [{ key: pair.key, name: String(pair.key.value), map: pair.value }] : [],
  )
}

function itemsOf(node: unknown): readonly unknown[] {
  return (node as { items?: readonly unknown[] } | undefined)?.items ?? []
}

function inline(node: unknown): void {
  if (typeof node === 'object' && node !== null && 'items' in node) (node as { flow?: boolean }).flow = true
}

function fitsOneLine(name: string, value: Record<string, unknown>): boolean {
  // Six spaces of indent, ": ", and what quotes and padding may add.
  return !('values' in value) && name.length + JSON.stringify(value).length + 8 < LINE_WIDTH
}
