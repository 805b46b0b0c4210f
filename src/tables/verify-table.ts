// An admin vouches for a table: its prompt is answered by just this definition from now on, and is an example for models.
// Refused: a table that not everybody in the organization sees, one that cannot run, a prompt that stands for another table.
import { and, count, eq, ne } from 'drizzle-orm'
import { z } from 'zod'
import { verifiedPrompts } from '../db/schema-translations.ts'
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'
import { promptKey } from '../translate/prompt-key.ts'
import { MAX_VERIFIED } from '../translate/verified.ts'
import { changeTable, type TableCall } from './change.ts'
import type { TableRow } from './find.ts'
import { readDefinition, runnable } from './readable.ts'
import { dropVerified } from './verified-mark.ts'
import type { TableView } from './view.ts'

export const VerifyTable = z.strictObject({
  prompt: z
    .string()
    .trim()
    .min(1)
    .max(2000)
    .optional()
    .describe('The words that the table answers; those it was made from if not given'),
})
export type VerifyTable = z.output<typeof VerifyTable>

/** Marks a table as verified, or anew with other words. Throws `UserError` conflict, columns_hidden, invalid_definition. */
export async function verifyTable(call: TableCall & { input: VerifyTable }): Promise<TableView> {
  const { ctx, identity, input } = call
  return changeTable(call, 'tables.verify', async (tx, { row }) => {
    const prompt = input.prompt ?? row.aiPrompt
    if (prompt === null) {
      throw new UserError('conflict', `Cannot verify table "${row.name}": it was not made from words`, {
        fix: 'give the words that it answers as "prompt"',
      })
    }
    if (row.visibility !== 'ORG') {
      throw new UserError('conflict', `Cannot verify table "${row.name}": not everybody in the organization sees it`, {
        fix: 'share it with the organization first',
      })
    }
    runnable(readDefinition(row.definition, ctx.catalog, identity), row.name)
    const key = promptKey(prompt)
    await refuseTwice(tx, row, key)
    await dropVerified(tx, row)
    const { organizationId, id: tableId, definition } = row
    const by = { verifiedBy: identity.userId, verifiedAt: ctx.now() }
    await tx.insert(verifiedPrompts).values({ organizationId, tableId, prompt, promptKey: key, definition, ...by })
    return { set: {}, details: { prompt } }
  })
}

/** Takes the mark away; without one nothing happens. Throws `UserError` not_found. */
export async function unverifyTable(call: TableCall): Promise<TableView> {
  return changeTable(call, 'tables.verify', async (tx, { row }) =>
    (await dropVerified(tx, row)) ? { set: {}, details: { ended: true } } : {},
  )
}

async function refuseTwice(tx: Db, row: TableRow, key: string): Promise<void> {
  const mine = eq(verifiedPrompts.organizationId, row.organizationId)
  const other = and(mine, ne(verifiedPrompts.tableId, row.id))
  const [taken] = await tx
    .select({ tableId: verifiedPrompts.tableId })
    .from(verifiedPrompts)
    .where(and(other, eq(verifiedPrompts.promptKey, key)))
  if (taken !== undefined) {
    throw new UserError('conflict', 'Cannot verify the table: its prompt is verified for another one', {
      fix: `take the mark from table "${taken.tableId}" first, or give other words`,
    })
  }
  const [all] = await tx.select({ many: count() }).from(verifiedPrompts).where(other)
  if ((all?.many ?? 0) < MAX_VERIFIED) return
  throw new UserError('conflict', `Cannot verify more than ${MAX_VERIFIED} prompts`, {
    fix: 'take the mark from those that nobody asks any more',
  })
}
