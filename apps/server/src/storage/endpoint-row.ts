/** An endpoint's record as a row and back (RFC 8156 sections 8.1 to 8.3; prisma/schema.prisma, model Endpoint). */
import {
  instant,
  recordedStates,
  type EndpointRecord,
  type HandedOver,
  type Instant,
  type PartnerRecord,
  type RecordedState,
} from '@tandem/engine'
import { asNumber, asText, orNull, orUndefined, type SqlValue } from './sql-value.ts'

/** The last before the number of the commit, since they came last. */
export const HANDED_OVER_COLUMNS = ['handedOverSince', 'handedOverBy', 'handedOverReason'] as const

export const ENDPOINT_COLUMNS = [
  'relationship',
  'state',
  'previousState',
  'stateSince',
  'partnerState',
  'partnerSince',
  'partnerStartup',
  'partnerAckStartup',
  'partnerCommunicated',
  'partnerDownSince',
  'lastHeardFromPartnerAt',
  'communicated',
  'mcltSeconds',
  'fullResyncOwed',
  'timeOfFailure',
  'lastPromiseAt',
  'inContact',
  'partnerStoppedAt',
  'earlierMcltSeconds',
  'earlierMcltUntil',
  ...HANDED_OVER_COLUMNS,
  'commitNumber',
] as const

const quoted = ENDPOINT_COLUMNS.map((column) => `"${column}"`)

export const UPSERT_ENDPOINT = `INSERT INTO "Endpoint" (${quoted.join(', ')}) VALUES (${ENDPOINT_COLUMNS.map(() => '?').join(', ')})
  ON CONFLICT ("relationship") DO UPDATE SET ${ENDPOINT_COLUMNS.slice(1)
    .map((column) => `"${column}" = excluded."${column}"`)
    .join(', ')} WHERE excluded."commitNumber" >= "Endpoint"."commitNumber"`

export const SELECT_ENDPOINTS = `SELECT ${quoted.join(', ')} FROM "Endpoint" ORDER BY "relationship"`

export function endpointToRow(endpoint: EndpointRecord, commitNumber: number): readonly SqlValue[] {
  const { partner } = endpoint
  return [
    endpoint.relationship,
    endpoint.state,
    orNull(endpoint.previousState),
    endpoint.stateSince,
    orNull(partner?.state),
    orNull(partner?.since),
    partner?.startup === true ? 1 : 0,
    partner?.ackStartup === true ? 1 : 0,
    partner?.communicated === true ? 1 : 0,
    orNull(partner?.partnerDownSince),
    orNull(endpoint.lastHeardFromPartnerAt),
    endpoint.communicated ? 1 : 0,
    endpoint.mcltSeconds,
    endpoint.fullResyncOwed ? 1 : 0,
    orNull(endpoint.timeOfFailure),
    orNull(endpoint.lastPromiseAt),
    endpoint.inContact ? 1 : 0,
    orNull(endpoint.partnerStoppedAt),
    orNull(endpoint.earlierMclt?.seconds),
    orNull(endpoint.earlierMclt?.until),
    orNull(endpoint.handedOver?.since),
    orNull(endpoint.handedOver?.operator),
    orNull(endpoint.handedOver?.reason),
    commitNumber,
  ]
}

export function endpointFromRow(row: readonly unknown[]): EndpointRecord {
  const [relationship, state, previousState, stateSince, ...afterState] = row
  const [heardAt, communicated, mcltSeconds, fullResyncOwed, timeOfFailure, lastPromiseAt, ...added] =
    afterState.slice(6)
  const [inContact, stoppedAt, earlierMcltSeconds, earlierMcltUntil, ...handedOver] = added
  return {
    relationship: asText(relationship),
    state: asState(state),
    previousState: orUndefined(previousState, asState),
    stateSince: asInstant(stateSince),
    partner: partnerFrom(afterState.slice(0, 6)),
    lastHeardFromPartnerAt: orUndefined(heardAt, asInstant),
    communicated: asNumber(communicated) === 1,
    mcltSeconds: asNumber(mcltSeconds),
    earlierMclt:
      earlierMcltSeconds === null
        ? undefined
        : { seconds: asNumber(earlierMcltSeconds), until: asInstant(earlierMcltUntil) },
    fullResyncOwed: asNumber(fullResyncOwed) === 1,
    timeOfFailure: orUndefined(timeOfFailure, asInstant),
    lastPromiseAt: orUndefined(lastPromiseAt, asInstant),
    inContact: asNumber(inContact) === 1,
    partnerStoppedAt: orUndefined(stoppedAt, asInstant),
    handedOver: handedOverFrom(handedOver),
  }
}

function handedOverFrom([since, operator, reason]: readonly unknown[]): HandedOver | undefined {
  if (since === null) return undefined
  return { since: asInstant(since), operator: asText(operator), reason: asText(reason) }
}

function partnerFrom(values: readonly unknown[]): PartnerRecord | undefined {
  const [state, since, startup, ackStartup, communicated, partnerDownSince] = values
  if (state === null) return undefined
  return {
    state: asState(state),
    since: asInstant(since),
    startup: asNumber(startup) === 1,
    ackStartup: asNumber(ackStartup) === 1,
    communicated: asNumber(communicated) === 1,
    partnerDownSince: orUndefined(partnerDownSince, asInstant),
  }
}

function asState(value: unknown): RecordedState {
  const state = recordedStates.find((name) => name === value)
  if (state === undefined) throw new Error(`the storage holds ${String(value)} where a failover state stands`)
  return state
}

function asInstant(value: unknown): Instant {
  return instant(asNumber(value))
}
