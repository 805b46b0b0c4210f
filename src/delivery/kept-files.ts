// Files kept for a while: too large for a mail, or made by a worker. In: bytes as they come. Out: an id, links, and the
// bytes again. Refused: more than an organization may keep; a link that expired, whose table is deleted since,
// or whose reader has lost what it shows.
import { and, asc, desc, eq, gt, ne, notInArray, sql } from 'drizzle-orm'
import { fileLinks, keptFiles, keptPieces } from '../db/schema-deliveries.ts'
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'
import { hashText } from '../lib/hash.ts'
import { newId, newSecret } from '../lib/id.ts'
import { findTable } from '../tables/find.ts'
import { identityOf } from './run-as.ts'
import { subjectOf } from './subject.ts'

const A_DAY_MS = 86_400_000
export const LINK_DAYS = 7
/** A file whose writer died goes with its pieces. */
const WRITING_DAYS = 1
export const MAX_BYTES_OF_ORGANIZATION = 2 * 1024 * 1024 * 1024
const PIECE_BYTES = 512 * 1024
/** Of one file for one reader: the latest. */
const MAX_LINKS = 5

export type KeptFile = {
  readonly organizationId: string
  readonly subjectId: string
  readonly name: string
  readonly contentType: string
  /** What it is made of; a file of the same that is kept already is taken instead. */
  readonly madeOf?: string
}

