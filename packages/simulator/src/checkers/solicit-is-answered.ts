/** A well-formed SOLICIT that reaches a serving server with a free lease is answered with one (RFC 9915 section 18.3.1, RFC 8156 section 3). */
import { clientIdOption, findOption, MessageType, preferenceOption } from '@tandem/protocol'
import type { EndpointState, Output, Role } from '@tandem/engine'
import { defineChecker, roleOf } from './checker.ts'
import { isActiveStandby } from './answers-as-state-allows.ts'
import { answerIn, clientMessageOf } from './read-reply.ts'

/** Who is responsive (RFC 8156 section 8); the secondary is not in NORMAL. */
const servesEveryone: Readonly<Record<Role, ReadonlySet<EndpointState>>> = {
  primary: new Set(['NORMAL', 'COMMUNICATIONS-INTERRUPTED', 'PARTNER-DOWN', 'RESOLUTION-INTERRUPTED', 'CONFLICT-DONE']),
  secondary: new Set(['COMMUNICATIONS-INTERRUPTED', 'PARTNER-DOWN', 'RESOLUTION-INTERRUPTED']),
}

export const solicitIsAnswered = defineChecker({
  name: 'solicit-is-answered',
  property: 'A well-formed SOLICIT is answered while a serving server has a free lease.',
  watch: ({ world, onlooker, report }) => {
    /** Told to shut down: they have only to say good-bye. */
    const leaving = new Set<string>()
    return {
      started: (server) => {
        leaving.delete(server)
      },
      decided(server, event, effects, engine, now) {
        const message = event.kind === 'datagram-received' ? clientMessageOf(event.bytes) : undefined
        const state = onlooker.stateOf(server)
        if (event.kind === 'command-received' && event.command.kind === 'shut-down') leaving.add(server)
        if (message?.type !== MessageType.Solicit || leaving.has(server)) return
        if (!servesEveryone[roleOf(server)].has(state)) {
          const isAllowed = isActiveStandby(world, server, state)
            ? effects.afterCommit.every(isLowOffer)
            : effects.afterCommit.length === 0
          if (!isAllowed) report(`${server} answered a SOLICIT in ${state}`)
          return
        }
        const answered = effects.afterCommit.flatMap((output) => {
          const answer = output.kind === 'send-datagram' ? clientMessageOf(output.bytes) : undefined
          return answer === undefined ? [] : answerIn(answer).leases
        })
        // Leases under offer count as free, so more must be free than clients could have offers.
        const enough = BigInt(world.clientCount)
        const sender = findOption(message.options, clientIdOption)
        const wishes = sender === undefined ? undefined : world.clientWith(sender)?.wishes
        const pools = engine.snapshot(now).pools
        for (const kind of ['address', 'prefix'] as const) {
          const hasFree = pools.some((pool) => pool.kind === kind && pool.ownFree > enough)
          if (wishes?.[kind] !== true || !hasFree || answered.some((lease) => lease.kind === kind)) continue
          report(`${server} in ${state} left a SOLICIT without ${kind}, though it has free ones`)
        }
      },
    }
  },
})

/** All that an active standby may say beside its primary: an ADVERTISE of the lowest preference, with nothing committed. */
function isLowOffer(output: Output): boolean {
  const answer = output.kind === 'send-datagram' ? clientMessageOf(output.bytes) : undefined
  return answer?.type === MessageType.Advertise && findOption(answer.options, preferenceOption) === 0
}
