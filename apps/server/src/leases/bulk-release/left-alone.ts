/** Why a lease is left alone before the engine is even asked: what the preview counts, and what spares the engine a refusal. */
import type { Problem } from '@tandem/api-contract'
import type { EndpointState } from '@tandem/engine'
import type { LeaseRow } from '../../storage/leases.queries.ts'
import type { AsOf } from './as-of.ts'

export type Refusal = NonNullable<Problem['refusal']>

/** As the engine has it (decision 0115), which has the last word. */
const JUST_HEARD_MS = 6_000

const admitsRelease: Readonly<Record<EndpointState, boolean>> = {
  NORMAL: true,
  'COMMUNICATIONS-INTERRUPTED': true,
  'PARTNER-DOWN': true,
  'CONFLICT-DONE': true,
  'RESOLUTION-INTERRUPTED': true,
  STARTUP: false,
  'POTENTIAL-CONFLICT': false,
  RECOVER: false,
  'RECOVER-WAIT': false,
  'RECOVER-DONE': false,
}

export interface NamedState {
  readonly name: string
  readonly state: EndpointState
}

type Judged = Pick<LeaseRow, 'status' | 'relationship' | 'clientHeardAt' | 'partnerHeardClientAt' | 'commitNumber'>

/** Undefined: it would be released. */
export function leftAlone(
  row: Judged | undefined,
  asOf: AsOf,
  relationships: readonly NamedState[],
): Refusal | undefined {
  if (row === undefined) return 'unknown-lease'
  // Somebody who renews is not gone, and a client that came since was not counted.
  if (row.commitNumber > asOf.commitNumber) return 'changed-since-preview'
  if (row.status !== 'ACTIVE') return 'lease-not-active'
  if (Math.max(0, asOf.atMs - heardAt(row)) <= JUST_HEARD_MS) return 'client-just-heard'
  if (row.relationship === null) return undefined
  const state = relationships.find(({ name }) => name === row.relationship)?.state
  if (state === undefined) return 'unknown-relationship'
  return admitsRelease[state] ? undefined : 'state-does-not-allow'
}

const heardAt = ({ clientHeardAt, partnerHeardClientAt }: Judged): number =>
  Math.max(clientHeardAt ?? 0, partnerHeardClientAt ?? 0)
