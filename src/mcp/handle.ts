// Handles: short names by which a program speaks of a table without repeating its definition. A saved table's is its id;
// what was asked is a turn of a conversation, `cnv_…/3`, which only its owner finds and which goes with its conversation.

import type { Call } from '../context.ts'
import { findConversation, findTurn } from '../conversations/find.ts'
import type { Definition } from '../definition/schema.ts'
import { UserError } from '../errors.ts'
import { findTable } from '../tables/find.ts'
import { readDefinition, runnable } from '../tables/readable.ts'

export type Handle =
  | { readonly kind: 'table'; readonly id: string }
  | { readonly kind: 'turn'; readonly conversationId: string; readonly turn: number }

/** Reads a handle. Throws `UserError` not_found. */
export function readHandle(text: string): Handle {
  if (/^tbl_[0-9a-z]{1,40}$/.test(text)) return { kind: 'table', id: text }
  const [, conversationId, turn] = /^(cnv_[0-9a-z]{1,40})\/([1-9]\d{0,3})$/.exec(text) ?? []
  if (conversationId !== undefined) return { kind: 'turn', conversationId, turn: Number(turn) }
  throw new UserError('not_found', `Cannot find "${text.slice(0, 100)}": no handle looks like this`, {
    fix: 'send a handle that ask, refine, save or list_tables gave',
  })
}

export const writeHandle = (conversationId: string, turn: number): string => `${conversationId}/${turn}`

/** The definition behind a handle, as the caller may run it. Throws `UserError` not_found, conflict, columns_hidden. */
export async function definitionOf(call: Call, handle: Handle): Promise<{ definition: Definition; name: string }> {
  const { ctx, identity } = call
  if (handle.kind === 'table') {
    const { row } = await findTable(ctx.db, identity, handle.id, 'tables.execute')
    return { definition: runnable(readDefinition(row.definition, ctx.catalog, identity), row.name), name: row.name }
  }
  const row = await findConversation(ctx.db, identity, handle.conversationId, 'conversations.get')
  const turn = await findTurn(ctx.db, row, handle.turn)
  if (turn.definition === null) {
    throw new UserError('conflict', `Cannot use "${writeHandle(row.id, turn.number)}": it has no table`, {
      fix: 'send a handle that came with a table',
    })
  }
  const readable = readDefinition(turn.definition, ctx.catalog, identity)
  return { definition: runnable(readable, turn.prompt), name: turn.prompt }
}
