/** UPDDONE follows the last acknowledgement of all that was asked for (RFC 8156 sections 5.3.5 to 5.3.7). */
import { bindingKey, keyOf, type Binding } from '@tandem/engine'
import { MessageType } from '@tandem/protocol'
import { updatedLeases } from '../world/read-frame.ts'
import { defineChecker } from './checker.ts'

interface Asked {
  readonly transactionId: number
  readonly isWhole: boolean
  readonly missing: Set<string>
}

export const upddoneAfterAll = defineChecker({
  name: 'upddone-after-all',
  property: 'UPDDONE is sent when everything asked for has been sent and acknowledged.',
  watch: ({ onlooker, report }) => {
    const asked = new Map<string, Asked>()
    return {
      started(server) {
        asked.delete(server)
      },
      decided(server) {
        const { received, sent } = onlooker.messages
        const isWhole = received?.type === MessageType.Updreqall
        if (received !== undefined && (isWhole || received.type === MessageType.Updreq)) {
          const wanted = [...onlooker.leases(server)].filter((binding) => isAskedFor(binding, isWhole))
          asked.set(server, { transactionId: received.transactionId, isWhole, missing: new Set(wanted.map(keyOf)) })
        }
        const present = asked.get(server)
        if (present === undefined) return
        if (received?.type === MessageType.Bndreply) {
          for (const { kind, prefix } of updatedLeases(received.options)) {
            present.missing.delete(bindingKey(kind, prefix))
          }
        }
        for (const { type, transactionId } of sent) {
          if (type !== MessageType.Upddone || transactionId !== present.transactionId) continue
          asked.delete(server)
          // What the partner has told by itself meanwhile is not owed to it any more.
          const left = [...present.missing].filter(
            (key) => present.isWhole || onlooker.lease(server, key)?.owedToPartner === true,
          )
          if (left.length > 0) report(`${server} sent UPDDONE while ${left.length} leases were not acknowledged`)
        }
      },
    }
  },
})

/** There is no way to tell of an address without a client (RFC 8156 section 7.4). */
function isAskedFor(binding: Binding, isWhole: boolean): boolean {
  const canBeTold = binding.kind === 'prefix' || binding.client !== undefined
  return canBeTold && (isWhole || binding.owedToPartner)
}
