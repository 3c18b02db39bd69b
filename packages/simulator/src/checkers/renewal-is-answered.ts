/** A client that holds a lease and may be answered gets it extended (RFC 9915 sections 18.3.4 and 18.3.5, RFC 8156 section 4.2.1.1). */
import { bindingKey, type Binding } from '@tandem/engine'
import { findOption, MessageType, serverIdOption, type Duid } from '@tandem/protocol'
import { nameOf, type ToldLease } from '../actors/client-message.ts'
import type { World } from '../world/world.ts'
import { responsivenessOf } from './answers-as-state-allows.ts'
import { defineChecker, roleOf } from './checker.ts'
import { DrainedPools } from './drained-pools.ts'
import { Leaving } from './leaving.ts'
import { holderOf, holderText } from '../world/lease-holder.ts'
import { isOfSubnet, subnetOf } from './message-link.ts'
import type { Onlooker } from './onlooker.ts'
import { answerIn, clientMessageOf, promisedBy } from './read-reply.ts'

/** For a reservation of its own that the answer carries, or for that of another (decision 0075). */
function mustMove(
  world: World,
  server: string,
  lease: ToldLease,
  client: Duid | undefined,
  promised: readonly string[],
): boolean {
  const kept = world.server(roleOf(server)).configuration.subnets.flatMap(({ reservations }) => reservations)
  const owner = kept.find(({ kind, prefix }) => bindingKey(kind, prefix) === bindingKey(lease.kind, lease.prefix))
  if (owner !== undefined) return owner.duid !== client
  return kept.some((own) => own.duid === client && promised.includes(nameOf(own)))
}

/** Of two leases of one IA the one that its client asked for last stays, as far as this server has heard (decision 0077). */
function isLeftBehind(world: World, onlooker: Onlooker, server: string, record: Binding): boolean {
  if (world.settings.doubleLease === 'both') return false
  // Only where one is missed: it looks at all.
  for (const other of onlooker.leases(server)) {
    const isOfSameIa = other.status === 'ACTIVE' && holderOf(other) === holderOf(record)
    if (isOfSameIa && heardAt(other) - heardAt(record) > SAME_TRANSACTION_MS) return true
  }
  return false
}

function heardAt({ statusSince, clientHeardAt, partnerHeardClientAt }: Binding): number {
  return Math.max(statusSince, clientHeardAt ?? 0, partnerHeardClientAt ?? 0)
}

const SAME_TRANSACTION_MS = 5_000

export const renewalIsAnswered = defineChecker({
  name: 'renewal-is-answered',
  property: 'A RENEW or REBIND of a lease on record is answered with that lease by whoever may answer it.',
  watch: ({ world, onlooker, report }) => {
    const leaving = new Leaving(onlooker)
    const drained = new DrainedPools(world)
    return {
      started(server) {
        leaving.started(server)
        drained.started(server)
      },
      decided(server, event, effects, _engine, now) {
        leaving.decided(server, event, effects)
        drained.decided(server, effects)
        if (event.kind !== 'datagram-received' || leaving.has(server)) return
        const message = clientMessageOf(event.bytes)
        if (message?.type !== MessageType.Renew && message?.type !== MessageType.Rebind) return
        const state = onlooker.stateOf(server)
        const allowed = responsivenessOf(state, server)
        const addressed = findOption(message.options, serverIdOption)
        const isToUs = addressed === world.server(roleOf(server)).configuration.serverDuid
        const isAnswered = addressed === undefined ? allowed === 'to-all' : isToUs && allowed !== 'silent'
        if (!isAnswered) return
        const promised = effects.afterCommit.flatMap((output) => promisedBy(output)?.leases ?? []).map(nameOf)
        const { client, leases } = answerIn(message)
        const subnet = subnetOf(event, world.server(roleOf(server)).configuration)
        for (const lease of leases) {
          const record = onlooker.lease(server, bindingKey(lease.kind, lease.prefix))
          if (subnet === undefined || !isOfSubnet(lease, subnet)) continue
          const isHeld = record?.status === 'ACTIVE' && holderOf(record) === holderText(client, lease)
          if (!isHeld || promised.includes(nameOf(lease)) || mustMove(world, server, lease, client, promised)) continue
          if (isLeftBehind(world, onlooker, server, record)) continue
          // Of a drained pool, and what was promised is as good as over (decision 0117).
          if (drained.has(server, lease) && (record.statusExpiresAt ?? 0) - now < 1000) continue
          report(`${server} in ${state} did not extend ${nameOf(lease)}, which the client holds`)
        }
      },
    }
  },
})
