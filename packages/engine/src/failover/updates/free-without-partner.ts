/** PARTNER-DOWN: ended leases become available without an acknowledgement, once MCLT has passed (RFC 8156 sections 7.2 and 8.4.1). */
import type { Binding } from '../../bindings/binding.ts'
import type { Step } from '../../step.ts'
import { addSeconds, latest, type Instant } from '../../time/instant.ts'
import type { UpdatesHost } from '../endpoint.ts'
import { isEnded, madeAvailable } from './available-status.ts'

/** Bounds one step. */
const FREED_PER_STEP_MAX = 256

/** True: more of them are due now. */
export function freeWithoutPartner(step: Step, host: UpdatesHost): boolean {
  const since = host.partnerDownSince()
  if (since === undefined) return false
  const due: Binding[] = []
  for (const binding of host.table.owedTo(host.relationship.name)) {
    if (!isEnded(binding.status) || freeFrom(binding, since, host.mcltSeconds()) > step.now) continue
    if (due.length === FREED_PER_STEP_MAX) break
    due.push(binding)
  }
  // Still owed: the partner has to hear of it when it is back.
  for (const binding of due) step.changeBinding({ ...madeAvailable(binding), statusSince: step.now }, 'expiry')
  return due.length === FREED_PER_STEP_MAX
}

/** The latest of all promises and of the two beginnings, and MCLT beyond (digest section 9, A8). */
function freeFrom(binding: Binding, partnerDownSince: Instant, mcltSeconds: number): Instant {
  const { statusSince, statusExpiresAt, partnerLifetime, ackedPartnerLifetime, expirationTime } = binding
  const last = latest(
    statusSince,
    partnerDownSince,
    statusExpiresAt,
    partnerLifetime,
    ackedPartnerLifetime,
    expirationTime,
  )
  return addSeconds(last, mcltSeconds)
}
