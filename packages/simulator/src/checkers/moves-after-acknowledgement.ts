/** No lease goes from one client to another before the partner has recorded its end (RFC 8156 sections 4.2.2.1, 8.4.1 and 8.8.1). */
import { bindingKey, keyOf, type Binding } from '@tandem/engine'
import { nameOf } from '../actors/client-message.ts'
import { defineChecker, roleOf } from './checker.ts'
import { holderOf, holderText } from '../world/lease-holder.ts'
import { endOfMcltWait } from './mclt-wait.ts'
import type { Onlooker } from './onlooker.ts'
import type { World } from '../world/world.ts'
import { promisedBy } from './read-reply.ts'

export const movesAfterAcknowledgement = defineChecker({
  name: 'moves-after-acknowledgement',
  property:
    'No lease moves to another client before the partner acknowledged its end, or in PARTNER-DOWN before MCLT has passed.',
  watch: ({ world, onlooker, report }) => {
    const lastHolder = new Map<string, string>()
    /** What a server had on its disk when it lost that, until it has recovered. */
    const lost = new Map<string, ReadonlyMap<string, Binding>>()
    /** And what it has been told of since. */
    const toldSince = new Map<string, Set<string>>()
    /** What each server has made available while it was in PARTNER-DOWN: its own to give, also when that state is over. */
    const freedAlone = new Map<string, Set<string>>()
    const recordOf = (server: string, key: string): Binding | undefined => {
      const before = toldSince.get(server)?.has(key) === true ? undefined : lost.get(server)?.get(key)
      return before ?? world.server(roleOf(server)).store.binding(key)
    }
    return {
      erased(server) {
        freedAlone.delete(server)
        const known = new Map([...onlooker.leases(server)].map((binding) => [keyOf(binding), binding]))
        const before = lost.get(server)
        // One that is lost while it recovers has promised nothing since the loss before, but knew what it was told since.
        lost.set(server, before === undefined ? known : withTold(before, known, toldSince.get(server) ?? new Set()))
        toldSince.set(server, new Set())
      },
      committed(server, changes) {
        const told = toldSince.get(server)
        const freed = freedAlone.get(server) ?? new Set()
        freedAlone.set(server, freed)
        const isAlone = onlooker.stateOf(server) === 'PARTNER-DOWN'
        for (const change of changes) {
          if (change.kind !== 'binding-put') continue
          const key = keyOf(change.binding)
          told?.add(key)
          if (change.binding.status !== 'FREE' && change.binding.status !== 'FREE-BACKUP') freed.delete(key)
          else if (isAlone) freed.add(key)
        }
      },
      decided(server, _event, effects, _engine, now) {
        const partner = server === 'primary' ? 'secondary' : 'primary'
        if (effects.commit.some((change) => change.kind === 'transition-added' && change.transition.to === 'NORMAL')) {
          lost.delete(server)
          toldSince.delete(server)
        }
        for (const output of effects.afterCommit) {
          const promised = promisedBy(output)
          for (const lease of promised?.leases ?? []) {
            const key = bindingKey(lease.kind, lease.prefix)
            const holder = holderText(promised?.client, lease)
            const before = lastHolder.get(key)
            lastHolder.set(key, holder)
            if (before === undefined || before === holder) continue
            if (onlooker.stateOf(server) === 'PARTNER-DOWN') {
              const missingMs = waitedUntil(onlooker, server, key, holder) - now
              if (missingMs <= 0) continue
              report(`${server} gave ${nameOf(lease)} to another client ${Math.round(missingMs / 1000)} s too early`)
              continue
            }
            // After an error of the operator both may have given it, which others look after.
            if (onlooker.operatorErred) continue
            // What is kept for any IA of a client moves between them (decision 0075).
            if (isKeptForAnyIa(world, server, key) && before.startsWith(`${promised?.client} `)) continue
            // What a restored copy holds is older than what the partner had acknowledged before the loss.
            const known = recordOf(partner, key)
            if (known?.status !== 'ACTIVE' || holderOf(known) !== before) continue
            if (freedAlone.get(server)?.has(key) === true) continue
            report(`${server} gave ${nameOf(lease)} to another client while its partner still has it as ACTIVE`)
          }
        }
      },
    }
  },
})

function withTold(
  before: ReadonlyMap<string, Binding>,
  known: ReadonlyMap<string, Binding>,
  told: ReadonlySet<string>,
): ReadonlyMap<string, Binding> {
  const merged = new Map(before)
  for (const key of told) {
    const binding = known.get(key)
    if (binding === undefined) merged.delete(key)
    else merged.set(key, binding)
  }
  return merged
}

function isKeptForAnyIa(world: World, server: string, key: string): boolean {
  const { subnets } = world.server(roleOf(server)).configuration
  return subnets.some(({ reservations }) =>
    reservations.some(({ kind, prefix, iaid }) => iaid === undefined && bindingKey(kind, prefix) === key),
  )
}

/** A lease that has not become available: MCLT after the last promise of either server (RFC 8156 section 4.2.2.1). */
function waitedUntil(onlooker: Onlooker, server: string, key: string, holder: string): number {
  const record = onlooker.lease(server, key)
  const endpoint = onlooker.endpointOf(server)
  if (record === undefined || endpoint === undefined) return 0
  if (record.status === 'FREE' || record.status === 'FREE-BACKUP' || holderOf(record) === holder) return 0
  const { ackedPartnerLifetime, expirationTime, statusSince } = record
  const promisedUntil = Math.max(
    endpoint.partnerStoppedAt ?? endpoint.stateSince,
    statusSince,
    ackedPartnerLifetime ?? 0,
    expirationTime ?? 0,
  )
  return endOfMcltWait(promisedUntil, endpoint)
}
