/** The end of a run, when faults have stopped: both servers must agree, and every lease must come back (RFC 8156 section 4.3). */
import { keyOf, type Binding } from '@tandem/engine'
import { nameOf } from '../actors/client-message.ts'
import { leasesOf, tableDifferences } from '../checkers/tables-agree.ts'
import { holderOf } from '../world/lease-holder.ts'
import { takeBack } from '../faults/take-back.ts'
import type { World } from '../world/world.ts'
import { Patience, recoverWaitEndsAt } from './patience.ts'
import type { Visitors } from './visitors.ts'

/** Beyond MCLT: start-up, reconnecting, stalls that are only noticed by silence, and an update round. */
const REJOIN_SECONDS = 180
/** Waiting for leases of days to run out shows nothing that shorter ones do not. */
const WAITED_FOR_MAX_SECONDS = 3 * 3600
/** T1 and a lease are acknowledged ahead, and a drifted configuration may have them of double length. */
const LONGEST_ACKNOWLEDGED_LEASES = 3
/** A clock that is ahead loses a twentieth of that time. */
const CATCH_UP_FACTOR = 20
const LOOKS = 400

/** Both must agree while clients come and go, and every lease must come back once they are gone. */
export function settle(world: World, visitors: Visitors, report: (checker: string, text: string) => void): void {
  const { mcltSeconds, validSeconds, keepaliveSeconds } = world.settings
  const skewsMs = world.servers.map(({ clock }) => Math.abs(clock.skewMs))
  const rejoinSeconds = REJOIN_SECONDS + 2 * keepaliveSeconds + (CATCH_UP_FACTOR * Math.max(...skewsMs)) / 1000
  const patience = new Patience(world.elapsedMs, mcltSeconds)
  const agrees = (): boolean => {
    patience.see(world.elapsedMs, recoverWaitSeconds(world))
    return world.areBothNormal && tableDifferences(world).length === 0
  }
  if (!quiet(world, mcltSeconds + rejoinSeconds, agrees)) {
    patience.see(world.elapsedMs, keptLongerSeconds(world))
    const waitSeconds = patience.waitSeconds(world.elapsedMs)
    const isPlausible = waitSeconds <= LONGEST_ACKNOWLEDGED_LEASES * validSeconds + 2 * mcltSeconds
    if (isPlausible && waitSeconds > WAITED_FOR_MAX_SECONDS) return
    if (!isPlausible || !quiet(world, waitSeconds + rejoinSeconds, agrees)) {
      const states = world.servers.map((server) => `${server.name} ${world.stateOf(server) ?? 'down'}`)
      report('tables-agree', [...states, ...tableDifferences(world)].join('; '))
      return
    }
  }
  if (!quiet(world, validSeconds + rejoinSeconds, () => duplicatesOf(world).length === 0)) {
    report('duplicates-end', `still used by two clients: ${duplicatesOf(world).join(', ')}`)
  }
  visitors.end()
  const plausibleSeconds = 2 * LONGEST_ACKNOWLEDGED_LEASES * validSeconds + 2 * mcltSeconds
  const longestSeconds = Math.min(longestLeaseSeconds(world), plausibleSeconds)
  const allBackSeconds = Math.max(3 * validSeconds + mcltSeconds, longestSeconds) + rejoinSeconds
  if (allBackSeconds > WAITED_FOR_MAX_SECONDS) return
  if (!quiet(world, allBackSeconds, () => takenIn(world).length === 0)) {
    report('tables-agree', ['long after the last client left these are not available', ...takenIn(world)].join('; '))
  } else if (!quiet(world, rejoinSeconds, agrees)) {
    report('tables-agree', ['after all clients left', ...tableDifferences(world)].join('; '))
  }
}

/** RECOVER-WAIT may last longer than MCLT where the partner had acknowledged more to a server that lost its store (decision 0030). */
function recoverWaitSeconds(world: World): number {
  const waits = world.servers.map((server) => {
    const endsAt = recoverWaitEndsAt(server.store.endpoint('pair'))
    return endsAt === undefined ? 0 : (endsAt - server.now()) / 1000
  })
  return Math.ceil(Math.max(...waits))
}

/**
 * Leases in use here of which the partner's record is later, each agreed on when it has run out (RFC 8156 section 7.5.4).
 * A server that lost its store keeps a lease for as long as it may have promised it, and can say so only when it has
 * recovered, perhaps after its end at the partner (decision 0030). Of two that both served alone, one may have taken for
 * free what the other had leased shortly before. And a copy from before a RELEASE, where a conflict is resolved and not
 * everything fetched, hears FREE of a lease that has not run out: it is refused till then (Figure 4, "time(1)").
 */
function keptLongerSeconds(world: World): number {
  const ends = world.servers.flatMap((server) => {
    const others = new Map([...leasesOf(world, world.partnerOf(server))].map((lease) => [keyOf(lease), lease]))
    return [...leasesOf(world, server)].flatMap((lease) => {
      const other = others.get(keyOf(lease))
      const isKeptLonger = lease.status === 'ACTIVE' && endsBefore(other, lease) && holderOf(other) === holderOf(lease)
      return isKeptLonger && lease.statusExpiresAt !== undefined ? [(lease.statusExpiresAt - server.now()) / 1000] : []
    })
  })
  return Math.ceil(Math.max(0, ...ends))
}

/** Over already, or with an end that will be reached first: then it is EXPIRED there, perhaps within the time that is waited. */
function endsBefore(other: Binding | undefined, { statusExpiresAt }: Binding): boolean {
  if (other === undefined) return false
  if (other.status === 'ACTIVE') return (other.statusExpiresAt ?? Infinity) < (statusExpiresAt ?? 0)
  return other.status === 'EXPIRED' || isAvailable(other)
}

function isAvailable({ status }: Binding): boolean {
  return status === 'FREE' || status === 'FREE-BACKUP'
}

function quiet(world: World, atMostSeconds: number, isReached: () => boolean): boolean {
  const stepMs = Math.max(1_000, Math.ceil((atMostSeconds * 1000) / LOOKS))
  for (let passedMs = 0; passedMs < atMostSeconds * 1000; passedMs += stepMs) {
    if (isReached()) return true
    // Whatever ended late is started again, and what is handed over is taken back.
    for (const server of world.servers) {
      server.start()
      takeBack(world, server)
    }
    world.run(stepMs)
  }
  return isReached()
}

/** Leases that two clients use now; the loser is told when it renews, and at the latest when its time is over. */
function duplicatesOf(world: World): readonly string[] {
  const users = new Map<string, number>()
  for (const client of world.clients) {
    for (const lease of client.leases) users.set(nameOf(lease), (users.get(nameOf(lease)) ?? 0) + 1)
  }
  return [...users].flatMap(([name, count]) => (count > 1 ? [name] : []))
}

/** A lease lasts as long as what a server that forgot an acknowledgement may have promised by it (RFC 8156 section 4.4). */
function longestLeaseSeconds(world: World): number {
  const ends = world.servers.flatMap((server) =>
    [...leasesOf(world, server)].map(({ statusExpiresAt = 0 }) => (statusExpiresAt - server.now()) / 1000),
  )
  return Math.ceil(Math.max(0, ...ends))
}

function takenIn(world: World): readonly string[] {
  return world.servers.flatMap((server) =>
    [...leasesOf(world, server)]
      .filter((lease) => !isAvailable(lease) && lease.status !== 'ABANDONED')
      .map((lease) => `${server.name} ${nameOf(lease)} ${lease.status}`),
  )
}
