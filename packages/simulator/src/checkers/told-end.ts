/** When a lease ends, as an update tells it: from its record, or from what was acknowledged of it (RFC 8156 section 7.4, decision 0030). */
import type { Binding } from '@tandem/engine'
import { toDhcpTime } from '@tandem/protocol'
import type { UpdatedLease } from '../world/read-frame.ts'

/**
 * An ended lease has no timeout, unless it is told to a partner that recovers: then what was acknowledged to that of the
 * lease stands there, and a status, a beginning and a client that are those of the record still tell this end and no other.
 */
export function isEndAsTold(record: Binding, told: UpdatedLease, mayBeToldRecovering: boolean): boolean {
  const isEnded = record.status === 'EXPIRED' || record.status === 'RELEASED' || record.status === 'RESET'
  const acked = mayBeToldRecovering && isEnded ? record.expirationTime : undefined
  const ends = [record.statusExpiresAt, ...(acked === undefined ? [] : [acked])]
  return ends.some((end) => told.statusExpiresAt === (end === undefined ? undefined : toDhcpTime(end)))
}
