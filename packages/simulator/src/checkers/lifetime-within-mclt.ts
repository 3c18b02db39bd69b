/** Outside PARTNER-DOWN no client's lifetime goes beyond max(acknowledged, now) + MCLT (RFC 8156 section 4.4). */
import { fromDhcpTime, MessageType } from '@tandem/protocol'
import { bindingKey, type EndpointRecord } from '@tandem/engine'
import { nameOf } from '../actors/client-message.ts'
import type { World } from '../world/world.ts'
import { readFrame, updatedLeases } from '../world/read-frame.ts'
import { defineChecker } from './checker.ts'
import { promisedBy } from './read-reply.ts'

export const lifetimeWithinMclt = defineChecker({
  name: 'lifetime-within-mclt',
  property: 'No lifetime beyond max(acknowledged, now) + MCLT outside PARTNER-DOWN.',
  watch: ({ world, onlooker, report }) => {
    /** By who acknowledged, and lease: the greatest lifetime; what was sent counts, whether it arrived or not. */
    const acknowledged = new Map<string, number>()
    return {
      released(server, output, now) {
        const message = readFrame(output)
        if (message?.type !== MessageType.Bndreply) return
        for (const { kind, prefix, refusal, partnerLifetimeSent } of updatedLeases(message.options)) {
          if (refusal !== undefined || partnerLifetimeSent === undefined || partnerLifetimeSent === 0) continue
          const key = `${server} ${bindingKey(kind, prefix)}`
          const until = fromDhcpTime(partnerLifetimeSent, now)
          acknowledged.set(key, Math.max(acknowledged.get(key) ?? 0, until))
        }
      },
      decided(server, _event, effects, _engine, now) {
        // A step that answers a client does not move the endpoint.
        if (onlooker.stateOf(server) !== 'PARTNER-DOWN') {
          const partner = server === 'primary' ? 'secondary' : 'primary'
          for (const output of effects.afterCommit) {
            for (const lease of promisedBy(output)?.leases ?? []) {
              const acked = acknowledged.get(`${partner} ${bindingKey(lease.kind, lease.prefix)}`) ?? 0
              const allowed = Math.max(acked, now) + mcltSecondsOf(world, onlooker.endpointOf(server)) * 1000
              if (now + lease.validSeconds * 1000 <= allowed) continue
              const beyond = Math.round((now + lease.validSeconds * 1000 - allowed) / 1000)
              report(`${server} in ${onlooker.stateOf(server)} gave ${nameOf(lease)} for ${beyond} s too long`)
            }
          }
        }
      },
    }
  },
})

/** The primary's, which may run with another for a while; without contact the one that was agreed goes on (RFC 8156 section 6.1.2). */
function mcltSecondsOf(world: World, endpoint: EndpointRecord | undefined): number {
  const configured = world.primary.configuration.relationships.map(({ mcltSeconds }) => mcltSeconds)
  return Math.max(world.settings.mcltSeconds, endpoint?.mcltSeconds ?? 0, ...configured)
}
