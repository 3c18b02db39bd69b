/** New leases come from the server's own part, in a state that may give new ones (RFC 8156 sections 4.2, 8.4.1 and 8.7.1). */
import { bindingKey, type Binding, type EndpointState } from '@tandem/engine'
import { makePrefix, MessageType, type Duid } from '@tandem/protocol'
import { nameOf, type ToldLease } from '../actors/client-message.ts'
import { pairConfiguration } from '../world/pair-configuration.ts'
import type { World } from '../world/world.ts'
import { defineChecker, roleOf } from './checker.ts'
import { holderOf, holderText } from '../world/lease-holder.ts'
import { endOfMcltWait } from './mclt-wait.ts'
import type { Onlooker } from './onlooker.ts'
import { answerIn, clientMessageOf } from './read-reply.ts'

const allocating: ReadonlySet<EndpointState> = new Set([
  'NORMAL',
  'COMMUNICATIONS-INTERRUPTED',
  'PARTNER-DOWN',
  'RESOLUTION-INTERRUPTED',
  'CONFLICT-DONE',
])

/** The pool of the simulated pair. */
const POOL_LENGTH = 48

export const allocatesFromOwnPart = defineChecker({
  name: 'allocates-from-own-part',
  property: 'A new lease is of the own half or part, is in use by nobody, and is given in a state that allocates.',
  watch: ({ world, onlooker, report }) => {
    const pools = pairConfiguration('primary', world.settings).subnets.flatMap(({ addressPools }) => addressPools)
    const isOwnedByStatus = ({ kind, prefix: { address } }: ToldLease): boolean =>
      kind === 'prefix' ||
      (world.settings.areAddressesShared && pools.some(({ first, last }) => first <= address && address <= last))
    return {
      decided(server, event, effects, _engine, now) {
        if (event.kind !== 'datagram-received') return
        for (const output of effects.afterCommit) {
          const message = output.kind === 'send-datagram' ? clientMessageOf(output.bytes) : undefined
          if (message?.type !== MessageType.Reply && message?.type !== MessageType.Advertise) continue
          const { client, leases } = answerIn(message)
          for (const lease of leases) {
            if (lease.validSeconds === 0) continue
            // Who gets what is kept for somebody is the matter of another checker.
            if (isKept(world, server, lease)) continue
            const complaint = complaintAbout({ onlooker, isShared: isOwnedByStatus(lease) }, server, lease, client, now)
            if (complaint !== undefined) report(`${server} gave ${nameOf(lease)}, ${complaint}`)
          }
        }
      },
    }
  },
})

/** Where both servers keep it for the same client, neither half nor owner counts (decision 0075). */
function isKept(world: World, server: string, lease: ToldLease): boolean {
  if (world.settings.reservationsDiffer) return false
  const key = bindingKey(lease.kind, lease.prefix)
  const { subnets } = world.server(roleOf(server)).configuration
  return subnets.some(({ reservations }) => reservations.some((each) => bindingKey(each.kind, each.prefix) === key))
}

function complaintAbout(
  { onlooker, isShared }: { readonly onlooker: Onlooker; readonly isShared: boolean },
  server: string,
  lease: ToldLease,
  client: Duid | undefined,
  now: number,
): string | undefined {
  const record = onlooker.lease(server, bindingKey(lease.kind, lease.prefix))
  const isSameClient = holderOf(record) === holderText(client, lease)
  if (record?.status === 'ACTIVE') return isSameClient ? undefined : 'which is in use by another client'
  if (record?.status === 'ABANDONED') return 'which was declined'
  const state = onlooker.stateOf(server)
  if (!allocating.has(state)) return `a new lease in ${state}`
  const isEnded = record !== undefined && record.status !== 'FREE' && record.status !== 'FREE-BACKUP'
  if (isEnded && isSameClient) return undefined
  const owner = isShared ? ownerByStatus(onlooker, server, lease, record) : ownerByHalf(lease)
  if (owner === roleOf(server)) return undefined
  // Whether an ended prefix may move is asked elsewhere.
  if (isEnded && isShared) return undefined
  const isUsable = state === 'PARTNER-DOWN' && isShared && now >= partnersPrefixesFrom(onlooker, server)
  return isUsable ? undefined : `which is of the part of its partner, in ${state}`
}

function ownerByHalf(lease: ToldLease): 'primary' | 'secondary' {
  return (lease.prefix.address & 1n) === 1n ? 'primary' : 'secondary'
}

/** By its own record, or that of the smallest block around a prefix. */
function ownerByStatus(
  onlooker: Onlooker,
  server: string,
  lease: ToldLease,
  record: Binding | undefined,
): 'primary' | 'secondary' {
  let around = record
  for (
    let length = lease.prefix.length - 1;
    around === undefined && lease.kind === 'prefix' && length >= POOL_LENGTH;
    length -= 1
  ) {
    around = onlooker.lease(server, bindingKey('prefix', makePrefix(lease.prefix.address, length)))
  }
  return around?.status === 'FREE-BACKUP' ? 'secondary' : 'primary'
}

function partnersPrefixesFrom(onlooker: Onlooker, server: string): number {
  const endpoint = onlooker.endpointOf(server)
  return endpoint === undefined ? Infinity : endOfMcltWait(endpoint.partnerStoppedAt ?? endpoint.stateSince, endpoint)
}
