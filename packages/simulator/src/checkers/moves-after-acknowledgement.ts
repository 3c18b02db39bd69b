/** No lease goes from one client to another before the partner has recorded its end (RFC 8156 sections 4.2.2.1 and 8.8.1). */
import { bindingKey } from '@tandem/engine'
import type { Duid } from '@tandem/protocol'
import { nameOf } from '../actors/client-message.ts'
import { DecidedStates, defineChecker } from './checker.ts'
import { promisedBy } from './read-reply.ts'

export const movesAfterAcknowledgement = defineChecker({
  name: 'moves-after-acknowledgement',
  property: 'No lease moves to another client before the partner acknowledged its end.',
  watch: ({ world, report }) => {
    const states = new DecidedStates()
    const lastClient = new Map<string, Duid>()
    return {
      started: (server) => {
        states.started(server)
      },
      decided(server, event, effects, engine, now) {
        const partner = world.servers.find(({ name }) => name !== server)
        for (const output of effects.afterCommit) {
          const promised = promisedBy(output)
          for (const lease of promised?.leases ?? []) {
            const key = bindingKey(lease.kind, lease.prefix)
            const before = lastClient.get(key)
            if (promised !== undefined) lastClient.set(key, promised.client)
            if (before === undefined || before === promised?.client || states.of(server) === 'PARTNER-DOWN') continue
            const known = partner?.store.binding(key)
            if (known?.status !== 'ACTIVE' || known.client?.duid !== before) continue
            report(`${server} gave ${nameOf(lease)} to another client while its partner still has it as ACTIVE`)
          }
        }
        states.decided(server, event, effects, engine, now)
      },
    }
  },
})
