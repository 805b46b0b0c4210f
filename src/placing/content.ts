// What stands in a dashboard, report or view: strict shapes, the same for HTTP and for the store.
import { z } from 'zod'
import { GRID_COLUMNS } from './grid.ts'

const Id = z
  .string()
  .min(1)
  .max(40)
  .regex(/^[\w-]+$/, 'letters, digits, "_" and "-" are expected')
const TableId = z.string().min(1).max(100)
const Title = z.string().trim().min(1).max(200)

export const Chart = z
  .strictObject({
    kind: z.enum(['line', 'bar', 'stacked', 'scatter', 'area']),
    x: z.string().max(200).optional().describe('Id of a column; chosen by the columns if not given'),
    y: z.array(z.string().max(200)).min(1).max(5).optional(),
    series: z.string().max(200).optional(),
  })
  .meta({ id: 'Chart' })

export const Tile = z
  .strictObject({
    id: Id,
    tableId: TableId,
    title: Title.optional().describe("In place of the table's name"),
    x: z
      .int()
      .min(0)
      .max(GRID_COLUMNS - 1),
    y: z.int().min(0).max(1000),
    width: z.int().min(1).max(GRID_COLUMNS),
    height: z.int().min(1).max(50),
    showAs: z.enum(['table', 'chart', 'number']).default('table'),
    chart: Chart.optional(),
  })
  .refine(({ x, width }) => x + width <= GRID_COLUMNS, {
    path: ['width'],
    message: `the tile reaches beyond the ${GRID_COLUMNS} columns`,
  })
  .meta({ id: 'Tile' })
export type Tile = z.infer<typeof Tile>

export const DashboardFilter = z
  .strictObject({
    id: Id,
    label: z.string().trim().min(1).max(100),
    field: z
      .union([
        z.strictObject({ entity: z.string().min(1).max(100), field: z.string().min(1).max(100) }),
        z.literal('date'),
      ])
      .describe('A field of an entity; `date`: the date of each table’s own source'),
    op: z.enum([
      'eq',
      'ne',
      'lt',
      'lte',
      'gt',
      'gte',
      'between',
      'in',
      'not_in',
      'contains',
      'starts_with',
      'in_period',
    ]),
    value: z.unknown().optional().describe('What it is set to until the reader sets it; none: it filters nothing'),
  })
  .meta({ id: 'DashboardFilter' })
export type DashboardFilter = z.infer<typeof DashboardFilter>

const once = <T extends { id: string }>(items: readonly T[]) => new Set(items.map(({ id }) => id)).size === items.length

export const DashboardContent = z.strictObject({
  tiles: z
    .array(Tile)
    .max(60, 'a dashboard has at most 60 tiles')
    .refine(once, 'a tile has an id of its own')
    .default([]),
  filters: z.array(DashboardFilter).max(12).refine(once, 'a filter has an id of its own').default([]),
})
export type DashboardContent = z.infer<typeof DashboardContent>

export const ReportItem = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('text'),
      text: z.string().trim().min(1).max(20_000),
      style: z.enum(['heading', 'paragraph']).default('paragraph'),
    }),
    z.strictObject({ kind: z.literal('table'), tableId: TableId, title: Title.optional() }),
  ])
  .meta({ id: 'ReportItem' })
export type ReportItem = z.infer<typeof ReportItem>
export const ReportContent = z.strictObject({
  items: z.array(ReportItem).max(100, 'a report has at most 100 parts').default([]),
})
export type ReportContent = z.infer<typeof ReportContent>

export const ViewContent = z.strictObject({
  tableId: TableId,
  section: z.string().trim().min(1).max(100),
  label: Title.optional().describe("In place of the table's name"),
  position: z.int().min(0).max(10_000).default(0),
})
export type ViewContent = z.infer<typeof ViewContent>

/** The tables that a content names, each once. */
export function tablesIn(content: DashboardContent | ReportContent | ViewContent): string[] {
  if ('tableId' in content) return [content.tableId]
  const ids = 'tiles' in content ? content.tiles.map(({ tableId }) => tableId) : tableIdsOf(content)
  return [...new Set(ids)]
}

const tableIdsOf = ({ items }: ReportContent): string[] =>
  items.flatMap((item) => (item.kind === 'table' ? [item.tableId] : []))
