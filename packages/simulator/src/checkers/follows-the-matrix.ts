/** What a reported state of the partner leads to (RFC 8156 section 8, Figure 6); written from the RFC, not from the engine's tables. */
import { MessageType } from '@tandem/protocol'
import type { EndpointState, RecordedState } from '@tandem/engine'
import { announcedState } from '../world/read-frame.ts'
import { defineChecker, roleOf } from './checker.ts'

type Row = Readonly<Partial<Record<RecordedState, RecordedState>>>

const conflict = 'POTENTIAL-CONFLICT'

const fromInterrupted: Row = {
  NORMAL: 'NORMAL',
  'COMMUNICATIONS-INTERRUPTED': 'NORMAL',
  'RECOVER-DONE': 'NORMAL',
  'PARTNER-DOWN': conflict,
  'POTENTIAL-CONFLICT': conflict,
  'RESOLUTION-INTERRUPTED': conflict,
  'CONFLICT-DONE': conflict,
}

/** Where no state is given the endpoint stays where it is. */
const rows: Readonly<Partial<Record<EndpointState, Row>>> = {
  'COMMUNICATIONS-INTERRUPTED': fromInterrupted,
  'PARTNER-DOWN': {
    NORMAL: conflict,
    'COMMUNICATIONS-INTERRUPTED': conflict,
    'PARTNER-DOWN': conflict,
    'POTENTIAL-CONFLICT': conflict,
    'RESOLUTION-INTERRUPTED': conflict,
    'CONFLICT-DONE': conflict,
    'RECOVER-DONE': 'NORMAL',
  },
  RECOVER: { 'POTENTIAL-CONFLICT': conflict, 'RESOLUTION-INTERRUPTED': conflict, 'CONFLICT-DONE': conflict },
  'RECOVER-DONE': {
    NORMAL: 'NORMAL',
    'RECOVER-DONE': 'NORMAL',
    'POTENTIAL-CONFLICT': conflict,
    RECOVER: 'COMMUNICATIONS-INTERRUPTED',
    'RECOVER-WAIT': 'COMMUNICATIONS-INTERRUPTED',
  },
  'CONFLICT-DONE': { NORMAL: 'NORMAL' },
}

export function expectedAfter(own: EndpointState, partner: RecordedState, server: string): EndpointState {
  if (own === 'RESOLUTION-INTERRUPTED') return conflict
  if (own !== 'NORMAL') return rows[own]?.[partner] ?? own
  if (partner === 'NORMAL' || (partner === 'CONFLICT-DONE' && roleOf(server) === 'secondary')) return own
  return fromInterrupted[partner] ?? 'COMMUNICATIONS-INTERRUPTED'
}

export const followsTheMatrix = defineChecker({
  name: 'follows-the-matrix',
  property: 'A STATE of the partner leads where the matrix says, and one with the STARTUP flag moves nothing.',
  watch: ({ onlooker, report }) => ({
    decided(server, _event, effects) {
      const { received, conversation, closes } = onlooker.messages
      const own = onlooker.stateOf(server)
      if (received?.type !== MessageType.State || conversation?.isAgreed !== true || closes) return
      const partner = announcedState(received)
      if (partner === undefined || own === 'STARTUP') return
      const moves = effects.commit.flatMap((change) =>
        change.kind === 'transition-added' ? [change.transition.to] : [],
      )
      const became = moves.at(-1) ?? own
      const isStarting = partner.flags?.startup === true
      // The names of the registry are those of the states.
      const expected = isStarting ? own : expectedAfter(own, partner.state as RecordedState, server)
      if (became === expected) return
      const flag = isStarting ? ' (starting)' : ''
      report(`${server} in ${own} heard ${partner.state}${flag} and went to ${became} instead of ${expected}`)
    },
  }),
})
