import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'
import { namesOf } from './names.ts'

type Row = { readonly name: string; readonly version: number; readonly updatedBy: string; readonly updatedAt: Date }

/** A change must be of what was read. Throws `UserError` version_conflict, with who was faster and when. */
export async function sameVersion(
  db: Db,
  version: number | undefined,
  { kind, row }: { readonly kind: string; readonly row: Row },
): Promise<void> {
  if (version === undefined || version === row.version) return
  const by = (await namesOf(db, [row.updatedBy])).get(row.updatedBy)
  const at = row.updatedAt.toISOString()
  throw new UserError(
    'version_conflict',
    `Cannot change ${kind} "${row.name}": ${by ?? row.updatedBy} changed it at ${at}, and it is now version ${row.version}, not ${version}`,
    {
      fix: 'read it again and repeat your change on what is there now',
      changed: { ...(by !== undefined && { by }), byId: row.updatedBy, at },
    },
  )
}
