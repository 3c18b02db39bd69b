/** Who is answered in which state (RFC 8156 sections 3 and 8), written from the RFC and not from the engine's tables. */
import { findOption, MessageType, serverIdOption } from '@tandem/protocol'
import type { EndpointState, Role } from '@tandem/engine'
import type { World } from '../world/world.ts'
import { defineChecker, roleOf } from './checker.ts'
import { clientMessageOf } from './read-reply.ts'

type Responsiveness = 'silent' | 'to-own-identifier' | 'to-all'

const responsiveness: Readonly<Record<EndpointState, Readonly<Record<Role, Responsiveness>>>> = {
  STARTUP: { primary: 'silent', secondary: 'silent' },
  NORMAL: { primary: 'to-all', secondary: 'to-own-identifier' },
  'COMMUNICATIONS-INTERRUPTED': { primary: 'to-all', secondary: 'to-all' },
  'PARTNER-DOWN': { primary: 'to-all', secondary: 'to-all' },
  'POTENTIAL-CONFLICT': { primary: 'silent', secondary: 'silent' },
  RECOVER: { primary: 'silent', secondary: 'silent' },
  'RECOVER-WAIT': { primary: 'silent', secondary: 'silent' },
  'RECOVER-DONE': { primary: 'to-own-identifier', secondary: 'to-own-identifier' },
  'RESOLUTION-INTERRUPTED': { primary: 'to-all', secondary: 'to-all' },
  'CONFLICT-DONE': { primary: 'to-all', secondary: 'silent' },
}

export function responsivenessOf(state: EndpointState, server: string): Responsiveness {
  return responsiveness[state][roleOf(server)]
}

/** Beyond the RFC and only where it is configured: in NORMAL the secondary offers to new clients too. */
export function isActiveStandby(world: World, server: string, state: EndpointState): boolean {
  return world.settings.activeStandby && state === 'NORMAL' && roleOf(server) === 'secondary'
}

export const answersAsStateAllows = defineChecker({
  name: 'answers-as-state-allows',
  property: 'A silent state answers nobody; a renew-responsive one only what carries its own identifier.',
  watch: ({ world, onlooker, report }) => ({
    decided(server, event, effects) {
      if (event.kind !== 'datagram-received') return
      if (!effects.afterCommit.some(({ kind }) => kind === 'send-datagram')) return
      const state = onlooker.stateOf(server)
      const allowed = responsivenessOf(state, server)
      if (allowed === 'to-all') return
      const message = clientMessageOf(event.bytes)
      const addressed = message === undefined ? undefined : findOption(message.options, serverIdOption)
      // What it may say then is the matter of the checker of SOLICIT.
      if (message?.type === MessageType.Solicit && isActiveStandby(world, server, state)) return
      if (allowed === 'to-own-identifier' && addressed === world.server(roleOf(server)).configuration.serverDuid) return
      report(`${server} in ${state} answered a message that it may not answer`)
    },
  }),
})
