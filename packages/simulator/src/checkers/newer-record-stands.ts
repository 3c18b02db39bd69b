/** An update that is clearly older than the record, or of a client that yields, is refused (RFC 8156 section 7.5.4, Figure 4). */
import { bindingKey, instant, keyOf, type Binding } from '@tandem/engine'
import { MessageType, toDhcpTime } from '@tandem/protocol'
import { nameOf } from '../actors/client-message.ts'
import { holderOf } from '../world/lease-holder.ts'
import { updatedLeases, type UpdatedLease } from '../world/read-frame.ts'
import { defineChecker, roleOf } from './checker.ts'
import { hasNothingOfItsOwn } from './fetches-everything.ts'

/** Times within five seconds count as the same; one more for the rounding of both sides. */
const SAME_SECONDS = 6

export const newerRecordStands = defineChecker({
  name: 'newer-record-stands',
  property: 'No update is taken that is older than the record, nor one whose client has to yield.',
  watch: ({ world, onlooker, report }) => {
    /** Leases as a restored copy has them: they yield to whatever the partner tells while all is fetched (decision 0070). */
    const ofCopy = new Map<string, Set<string>>()
    return {
      erased(server) {
        ofCopy.set(server, new Set())
      },
      started(server) {
        const { store } = world.server(roleOf(server))
        const copied = ofCopy.get(server)
        // As it begins on the copy, and not when it begins again in the middle.
        if (copied?.size === 0) for (const binding of store.bindings()) copied.add(keyOf(binding))
      },
      committed(server, changes) {
        const copied = ofCopy.get(server)
        for (const change of copied === undefined ? [] : changes) {
          if (change.kind === 'binding-put') copied?.delete(keyOf(change.binding))
        }
        if (copied?.size === 0) ofCopy.delete(server)
      },
      decided(server, _event, _effects, _engine, now) {
        const { received, sent } = onlooker.messages
        if (received?.type !== MessageType.Bndupd) return
        const fetchesAll = hasNothingOfItsOwn(onlooker.endpointOf(server))
        const answer = sent.find(({ type }) => type === MessageType.Bndreply)
        const refused = updatedLeases(answer?.options ?? []).filter(({ refusal }) => refusal !== undefined)
        for (const told of updatedLeases(received.options)) {
          const key = bindingKey(told.kind, told.prefix)
          if (fetchesAll && ofCopy.get(server)?.has(key) === true) continue
          const record = onlooker.lease(server, key)
          const isTaken = answer !== undefined && !refused.some((lease) => nameOf(lease) === nameOf(told))
          if (!isTaken || record?.status !== 'ACTIVE') continue
          if (isRepeat(record, told)) continue
          if (fetchesAll) {
            if (isOlderThanFetched(record, told))
              report(`${server} took ${nameOf(told)}, which it had fetched newer already`)
            continue
          }
          if (isOlder(record, told))
            report(`${server} took ${nameOf(told)} ${told.status ?? ''}, older than its record`)
          else if (server === 'primary' && isOfYieldingClient(record, told, now)) {
            report(`${server} gave ${nameOf(told)} to the client of its partner, who has to yield`)
          }
        }
      },
    }
  },
})

/** What stands on record already is taken again (digest A30). */
function isRepeat(record: Binding, told: UpdatedLease): boolean {
  const end = record.statusExpiresAt === undefined ? undefined : toDhcpTime(record.statusExpiresAt)
  const isSame = told.status === record.status && told.holder === holderOf(record)
  return isSame && told.statusSince === toDhcpTime(record.statusSince) && told.statusExpiresAt === end
}

function isOlder(record: Binding, told: UpdatedLease): boolean {
  if (told.holder !== holderOf(record) || told.clientHeardAt === undefined) return false
  if (told.status !== 'ACTIVE' && told.status !== 'RELEASED') return false
  return record.clientHeardAt !== undefined && toDhcpTime(record.clientHeardAt) - told.clientHeardAt > SAME_SECONDS
}

/**
 * While all is fetched nobody is answered, so every word of a client on record came from the partner, what it remembers of
 * our own among it. After a break the partner tells the lease once more as it then stands, with all these words.
 */
function isOlderThanFetched(record: Binding, told: UpdatedLease): boolean {
  if (told.holder !== holderOf(record) || (told.status !== 'ACTIVE' && told.status !== 'RELEASED')) return false
  const known = Math.max(record.clientHeardAt ?? 0, record.partnerHeardClientAt ?? 0)
  const lastTold = Math.max(told.clientHeardAt ?? 0, told.partnerRawCltTime ?? 0)
  return known > 0 && toDhcpTime(instant(known)) - lastTold > SAME_SECONDS
}

function isOfYieldingClient(record: Binding, told: UpdatedLease, now: number): boolean {
  if (told.status !== 'ACTIVE' || told.holder === holderOf(record)) return false
  // By its own word, of which an older copy of its disk knows nothing (decision 0070).
  if ((told.partnerRawCltTime ?? 0) > toDhcpTime(record.clientHeardAt ?? record.statusSince)) return false
  const isRunning = record.statusExpiresAt !== undefined && record.statusExpiresAt > now
  return isRunning && (told.clientHeardAt ?? 0) + 1 < toDhcpTime(record.statusSince)
}
