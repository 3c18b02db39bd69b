/** Every BNDUPD gets its BNDREPLY (RFC 8156 section 7.6). */
import { MessageType } from '@tandem/protocol'
import { nameOf } from '../actors/client-message.ts'
import { updatedLeases } from '../world/read-frame.ts'
import { defineChecker } from './checker.ts'

export const updateIsAnswered = defineChecker({
  name: 'update-is-answered',
  property: 'Every BNDUPD is answered with one BNDREPLY, or the connection ends.',
  watch: ({ onlooker, report }) => ({
    decided(server) {
      const { conversation, received, sent, closes } = onlooker.messages
      if (received?.type !== MessageType.Bndupd || conversation?.isEstablished !== true || closes) return
      const answers = sent.filter(
        ({ type, transactionId }) => type === MessageType.Bndreply && transactionId === received.transactionId,
      )
      if (answers.length === 1) return
      const leases = updatedLeases(received.options).map(nameOf).join(', ')
      report(`${server} answered the update of ${leases} ${answers.length} times`)
    },
  }),
})
