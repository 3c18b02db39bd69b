/** Only the moves that RFC 8156 section 8 draws are made; written from its figures, not from the engine's tables. */
import type { EndpointState, EngineEvent } from '@tandem/engine'
import { defineChecker, roleOf } from './checker.ts'

/** What each state may be followed by; STARTUP resumes any state but those that need contact. */
const moves: Readonly<Record<EndpointState, readonly EndpointState[]>> = {
  STARTUP: [
    'COMMUNICATIONS-INTERRUPTED',
    'PARTNER-DOWN',
    'POTENTIAL-CONFLICT',
    'RECOVER',
    'RECOVER-WAIT',
    'RECOVER-DONE',
    'RESOLUTION-INTERRUPTED',
    'CONFLICT-DONE',
  ],
  NORMAL: ['COMMUNICATIONS-INTERRUPTED', 'PARTNER-DOWN'],
  'COMMUNICATIONS-INTERRUPTED': ['NORMAL', 'PARTNER-DOWN', 'POTENTIAL-CONFLICT'],
  'PARTNER-DOWN': ['NORMAL', 'POTENTIAL-CONFLICT'],
  'POTENTIAL-CONFLICT': ['RESOLUTION-INTERRUPTED', 'CONFLICT-DONE', 'NORMAL'],
  // By an operator's forced command only (decision 0071).
  RECOVER: ['RECOVER-WAIT', 'POTENTIAL-CONFLICT', 'PARTNER-DOWN'],
  'RECOVER-WAIT': ['RECOVER-DONE'],
  'RECOVER-DONE': ['NORMAL', 'COMMUNICATIONS-INTERRUPTED', 'POTENTIAL-CONFLICT'],
  'RESOLUTION-INTERRUPTED': ['POTENTIAL-CONFLICT', 'PARTNER-DOWN'],
  'CONFLICT-DONE': ['NORMAL', 'PARTNER-DOWN'],
}

export const onlyKnownTransitions = defineChecker({
  name: 'only-known-transitions',
  property: 'Only transitions of the matrix happen.',
  watch: ({ onlooker, report }) => {
    return {
      decided(server, event, effects) {
        let before = onlooker.stateOf(server)
        const wasGap = event.kind === 'time-gap' && before !== 'STARTUP'
        for (const change of effects.commit) {
          if (change.kind !== 'transition-added') continue
          const { from, to, cause } = change.transition
          if (from !== before) report(`${server} moved from ${from}, but it was in ${before}`)
          // A server that was suspended begins again from wherever it was, and so does one that is taken back (decision 0089).
          const beginsAgain = event.kind === 'time-gap' || isTakenBack(event)
          const isAllowed = to === 'STARTUP' ? beginsAgain : moves[from].includes(to)
          const isOfRole = to !== 'CONFLICT-DONE' || roleOf(server) === 'primary'
          if (!isAllowed || !isOfRole) report(`${server} moved from ${from} to ${to}: ${cause}`)
          before = to
        }
        // Whatever it promised before, the partner may have taken over since (RFC 8156 section 8.3).
        if (wasGap && before !== 'STARTUP') report(`${server} went on in ${before} after it had been suspended`)
      },
    }
  },
})

function isTakenBack(event: EngineEvent): boolean {
  return event.kind === 'command-received' && event.command.kind === 'take-back'
}
