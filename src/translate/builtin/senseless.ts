// What nobody asks of a catalog that people wrote, though the words would allow it. In: a reading. Out: what it costs more.
import type { Catalog, Entity, Field } from '../../catalog/schema.ts'
import type { Definition } from '../../definition/schema.ts'
import { isText } from './tie/facts.ts'

const ONE_ROW_EACH = 2.5
const LARGEST_WORD = 1.2

/** The more a reading costs for grouping numbers by the rows they are of, or for calling the last of the alphabet the largest. */
export function senselessCost(
  { dataSources, groupBy, aggregates, sortBy, limit }: Definition,
  catalog: Catalog,
): number {
  const entity = catalog.entities[dataSources[0] ?? '']
  if (entity === undefined) return 0
  // "Raised by donation": as many groups as rows. Beside its name a key only tells rows of one name apart.
  const own = groupBy.flatMap(({ field }) => (field === undefined || field.includes('.') ? [] : [field]))
  const [key, ...others] = own
  const oneEach = aggregates.length > 0 && key !== undefined && others.length === 0 && isKey(entity, key)
  // "Biggest campaigns": not the one whose name begins with Z.
  const [first] = sortBy
  const sorted =
    aggregates.length === 0 && limit !== null && first?.direction === 'desc' && isWord(entity.fields[first.field])
  const largest = aggregates.some(
    ({ fn, field = '' }) => (fn === 'max' || fn === 'min') && isWord(entity.fields[field]),
  )
  return (oneEach ? ONE_ROW_EACH : 0) + (sorted || largest ? LARGEST_WORD : 0)
}

const isKey = ({ primaryKey }: Entity, field: string): boolean => primaryKey.length === 1 && primaryKey[0] === field
const isWord = (field: Field | undefined): boolean => field !== undefined && isText(field)
