/**
 * Whoever is alone in PARTNER-DOWN must be heard by a partner that starts before that one serves (RFC 8156 sections 8.3 and
 * 8.4). The primary dials, so none of its connections may hang for longer than the start-up time leaves it: one that was
 * accepted just before the partner lost its power is not closed by anybody else (decision 0071).
 */
import type { RelationshipConfiguration } from '../../configuration/configuration.ts'
import { addSeconds, earliest, type Instant } from '../../time/instant.ts'
import type { EndpointState } from '../endpoint-record.ts'
import { HANDSHAKE_SECONDS_MAX, type PartnerConnection } from './partner-connection.ts'

/** Even a busy partner manages a handshake within it. */
const FIRST_STATE_SECONDS_MIN = 3

/** Seconds from the opening of a connection to the partner's first STATE; undefined: the limit of any handshake will do. */
export function firstStateWithinSeconds(
  state: EndpointState,
  { role, startupSeconds, reconnectSeconds }: RelationshipConfiguration,
): number | undefined {
  if (role !== 'primary' || state !== 'PARTNER-DOWN') return undefined
  const left = startupSeconds - reconnectSeconds - 1
  return Math.max(FIRST_STATE_SECONDS_MIN, Math.min(HANDSHAKE_SECONDS_MAX, left))
}

/** When a connection that has not come so far is given up. */
export function handshakeEndsAt(
  connection: PartnerConnection,
  firstStateWithin: number | undefined,
): Instant | undefined {
  const endsAt = connection.handshakeEndsAt()
  if (firstStateWithin === undefined || connection.wasEstablished || connection.stage === 'closed') return endsAt
  return earliest(endsAt, addSeconds(connection.openedAt, firstStateWithin))
}
