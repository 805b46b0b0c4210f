// Prompts that an admin has verified. In: a prompt and whose. Out: the exact answer where there is one, and the verified
// prompts most like it, as examples for a model. Left out: whatever the asker may not see, and tables that are not open
// to the whole organization any more.
import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Catalog } from '../catalog/schema.ts'
import { visibleCatalog } from '../catalog/visible.ts'
import { users } from '../db/schema-access.ts'
import { tables } from '../db/schema-tables.ts'
import { verifiedPrompts } from '../db/schema-translations.ts'
import type { Db } from '../db/store.ts'
import { checkDefinition } from '../definition/check.ts'
import { upgradeDefinition } from '../definition/upgrade.ts'
import type { Scope } from '../lib/scope.ts'
import { likeness, promptKey } from './prompt-key.ts'
import type { Example } from './types.ts'

/** Verified prompts of one organization; verifying more is refused. */
export const MAX_VERIFIED = 500
const EXAMPLES = 3
const ALIKE = 0.2

export type Verified = Example & { readonly tableId: string; readonly by: string; readonly at: Date }
export type VerifiedFor = { readonly exact?: Verified; readonly examples: readonly Example[] }

/** What is verified about a prompt, as its asker may see it. */
export async function verifiedFor(options: {
  db: Db
  catalog: Catalog
  scope: Scope
  prompt: string
}): Promise<VerifiedFor> {
  const { db, catalog, scope, prompt } = options
  const rows = await openVerified(db, scope.organizationId)
  if (rows.length === 0) return { examples: [] }
  const visible = visibleCatalog(catalog, scope.roles)
  const readable = (row: (typeof rows)[number]): Verified | undefined => {
    const upgraded = upgradeDefinition(row.definition)
    if (!upgraded.ok || checkDefinition(upgraded.definition, visible).length > 0) return undefined
    const { tableId, prompt: words, by, at } = row
    return { tableId, prompt: words, by, at, definition: upgraded.definition }
  }
  const key = promptKey(prompt)
  const same = rows.find((row) => row.promptKey === key)
  const exact = same && readable(same)
  const examples = rows
    .filter((row) => row !== same)
    .map((row) => ({ row, alike: likeness(row.prompt, prompt) }))
    .filter(({ alike }) => alike >= ALIKE)
    .sort((a, b) => b.alike - a.alike)
    .flatMap(({ row }) => readable(row) ?? [])
    .slice(0, EXAMPLES)
    .map(({ prompt: words, definition }) => ({ prompt: words, definition }))
  return { ...(exact && { exact }), examples }
}

/** All that count now, the newest first. */
export function openVerified(db: Db, organizationId: string) {
  return db
    .select({
      tableId: verifiedPrompts.tableId,
      name: tables.name,
      prompt: verifiedPrompts.prompt,
      promptKey: verifiedPrompts.promptKey,
      definition: verifiedPrompts.definition,
      by: users.name,
      at: verifiedPrompts.verifiedAt,
    })
    .from(verifiedPrompts)
    .innerJoin(
      tables,
      and(eq(tables.organizationId, verifiedPrompts.organizationId), eq(tables.id, verifiedPrompts.tableId)),
    )
    .innerJoin(users, eq(users.id, verifiedPrompts.verifiedBy))
    .where(
      and(eq(verifiedPrompts.organizationId, organizationId), isNull(tables.deletedAt), eq(tables.visibility, 'ORG')),
    )
    .orderBy(desc(verifiedPrompts.verifiedAt), desc(verifiedPrompts.tableId))
    .limit(MAX_VERIFIED)
}
