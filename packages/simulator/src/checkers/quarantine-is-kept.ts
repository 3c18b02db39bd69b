/** A declined address is given to nobody until an operator has reset it (RFC 8156 section 7.2, transitions 9 and 10; decision 0073). */
import { bindingKey, keyOf } from '@tandem/engine'
import type { Binding, Instant } from '@tandem/engine'
import { MessageType } from '@tandem/protocol'
import { nameOf } from '../actors/client-message.ts'
import { defineChecker, roleOf } from './checker.ts'
import { answerIn, clientMessageOf } from './read-reply.ts'

export const quarantineIsKept = defineChecker({
  name: 'quarantine-is-kept',
  property:
    'An address that both servers know to be declined is given by neither until it is reset, whatever befalls them.',
  watch: ({ world, report }) => {
    /** On both disks at once, and not reset since. */
    const declined = new Set<string>()
    /** When the client of what a server has quarantined was last heard, by server and lease. */
    const heardAt = new Map<string, Instant>()
    return {
      committed(server, changes) {
        const partner = world.partnerOf(world.server(roleOf(server)))
        for (const change of changes) {
          if (change.kind !== 'binding-put') continue
          const { binding } = change
          const key = keyOf(binding)
          const own = `${server} ${key}`
          if (binding.status === 'RESET' || isGivenUnawares(heardAt.get(own), binding)) declined.delete(key)
          heardAt.delete(own)
          if (binding.status !== 'ABANDONED') continue
          heardAt.set(own, binding.clientHeardAt ?? binding.statusSince)
          if (partner.store.binding(key)?.status === 'ABANDONED') declined.add(key)
        }
      },
      /** With an operator who errs, a server that has lost its memory may be made to serve alone (decision 0071). */
      erased() {
        if (world.history === 'operator-error') declined.clear()
      },
      decided(server, event, effects) {
        for (const change of effects.commit) {
          // By the command: on disk before anything follows from it.
          if (change.kind === 'binding-put' && change.binding.status === 'RESET') declined.delete(keyOf(change.binding))
        }
        if (event.kind !== 'datagram-received' || declined.size === 0) return
        for (const output of effects.afterCommit) {
          const message = output.kind === 'send-datagram' ? clientMessageOf(output.bytes) : undefined
          if (message?.type !== MessageType.Reply && message?.type !== MessageType.Advertise) continue
          for (const lease of answerIn(message).leases) {
            if (lease.validSeconds === 0 || !declined.has(bindingKey(lease.kind, lease.prefix))) continue
            report(`${server} gave ${nameOf(lease)}, which was declined and has not been reset`)
          }
        }
      },
    }
  },
})

/**
 * The partner had not heard of the decline when it gave the lease anew, and its word of that is newer. That its own client has
 * declined the lease since is on its way: until it comes, this server has to believe the grant (seed 16850).
 */
function isGivenUnawares(heardAt: Instant | undefined, { status, partnerHeardClientAt }: Binding): boolean {
  if (heardAt === undefined || partnerHeardClientAt === undefined) return false
  return status === 'ACTIVE' && partnerHeardClientAt > heardAt
}
