/** A lease as a reservation of the configuration file, or why it cannot be one. */
import type { Lease } from '@tandem/api-contract'

/** Names in DNS only: what a client calls itself may be anything. */
const HOST_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i

export type Reservable =
  | { readonly can: true; readonly line: string; readonly subnet: string }
  | { readonly can: false; readonly because: string }

export function reservationOf({ client, kind, lease, state, subnetId, clientHostName }: Lease): Reservable {
  if (client === null) return { can: false, because: 'No client holds it, and none is remembered.' }
  if (client.iaType === 'IA_TA') {
    return { can: false, because: 'It is a temporary address, which its client changes now and then by itself.' }
  }
  if (state === 'abandoned') return { can: false, because: 'It is quarantined: somebody else uses it.' }
  const hostName = clientHostName !== null && HOST_NAME.test(clientHostName) ? `, hostname: ${clientHostName}` : ''
  return { can: true, line: `- { duid: '${client.duid}', ${kind}: '${lease}'${hostName} }`, subnet: subnetId }
}
