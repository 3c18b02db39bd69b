/** A change stays owed until the partner has acknowledged this change, and not an older one (RFC 8156 sections 7.6 and 7.7). */
import { bindingKey, keyOf, type Binding } from '@tandem/engine'
import { MessageType, toDhcpTime } from '@tandem/protocol'
import { nameOf } from '../actors/client-message.ts'
import { holderOf } from '../world/lease-holder.ts'
import { updatedLeases, type UpdatedLease } from '../world/read-frame.ts'
import { defineChecker } from './checker.ts'
import { isEndAsTold } from './told-end.ts'

export const owedUntilAcknowledged = defineChecker({
  name: 'owed-until-acknowledged',
  property: 'A change is owed to the partner until an update that tells it has been acknowledged.',
  watch: ({ onlooker, report }) => {
    /** What each connection has told and has no answer to, by transaction id. */
    const told = new WeakMap<object, Map<number, readonly UpdatedLease[]>>()
    return {
      decided(server, _event, effects) {
        const conversation = onlooker.talking(server)
        if (conversation === undefined) return
        const underWay = told.get(conversation) ?? new Map<number, readonly UpdatedLease[]>()
        told.set(conversation, underWay)
        const { received, sent } = onlooker.messages
        if (received?.type === MessageType.Bndreply) {
          const answered = updatedLeases(received.options)
          for (const lease of underWay.get(received.transactionId) ?? []) {
            const key = bindingKey(lease.kind, lease.prefix)
            const before = onlooker.lease(server, key)
            const isSettled = effects.commit.some(
              (change) =>
                change.kind === 'binding-put' && keyOf(change.binding) === key && !change.binding.owedToPartner,
            )
            if (!isSettled || before?.owedToPartner !== true) continue
            const isRefused = answered.some((each) => nameOf(each) === nameOf(lease) && (each.refusal ?? 0) !== 0)
            if (isRefused) report(`${server} takes ${nameOf(lease)} for told, but the partner has refused it`)
            else if (!isAsTold(before, lease)) {
              report(`${server} takes ${nameOf(lease)} for told, but it has changed since`)
            }
          }
          underWay.delete(received.transactionId)
        }
        for (const message of sent) {
          if (message.type === MessageType.Bndupd) underWay.set(message.transactionId, updatedLeases(message.options))
        }
      },
    }
  },
})

function isAsTold(record: Binding, told: UpdatedLease): boolean {
  // A prefix that is asked back is told as FREE while it is still the partner's (RFC 8156 section 4.2.2).
  if (record.status === 'FREE-BACKUP' && told.status === 'FREE') return true
  const heard = record.clientHeardAt === undefined ? undefined : toDhcpTime(record.clientHeardAt)
  const isSame = told.status === record.status && told.holder === holderOf(record)
  return (
    isSame &&
    told.statusSince === toDhcpTime(record.statusSince) &&
    // Told while the partner recovered and answered after it said that it has: then it agreed when no promise that it
    // had lost could run any more, since the answer follows its STATE on the same connection (sections 7.2 and 8.6.2).
    isEndAsTold(record, told, true) &&
    isNear(heard, told.clientHeardAt)
  )
}

/** Seconds ago, from a time in seconds: rounded twice. */
function isNear(a: number | undefined, b: number | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Math.abs(a - b) <= 1
}
