/** From a pool that it drains a server gives nothing new, and promises nobody more than was promised before (decision 0117). */
import { bindingKey } from '@tandem/engine'
import { MessageType } from '@tandem/protocol'
import { nameOf } from '../actors/client-message.ts'
import { holderOf, holderText } from '../world/lease-holder.ts'
import { defineChecker } from './checker.ts'
import { DrainedPools } from './drained-pools.ts'
import { answerIn, clientMessageOf } from './read-reply.ts'

export const drainedPoolGivesNone = defineChecker({
  name: 'drained-pool-gives-none',
  property: 'No lease of a pool that a server drains goes to a client that did not hold it, or is extended by it.',
  watch: ({ world, onlooker, report }) => {
    const drained = new DrainedPools(world)
    return {
      started: (server) => {
        drained.started(server)
      },
      decided(server, event, effects, _engine, now) {
        drained.decided(server, effects)
        if (event.kind !== 'datagram-received') return
        for (const output of effects.afterCommit) {
          const message = output.kind === 'send-datagram' ? clientMessageOf(output.bytes) : undefined
          if (message?.type !== MessageType.Reply && message?.type !== MessageType.Advertise) continue
          const { client, leases } = answerIn(message)
          for (const lease of leases) {
            if (lease.validSeconds === 0 || !drained.has(server, lease)) continue
            const record = onlooker.lease(server, bindingKey(lease.kind, lease.prefix))
            const isHeld = record?.status === 'ACTIVE' && holderOf(record) === holderText(client, lease)
            const promisedMs = isHeld ? (record.statusExpiresAt ?? 0) - now : 0
            if (!isHeld) report(`${server} gave ${nameOf(lease)} of a pool that it drains`)
            else if (lease.validSeconds * 1000 > promisedMs || lease.preferredSeconds > 0) {
              report(`${server} extended ${nameOf(lease)} of a pool that it drains`)
            }
          }
        }
      },
    }
  },
})
