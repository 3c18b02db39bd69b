/** Two Tandem servers in NORMAL, whose primary is made to fail. */
import { RELATIONSHIP } from '../../e2e/topology/pair-configuration.ts'
import { settleTandemPair, startTandemPair, type Transport } from '../leases-per-second/tandem-pair.ts'
import type { FailingPair } from './failing-pair.ts'

interface TandemTimers {
  readonly keepaliveSeconds: number
  readonly contactsPerKeepalive: number
}

/** As shipped: the standard's own. */
export const tandemUsual = (transport: Transport): FailingPair =>
  tandemFailingPair('tandem-usual', transport, { keepaliveSeconds: 60, contactsPerKeepalive: 4 })

/** One contact a second is the most there is, and two in a keepalive the fewest. */
export const tandemQuick = (transport: Transport): FailingPair =>
  tandemFailingPair('tandem-quick', transport, { keepaliveSeconds: 2, contactsPerKeepalive: 2 })

function tandemFailingPair(key: string, transport: Transport, timers: TandemTimers): FailingPair {
  const { keepaliveSeconds, contactsPerKeepalive } = timers
  return {
    key,
    name: `Tandem pair, keepalive ${keepaliveSeconds} s`,
    gapMaxSeconds: keepaliveSeconds + 10,
    periodSeconds: keepaliveSeconds / contactsPerKeepalive,
    settings: { ...timers, transport },
    async start(link, folder) {
      const relationship = {
        mclt: '1h',
        keepalive: `${keepaliveSeconds}s`,
        contactsPerKeepalive,
        startup: '10s',
        reconnect: '5s',
      }
      const pair = await startTandemPair(link, { folder, transport, serves: { prefixes: false }, relationship })
      const [primary, secondary] = pair
      return {
        active: primary.program,
        settle: async () => void (await settleTandemPair(pair)),
        tookOverAtMs: async (afterMs) =>
          firstTransitionAfter(await secondary.api.getRelationship({ params: { name: RELATIONSHIP } }), afterMs),
        stop: async () => void (await Promise.all([primary.program.stop(), secondary.program.stop()])),
      }
    },
  }
}

/** Milliseconds of the epoch, out of the API's answer. */
export function firstTransitionAfter(relationship: unknown, afterMs: number): number | undefined {
  if (typeof relationship !== 'object' || relationship === null || !('transitions' in relationship)) {
    throw new Error(`no transitions in ${JSON.stringify(relationship)}`)
  }
  const { transitions } = relationship
  const times = (Array.isArray(transitions) ? transitions : []).map((transition: unknown) => {
    const isTimed = typeof transition === 'object' && transition !== null && 'at' in transition
    return isTimed ? Date.parse(String(transition.at)) : Number.NaN
  })
  return times.filter((atMs) => atMs > afterMs).toSorted((one, other) => one - other)[0]
}
