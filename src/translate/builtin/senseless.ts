// What nobody asks of a catalog that people wrote, though the words would allow it. In: a reading. Out: what it costs more.
import { resolvePath } from '../../catalog/find.ts'
import type { Catalog, Entity, Field } from '../../catalog/schema.ts'
import type { Definition } from '../../definition/schema.ts'
import { isText } from './tie/facts.ts'

const ONE_ROW_EACH = 2.5
const LARGEST_WORD = 1.2
const TWICE_RANKED = 0.6
const MOMENTS = 3

/** The more a reading costs for grouping numbers by the rows they are of, for calling the last of the alphabet the largest, or for ranking what stands there twice. */
export function senselessCost(
  { dataSources, columns, groupBy, aggregates, sortBy, limit }: Definition,
  catalog: Catalog,
): number {
  const entity = catalog.entities[dataSources[0] ?? '']
  if (entity === undefined) return 0
  // "Raised by donation": as many groups as rows. Beside its name a key only tells rows of one name apart.
  const own = groupBy.flatMap(({ field }) => (field === undefined || field.includes('.') ? [] : [field]))
  const [key, ...others] = own
  // "Biggest donor": each donor is one donor.
  const counted = aggregates.map(({ metric, fn, field }) => entity.metrics[metric ?? '']?.aggregate ?? { fn, field })
  const itself = counted.some(({ fn, field }) => fn === 'count_distinct' && groupBy.some((one) => one.field === field))
  const oneEach = itself || (aggregates.length > 0 && key !== undefined && others.length === 0 && isKey(entity, key))
  // "Biggest campaigns": not the one whose name begins with Z.
  const [first] = sortBy
  const named = aggregates.some(({ id }) => id === first?.field)
  const word =
    entity.fields[first?.field ?? ''] ??
    (aggregates.length > 0 ? fieldAt(catalog, dataSources, first?.field) : undefined)
  const sorted = !named && limit !== null && first?.direction === 'desc' && isWord(word)
  const largest = aggregates.some(
    ({ fn, field = '' }) => (fn === 'max' || fn === 'min') && isWord(entity.fields[field]),
  )
  // "How many events took place": not at how many moments.
  const moments = aggregates.some(({ fn, field = '' }) => fn === 'count_distinct' && isTime(entity.fields[field]))
  // "The five donors who gave most", "5 vendors by cost": rows of gifts and costs name one of them several times.
  const ofOthers = columns.every(({ field = '' }) => field.includes('.') || isOther(entity, field))
  const ofKind = columns.length === 1 && isKind(entity, columns[0]?.field)
  const twice = columns.length > 0 && limit !== null && limit > 1 && sortBy.length > 0 && (ofOthers || ofKind)
  return (
    (oneEach ? ONE_ROW_EACH : 0) +
    (sorted || largest ? LARGEST_WORD : 0) +
    (moments ? MOMENTS : 0) +
    (twice ? TWICE_RANKED : 0)
  )
}

/** The field at the end of a path of the source. */
function fieldAt(catalog: Catalog, [root = '']: readonly string[], path = ''): Field | undefined {
  const found = resolvePath(catalog, root, path)
  return found.ok ? found.field : undefined
}

/** The key of another entity's row. */
const isOther = (entity: Entity, field: string): boolean => entity.fields[field]?.type === 'id' && !isKey(entity, field)
/** A text that several rows may have, rather than their name. */
const isKind = (entity: Entity, field = ''): boolean => isWord(entity.fields[field]) && !/name|title/.test(field)

const isKey = ({ primaryKey }: Entity, field: string): boolean => primaryKey.length === 1 && primaryKey[0] === field
const isTime = (field: Field | undefined): boolean => field?.type === 'timestamp'
const isWord = (field: Field | undefined): boolean => field !== undefined && isText(field)
