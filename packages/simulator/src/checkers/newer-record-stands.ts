/** An update that is clearly older than the record, or of a client that yields, is refused (RFC 8156 section 7.5.4, Figure 4). */
import { bindingKey, type Binding } from '@tandem/engine'
import { MessageType, toDhcpTime } from '@tandem/protocol'
import { nameOf } from '../actors/client-message.ts'
import { updatedLeases, type UpdatedLease } from '../world/read-frame.ts'
import { defineChecker } from './checker.ts'

/** Times within five seconds count as the same; one more for the rounding of both sides. */
const SAME_SECONDS = 6

export const newerRecordStands = defineChecker({
  name: 'newer-record-stands',
  property: 'No update is taken that is older than the record, nor one whose client has to yield.',
  watch: ({ onlooker, report }) => ({
    decided(server, _event, _effects, _engine, now) {
      const { received, sent } = onlooker.messages
      if (received?.type !== MessageType.Bndupd) return
      // What a restored copy holds yields to whatever the partner tells (decision 0070).
      const endpoint = onlooker.endpointOf(server)
      if (endpoint?.state === 'RECOVER' && endpoint.fullResyncOwed) return
      const answer = sent.find(({ type }) => type === MessageType.Bndreply)
      const refused = updatedLeases(answer?.options ?? []).filter(({ refusal }) => refusal !== undefined)
      for (const told of updatedLeases(received.options)) {
        const record = onlooker.lease(server, bindingKey(told.kind, told.prefix))
        const isTaken = answer !== undefined && !refused.some((lease) => nameOf(lease) === nameOf(told))
        if (!isTaken || record?.status !== 'ACTIVE') continue
        if (isRepeat(record, told)) continue
        if (isOlder(record, told)) report(`${server} took ${nameOf(told)} ${told.status ?? ''}, older than its record`)
        else if (server === 'primary' && isOfYieldingClient(record, told, now)) {
          report(`${server} gave ${nameOf(told)} to the client of its partner, who has to yield`)
        }
      }
    },
  }),
})

/** What stands on record already is taken again (digest A30). */
function isRepeat(record: Binding, told: UpdatedLease): boolean {
  const end = record.statusExpiresAt === undefined ? undefined : toDhcpTime(record.statusExpiresAt)
  const isSame = told.status === record.status && told.client === record.client?.duid
  return isSame && told.statusSince === toDhcpTime(record.statusSince) && told.statusExpiresAt === end
}

function isOlder(record: Binding, told: UpdatedLease): boolean {
  if (told.client !== record.client?.duid || told.clientHeardAt === undefined) return false
  if (told.status !== 'ACTIVE' && told.status !== 'RELEASED') return false
  return record.clientHeardAt !== undefined && toDhcpTime(record.clientHeardAt) - told.clientHeardAt > SAME_SECONDS
}

function isOfYieldingClient(record: Binding, told: UpdatedLease, now: number): boolean {
  if (told.status !== 'ACTIVE' || told.client === record.client?.duid) return false
  const isRunning = record.statusExpiresAt !== undefined && record.statusExpiresAt > now
  return isRunning && (told.clientHeardAt ?? 0) + 1 < toDhcpTime(record.statusSince)
}
