/** What must hold after every step; on in production, because stopping is better than a wrong promise. */
import type { Binding } from './bindings/binding.ts'
import { leaseText } from './bindings/lease-text.ts'
import type { Effects } from './effects.ts'

/** Two size octets and the largest message (RFC 5460 section 5.1). */
const FRAME_OCTETS_MAX = 65_537

export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant'
}

export function checkInvariants(effects: Effects): void {
  for (const change of effects.commit) {
    if (change.kind === 'binding-put') checkBinding(change.binding)
  }
  for (const output of effects.afterCommit) {
    if (output.kind === 'send-frame') must(output.bytes.length <= FRAME_OCTETS_MAX, () => 'a frame fits its size field')
  }
}

function checkBinding(binding: Binding): void {
  must(binding.kind === 'prefix' || binding.prefix.length === 128, () => `${leaseText(binding)} is one address`)
  if (binding.status === 'ACTIVE') {
    must(binding.client !== undefined, () => `${leaseText(binding)} is ACTIVE for a client`)
    must(binding.statusExpiresAt !== undefined, () => `${leaseText(binding)} is ACTIVE until a time`)
  }
  if (binding.relationship === undefined)
    must(!binding.owedToPartner, () => `${leaseText(binding)} has no partner to be told`)
}

/** What must hold is put into words only where it does not. */
function must(holds: boolean, what: () => string): void {
  if (!holds) throw new BrokenInvariant(what())
}
