/** A well-formed SOLICIT that reaches a serving server with a free lease is answered with one (RFC 9915 section 18.3.1, RFC 8156 section 3). */
import {
  findOption,
  findOptions,
  iaNaOption,
  iaPdOption,
  MessageType,
  preferenceOption,
  type ClientServerMessage,
} from '@tandem/protocol'
import type { EndpointState, Notice, Output, Role } from '@tandem/engine'
import { isSameIa, type NamedIa } from '../actors/client-message.ts'
import { partnerOf } from '../world/pair-configuration.ts'
import { defineChecker, roleOf } from './checker.ts'
import { Leaving } from './leaving.ts'
import type { Onlooker } from './onlooker.ts'
import { isActiveStandby } from './answers-as-state-allows.ts'
import { subnetOf } from './message-link.ts'
import { answerIn, clientMessageOf } from './read-reply.ts'

/** Who is responsive (RFC 8156 section 8); the secondary is not in NORMAL. */
const servesEveryone: Readonly<Record<Role, ReadonlySet<EndpointState>>> = {
  primary: new Set(['NORMAL', 'COMMUNICATIONS-INTERRUPTED', 'PARTNER-DOWN', 'RESOLUTION-INTERRUPTED', 'CONFLICT-DONE']),
  secondary: new Set(['COMMUNICATIONS-INTERRUPTED', 'PARTNER-DOWN', 'RESOLUTION-INTERRUPTED']),
}

/** Of one kind in one client. */
const MAX_IAS = 3

export const solicitIsAnswered = defineChecker({
  name: 'solicit-is-answered',
  property: 'A well-formed SOLICIT is answered while a serving server has a free lease.',
  watch: ({ world, onlooker, report }) => {
    const leaving = new Leaving(onlooker)
    /** Who was in PARTNER-DOWN since both were last in NORMAL. */
    const servedAlone = new Set<Role>()
    return {
      started: (server) => {
        leaving.started(server)
      },
      decided(server, event, effects, engine, now) {
        const message = event.kind === 'datagram-received' ? clientMessageOf(event.bytes) : undefined
        const state = onlooker.stateOf(server)
        noteWhoIsAlone(servedAlone, onlooker)
        leaving.decided(server, event, effects)
        if (message?.type !== MessageType.Solicit || leaving.has(server)) return
        const answered = effects.afterCommit.flatMap((output) => {
          const answer = output.kind === 'send-datagram' ? clientMessageOf(output.bytes) : undefined
          return answer === undefined ? [] : answerIn(answer).leases
        })
        if (!servesEveryone[roleOf(server)].has(state)) {
          const isAllowed = isActiveStandby(world, server, state)
            ? effects.afterCommit.every(isLowOffer)
            : effects.afterCommit.length === 0
          if (!isAllowed) report(`${server} answered a SOLICIT in ${state}`)
          return
        }
        // Leases under offer count as free, so more must be free than clients could have offers.
        const enough = BigInt(MAX_IAS * world.clients.length)
        const subnet = subnetOf(event, world.server(roleOf(server)).configuration)
        const pools = engine.snapshot(now).pools.filter(({ subnetId }) => subnetId === subnet?.id)
        for (const { iaType, iaid } of askedIas(message)) {
          const kind = iaType === 'IA_PD' ? 'prefix' : 'address'
          const hasFree = pools.some((pool) => pool.kind === kind && pool.ownFree > enough && pool.drain === undefined)
          // Declared alone by force with an older copy of its disk, it may not know what its partner gave from which pool.
          if (onlooker.operatorErred && effects.notices.some(isSharingUnsettled)) continue
          // Cut off in a conflict, it does not know what a partner that served alone gave away of what is owned by status.
          const isUntold = state === 'RESOLUTION-INTERRUPTED' && servedAlone.has(partnerOf(roleOf(server)))
          if (isUntold && effects.notices.some(isSharedUnknown)) continue
          if (!hasFree || answered.some((lease) => isSameIa(lease, { iaType, iaid }))) continue
          report(`${server} in ${state} left a SOLICIT without ${kind}, though it has free ones`)
        }
      },
    }
  },
})

function noteWhoIsAlone(servedAlone: Set<Role>, onlooker: Onlooker): void {
  const states = roles.map((role) => ({ role, state: onlooker.stateOf(role) }))
  if (states.every(({ state }) => state === 'NORMAL')) servedAlone.clear()
  for (const { role, state } of states) if (state === 'PARTNER-DOWN') servedAlone.add(role)
}

const roles: readonly Role[] = ['primary', 'secondary']

/** Of those that get new leases. */
function askedIas({ options }: ClientServerMessage): readonly NamedIa[] {
  return [
    ...findOptions(options, iaNaOption).map(({ iaid }): NamedIa => ({ iaType: 'IA_NA', iaid })),
    ...findOptions(options, iaPdOption).map(({ iaid }): NamedIa => ({ iaType: 'IA_PD', iaid })),
  ]
}

/** The servers have still to agree on which address pools are proportional (decision 0078). */
function isSharingUnsettled(notice: Notice): boolean {
  return notice.kind === 'allocation-failed' && notice.rule === 'decision 0078'
}

/** Prefixes, and addresses of proportional pools (decision 0071). */
function isSharedUnknown(notice: Notice): boolean {
  return notice.kind === 'allocation-failed' && notice.rule === 'RFC 8156 8.11.1'
}

/** All that an active standby may say beside its primary: an ADVERTISE of the lowest preference, with nothing committed. */
function isLowOffer(output: Output): boolean {
  const answer = output.kind === 'send-datagram' ? clientMessageOf(output.bytes) : undefined
  return answer?.type === MessageType.Advertise && findOption(answer.options, preferenceOption) === 0
}
