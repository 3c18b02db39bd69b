/** No lease is in use by two clients at once, judged by what clients were told (RFC 8156 section 1). */
import { nameOf } from '../actors/client-message.ts'
import { defineChecker } from './checker.ts'

interface Use {
  readonly client: string
  readonly until: number
}

/** Times between the servers are whole seconds on the wire. */
const ROUNDING_MS = 1_000

export const oneClientPerLease = defineChecker({
  name: 'one-client-per-lease',
  property: 'No lease is promised to two clients at once.',
  watch: ({ world, report }) => {
    const uses = new Map<string, Use>()
    return {
      held(client, lease, toldAt) {
        const name = nameOf(lease)
        const other = uses.get(name)
        const skews = world.servers.map(({ clock }) => clock.skewMs)
        const tolerance = ROUNDING_MS + Math.max(...skews) - Math.min(...skews)
        // There duplicates are expected; that they end is seen once the faults have stopped.
        const isExpected = world.history === 'operator-error'
        if (!isExpected && other !== undefined && other.client !== client.name && other.until - tolerance > toldAt) {
          const left = Math.round((other.until - toldAt) / 1000)
          report(`${name} is given to ${client.name} while ${other.client} may use it for ${left} s more`)
        }
        uses.set(name, { client: client.name, until: toldAt + lease.validSeconds * 1000 })
      },
      givenUp(client, lease, why) {
        // At its end by the client's clock the promise is over by itself.
        if (why !== 'expired' && uses.get(nameOf(lease))?.client === client.name) uses.delete(nameOf(lease))
      },
    }
  },
})
