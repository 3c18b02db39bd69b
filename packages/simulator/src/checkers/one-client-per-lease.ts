/** No lease is in use by two clients at once, judged by what clients were told (RFC 8156 section 1); where people erred, it is found and said. */
import { bindingKey, leaseText, type EndpointState, type Notice } from '@tandem/engine'
import { MessageType, StatusCode } from '@tandem/protocol'
import { nameOf, type NamedIa } from '../actors/client-message.ts'
import { defineChecker } from './checker.ts'
import { holderText } from '../world/lease-holder.ts'
import type { World } from '../world/world.ts'
import type { Onlooker } from './onlooker.ts'

interface Named {
  readonly client: string
  readonly ia: NamedIa
}

interface Use extends Named {
  readonly holder: string
  readonly until: number
}

/** A lease with two users. */
interface Double {
  readonly key: string
  /** The first one's time. */
  readonly until: number
  /** When both last came into contact, each had a client of its own on record. */
  isMet: boolean
}

/** In contact: the first STATE of a meeting finds a server in another one. */
const telling: ReadonlySet<EndpointState> = new Set(['POTENTIAL-CONFLICT', 'CONFLICT-DONE', 'NORMAL'])

/** Once both are in NORMAL all is told within a round or two of updates. */
const FOUND_WITHIN_MS = 30_000
/** An update that was refused is told anew with the next scan or the one after it. */
const SETTLED_WITHIN_MS = 60_000
/** Times between the servers are whole seconds on the wire. */
const ROUNDING_MS = 1_000

export const oneClientPerLease = defineChecker({
  name: 'one-client-per-lease',
  property: 'No lease is promised to two clients at once.',
  watch: ({ world, onlooker, report }) => {
    const uses = new Map<string, Use>()
    /** Leases of two clients, after an error of the operator. */
    const doubles = new Map<string, Double>()
    /** What a server has said to have two clients, and since when: one of the two has to give way. */
    const said = new Map<string, number>()
    let normalSince: number | undefined
    return {
      held(client, lease, toldAt) {
        const name = nameOf(lease)
        const holder = holderText(client.duid, lease)
        const other = uses.get(name)
        const use = { client: client.name, ia: lease }
        const skews = world.servers.map(({ clock }) => clock.skewMs)
        const tolerance = ROUNDING_MS + Math.max(...skews) - Math.min(...skews)
        if (other !== undefined && other.holder !== holder && other.until - tolerance > toldAt) {
          const [given, user] = holderNames(use, other)
          const left = Math.round((other.until - toldAt) / 1000)
          // After an error of the operator it is expected (decision 0031); that it ends is seen once the faults have stopped.
          if (onlooker.operatorErred) {
            // A renewal changes nothing in what has to be found.
            const isMet = doubles.get(name)?.isMet ?? false
            doubles.set(name, { key: bindingKey(lease.kind, lease.prefix), until: other.until, isMet })
          } else report(`${name} is given to ${given} while ${user} may use it for ${left} s more`)
        }
        uses.set(name, { ...use, holder, until: toldAt + lease.validSeconds * 1000 })
      },
      givenUp(client, lease, why) {
        // At its end by the client's clock the promise is over by itself.
        if (why !== 'expired' && uses.get(nameOf(lease))?.holder === holderText(client.duid, lease))
          uses.delete(nameOf(lease))
      },
      decided(server, _event, effects) {
        for (const notice of effects.notices) {
          const name = doubleSaidBy(notice)
          if (name === undefined) continue
          doubles.delete(name)
          if (!said.has(name)) said.set(name, world.schedule.now)
        }
        // A meeting that was broken off told nothing: the one that leads to NORMAL counts.
        if (onlooker.messages.received?.type === MessageType.State && !telling.has(onlooker.stateOf(server))) {
          for (const double of doubles.values()) double.isMet = haveTwoClients(onlooker, double.key)
        }
        if (!world.areBothNormal) {
          normalSince = undefined
          return
        }
        normalSince ??= world.schedule.now
        if (world.schedule.now - normalSince < FOUND_WITHIN_MS) return
        for (const [name, { isMet, until }] of doubles) {
          doubles.delete(name)
          // A clock that was wrong may have ended a lease in good order: then no record ever has two clients.
          if (isMet && until > world.schedule.now) report(`${name} has two clients, and neither server has said so`)
        }
        for (const [name, at] of said) {
          if (world.schedule.now - Math.max(normalSince, at) < SETTLED_WITHIN_MS) continue
          said.delete(name)
          if (areKeptByBoth(world, name)) report(`${name} has two clients, and each server keeps its own`)
        }
      },
    }
  },
})

/** One client with two IAs is two holders, and its name alone does not tell them apart. */
function holderNames(first: Named, second: Named): readonly string[] {
  const isOneClient = first.client === second.client
  return [first, second].map(({ client, ia }) => (isOneClient ? `${client} (${ia.iaType} ${ia.iaid})` : client))
}

/** Both servers hold it for a client of their own. */
function haveTwoClients(onlooker: Onlooker, key: string): boolean {
  const [first, second] = [onlooker.lease('primary', key), onlooker.lease('secondary', key)]
  return first?.status === 'ACTIVE' && second?.status === 'ACTIVE' && first.client?.duid !== second.client?.duid
}

function areKeptByBoth({ servers }: World, name: string): boolean {
  const kept = servers.map((server) => ({
    server,
    lease: [...server.store.bindings()].find((each) => leaseText(each) === name),
  }))
  const inUse = kept.filter(
    ({ server, lease }) => lease?.status === 'ACTIVE' && (lease.statusExpiresAt ?? 0) > server.now(),
  )
  return inUse.length === 2 && inUse[0]?.lease?.client?.duid !== inUse[1]?.lease?.client?.duid
}

/** An update that is refused because of the other client, or a record that goes over to it: both are shown and kept for people. */
function doubleSaidBy(notice: Notice): string | undefined {
  if (notice.kind === 'update-rejected') return notice.statusCode === StatusCode.AddressInUse ? notice.lease : undefined
  const goesOver = notice.kind === 'lease-changed' && notice.cause === 'partner'
  return goesOver && notice.from === 'ACTIVE' && notice.to === 'ACTIVE' ? notice.lease : undefined
}
