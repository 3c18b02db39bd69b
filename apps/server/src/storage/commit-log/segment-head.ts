/** The first record of a segment says what it is and whose. */
import { StorageUnusable } from '../storage-unusable.ts'

export const HEAD_NUMBER = 0
const FORMAT = 2
/** Written before endpoints could be handed over; `commitFromText` reads it too. */
const FORMAT_BEFORE = 1

export function segmentHead(serverDuid: string): string {
  return JSON.stringify({ is: 'Tandem commit log', format: FORMAT, server: serverDuid })
}

/** Throws StorageUnusable where this server must not read it. */
export function mustBeOurs(head: string, serverDuid: string, file: string): void {
  const parsed: unknown = JSON.parse(head)
  const { format, server } = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {}
  if (format !== FORMAT && format !== FORMAT_BEFORE) {
    throw new StorageUnusable(
      `The commit log ${file} was written by another version of Tandem (format ${String(format)}). ` +
        'Start that version once and stop it in order, then this one.',
    )
  }
  if (server !== serverDuid) {
    throw new StorageUnusable(
      `The commit log ${file} belongs to another server (${String(server)}) than the database beside it (${serverDuid}). ` +
        'If the database is new because the old one was lost, move the folder of the commit log away.',
    )
  }
}