/** Writes a file piece by piece; gives its id. Throws `UserError` conflict when the organization keeps too much. */
export async function keepFile(
  db: Db,
  file: KeptFile,
  chunks: AsyncIterable<Uint8Array>,
  now: Date,
  maxBytes = MAX_BYTES_OF_ORGANIZATION,
): Promise<{ id: string; bytes: number }> {
  const known = await sameFile(db, file, now)
  if (known !== undefined) return known
  const { organizationId } = file
  const id = newId('fil', now.getTime())
  await db.insert(keptFiles).values({ ...file, id, createdAt: now, expiresAt: later(now, WRITING_DAYS) })
  const that = and(eq(keptFiles.organizationId, organizationId), eq(keptFiles.id, id))
  try {
    let [bytes, position] = [0, 0]
    for await (const data of pieces(chunks)) {
      bytes += data.length
      await db.transaction(async (tx) => {
        // One writer of an organization at a time counts and adds, so that many together keep to the bound too.
        await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`kept files of ${organizationId}`}, 0))`)
        if ((await bytesKept(tx, organizationId)) + data.length > maxBytes) throw full()
        await tx.insert(keptPieces).values({ organizationId, fileId: id, position, data })
        await tx.update(keptFiles).set({ bytes }).where(that)
      })
      position += 1
    }
    await db
      .update(keptFiles)
      .set({ complete: true, expiresAt: later(now, LINK_DAYS) })
      .where(that)
    return { id, bytes }
  } catch (error) {
    await dropFile(db, organizationId, id)
    throw error
  }
}

/** Lets go of a file with its pieces and links. */
export async function dropFile(db: Db, organizationId: string, id: string): Promise<void> {
  await db.delete(keptFiles).where(and(eq(keptFiles.organizationId, organizationId), eq(keptFiles.id, id)))
}

/** The same file, kept before and good for most of its time yet. */
async function sameFile(
  db: Db,
  { organizationId, subjectId, madeOf }: KeptFile,
  now: Date,
): Promise<{ id: string; bytes: number } | undefined> {
  if (madeOf === undefined) return undefined
  const [found] = await db
    .select({ id: keptFiles.id, bytes: keptFiles.bytes })
    .from(keptFiles)
    .where(
      and(
        eq(keptFiles.organizationId, organizationId),
        eq(keptFiles.subjectId, subjectId),
        eq(keptFiles.madeOf, madeOf),
        eq(keptFiles.complete, true),
        gt(keptFiles.expiresAt, later(now, LINK_DAYS - 1)),
      ),
    )
    .limit(1)
  return found
}

const later = (now: Date, days: number): Date => new Date(now.getTime() + days * A_DAY_MS)

async function bytesKept(db: Db, organizationId: string): Promise<number> {
  const [sum] = await db
    .select({ bytes: sql<string>`coalesce(sum(${keptFiles.bytes}), 0)` })
    .from(keptFiles)
    .where(eq(keptFiles.organizationId, organizationId))
  return Number(sum?.bytes ?? 0)
}

function full(): UserError {
  return new UserError('conflict', 'Cannot keep the file: your organization keeps as many as it may', {
    fix: `wait until older ones expire (after ${LINK_DAYS} days), or ask for fewer rows`,
  })
}

async function* pieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    waiting.push(chunk)
    size += chunk.length
    if (size < PIECE_BYTES) continue
    yield Buffer.concat(waiting)
    waiting = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(waiting)
}

type Linked = {
  readonly organizationId: string
  readonly fileId: string
  readonly recipient: string
  /** A member: the link opens for as long as they are one and have these roles. */
  readonly member?: { readonly userId: string; readonly roles: readonly string[] } | undefined
}

/** A link for one recipient: the token to put into an address. Only its hash is kept; the oldest beyond five go. */
export async function linkTo(db: Db, { organizationId, fileId, recipient, member }: Linked): Promise<string> {
  const token = newSecret('twf')
  const values = { tokenHash: hashText(token), organizationId, fileId, recipient, ...member }
  await db.insert(fileLinks).values(values)
  const theirs = and(
    eq(fileLinks.organizationId, organizationId),
    eq(fileLinks.fileId, fileId),
    eq(fileLinks.recipient, recipient),
  )
  const latest = db
    .select({ tokenHash: fileLinks.tokenHash })
    .from(fileLinks)
    .where(theirs)
    .orderBy(desc(fileLinks.createdAt), desc(fileLinks.tokenHash))
    .limit(MAX_LINKS)
  await db
    .delete(fileLinks)
    .where(and(theirs, ne(fileLinks.tokenHash, values.tokenHash), notInArray(fileLinks.tokenHash, latest)))
  return token
}

export type OpenedFile = {
  readonly name: string
  readonly contentType: string
  readonly size: number
  readonly bytes: AsyncIterable<Uint8Array>
}

/** The file behind a link. Throws `UserError` not_found for one that expired, was revoked or never was. */
export async function openLink(db: Db, token: string, now: Date): Promise<OpenedFile> {
  const [found] = await db
    .select({ file: keptFiles, link: fileLinks })
    .from(fileLinks)
    .innerJoin(
      keptFiles,
      and(eq(keptFiles.organizationId, fileLinks.organizationId), eq(keptFiles.id, fileLinks.fileId)),
    )
    .where(and(eq(fileLinks.tokenHash, hashText(token)), gt(keptFiles.expiresAt, now), eq(keptFiles.complete, true)))
  const subject = found && (await subjectOf(db, found.file.organizationId, found.file.subjectId))
  if (
    found === undefined ||
    subject === undefined ||
    subject.deletedAt !== null ||
    !(await stillTheirs(db, found.link, found.file.subjectId))
  ) {
    throw new UserError(
      'not_found',
      'Cannot open the file: the link has expired, or what it shows is not yours any more',
      {
        fix: 'open the table to download it again, or ask its owner to send it again',
      },
    )
  }
  const { organizationId, id, name, contentType, bytes } = found.file
  return { name, contentType, size: bytes, bytes: read(db, organizationId, id) }
}

/** Whether a member may still have what their link leads to; one who asked for the file must see its table too. */
async function stillTheirs(
  db: Db,
  { organizationId, userId, recipient, roles }: typeof fileLinks.$inferSelect,
  subjectId: string,
): Promise<boolean> {
  if (userId === null) return true
  try {
    const identity = await identityOf(db, organizationId, userId)
    if (!(roles ?? []).every((role) => identity.roles.includes(role))) return false
    if (recipient === userId) await findTable(db, identity, subjectId, 'tables.export')
    return true
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}

async function* read(db: Db, organizationId: string, fileId: string): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; position += 1) {
    const [piece] = await db
      .select({ data: keptPieces.data })
      .from(keptPieces)
      .where(
        and(
          eq(keptPieces.organizationId, organizationId),
          eq(keptPieces.fileId, fileId),
          eq(keptPieces.position, position),
        ),
      )
      .orderBy(asc(keptPieces.position))
    if (piece === undefined) return
    yield piece.data
  }
}
