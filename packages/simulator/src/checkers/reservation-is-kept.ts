/** What a server keeps for one client it gives to no other (decision 0075). */
import { bindingKey } from '@tandem/engine'
import { MessageType } from '@tandem/protocol'
import { nameOf } from '../actors/client-message.ts'
import { defineChecker, roleOf } from './checker.ts'
import { answerIn, clientMessageOf } from './read-reply.ts'

export const reservationIsKept = defineChecker({
  name: 'reservation-is-kept',
  property: 'No server gives or extends a lease that its configuration keeps for another client.',
  watch: ({ world, report }) => ({
    decided(server, event, effects) {
      if (event.kind !== 'datagram-received') return
      const kept = world.server(roleOf(server)).configuration.subnets.flatMap(({ reservations }) => reservations)
      if (kept.length === 0) return
      for (const output of effects.afterCommit) {
        const message = output.kind === 'send-datagram' ? clientMessageOf(output.bytes) : undefined
        if (message?.type !== MessageType.Reply && message?.type !== MessageType.Advertise) continue
        const { client, leases } = answerIn(message)
        for (const lease of leases) {
          const key = bindingKey(lease.kind, lease.prefix)
          const owner = kept.find(({ kind, prefix }) => bindingKey(kind, prefix) === key)?.duid
          if (lease.validSeconds === 0 || owner === undefined || owner === client) continue
          report(`${server} gave ${nameOf(lease)}, which is kept for another`)
        }
      }
    },
  }),
})
