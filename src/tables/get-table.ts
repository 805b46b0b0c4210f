import type { Call } from '../context.ts'
import { findTable } from './find.ts'
import { type TableView, viewTable } from './view.ts'

/** One saved table as the asker sees it. Throws `UserError` not_found. */
export async function getTable({ ctx, identity, id }: Call & { id: string }): Promise<TableView> {
  const found = await findTable(ctx.db, identity, id, 'tables.get')
  return viewTable(ctx, ctx.db, identity, found)
}
