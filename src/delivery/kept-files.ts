// Files kept for a while: too large for a mail, or made by a worker. In: bytes as they come. Out: an id, links, and the
// bytes again. Refused: more than an organization may keep; a link that expired, or whose table is deleted since.
import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { fileLinks, keptFiles, keptPieces } from '../db/schema-deliveries.ts'
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'
import { hashText } from '../lib/hash.ts'
import { newId, newSecret } from '../lib/id.ts'
import { subjectOf } from './subject.ts'

const A_DAY_MS = 86_400_000
export const LINK_DAYS = 7
export const MAX_BYTES_OF_ORGANIZATION = 2 * 1024 * 1024 * 1024
const PIECE_BYTES = 512 * 1024

export type KeptFile = {
  readonly organizationId: string
  readonly subjectId: string
  readonly name: string
  readonly contentType: string
}

/** Writes a file piece by piece; gives its id. Throws `UserError` conflict when the organization keeps too much. */
export async function keepFile(
  db: Db,
  { organizationId, subjectId, name, contentType }: KeptFile,
  chunks: AsyncIterable<Uint8Array>,
  now: Date,
): Promise<{ id: string; bytes: number }> {
  const id = newId('fil', now.getTime())
  const expiresAt = new Date(now.getTime() + LINK_DAYS * A_DAY_MS)
  await db.insert(keptFiles).values({ organizationId, id, subjectId, name, contentType, createdAt: now, expiresAt })
  const that = and(eq(keptFiles.organizationId, organizationId), eq(keptFiles.id, id))
  try {
    const room = MAX_BYTES_OF_ORGANIZATION - (await bytesKept(db, organizationId))
    let [bytes, position] = [0, 0]
    for await (const data of pieces(chunks)) {
      bytes += data.length
      if (bytes > room) throw full()
      await db.insert(keptPieces).values({ organizationId, fileId: id, position, data })
      position += 1
    }
    await db.update(keptFiles).set({ bytes, complete: true }).where(that)
    return { id, bytes }
  } catch (error) {
    await db.delete(keptFiles).where(that)
    throw error
  }
}

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

/** A link for one recipient: the token to put into an address. Only its hash is kept. */
export async function linkTo(
  db: Db,
  { organizationId, fileId, recipient }: { organizationId: string; fileId: string; recipient: string },
): Promise<string> {
  const token = newSecret('twf')
  await db.insert(fileLinks).values({ tokenHash: hashText(token), organizationId, fileId, recipient })
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
    .select({ file: keptFiles })
    .from(fileLinks)
    .innerJoin(
      keptFiles,
      and(eq(keptFiles.organizationId, fileLinks.organizationId), eq(keptFiles.id, fileLinks.fileId)),
    )
    .where(and(eq(fileLinks.tokenHash, hashText(token)), gt(keptFiles.expiresAt, now), eq(keptFiles.complete, true)))
  const subject = found && (await subjectOf(db, found.file.organizationId, found.file.subjectId))
  if (found === undefined || subject === undefined || subject.deletedAt !== null) {
    throw new UserError('not_found', 'Cannot open the file: the link has expired, or its table is gone', {
      fix: 'open the table to download it again, or ask its owner to send it again',
    })
  }
  const { organizationId, id, name, contentType, bytes } = found.file
  return { name, contentType, size: bytes, bytes: read(db, organizationId, id) }
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
