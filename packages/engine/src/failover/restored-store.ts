/** What becomes of the endpoints in a store that came back from a backup: as after its loss (RFC 8156 section 8.3.2, decision 0070). */
import type { RelationshipConfiguration } from '../configuration/configuration.ts'
import type { Instant } from '../time/instant.ts'
import type { EndpointRecord } from './endpoint-record.ts'
import { startupRecord } from './startup.ts'

/**
 * The records with which a restored store begins: RECOVER, everything to be fetched from the partner, and a wait of MCLT
 * from `restoredAt`, before which the server cannot have stopped later. A configured relationship that the backup does
 * not know yet gets one too, since the pair may have run after the backup was made.
 */
export function lostStoreRecords(
  stored: readonly EndpointRecord[],
  relationships: readonly RelationshipConfiguration[],
  restoredAt: Instant,
): readonly EndpointRecord[] {
  const facts = { startedAt: restoredAt, lastCommitAt: undefined, ranUntil: undefined }
  const known = new Set(stored.map(({ relationship }) => relationship))
  const unknown = relationships
    .filter(({ name }) => !known.has(name))
    .map((relationship) => startupRecord(relationship, undefined, facts))
  return [...stored, ...unknown].map((record) => lost(record, restoredAt))
}

function lost(record: EndpointRecord, restoredAt: Instant): EndpointRecord {
  return {
    ...record,
    state: 'RECOVER',
    previousState: record.state,
    stateSince: restoredAt,
    // What the partner was then says nothing of what it is now.
    partner: undefined,
    inContact: false,
    partnerStoppedAt: undefined,
    // Said to the partner too: had it lost its memory as well, neither may take this for a first meeting.
    communicated: true,
    fullResyncOwed: true,
    timeOfFailure: restoredAt,
    lastPromiseAt: undefined,
    // Of the time of the backup: whoever restores wants the server to come back.
    handedOver: undefined,
  }
}
