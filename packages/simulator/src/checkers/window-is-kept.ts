/** Never more BNDUPDs without an answer than the partner accepts (RFC 8156 sections 6.1.2 and 6.1.3). */
import { MessageType } from '@tandem/protocol'
import { defineChecker } from './checker.ts'

export const windowIsKept = defineChecker({
  name: 'window-is-kept',
  property: 'BNDUPDs under way never exceed MAX_UNACKED_BNDUPD of the partner.',
  watch: ({ onlooker, report }) => ({
    decided(server) {
      const conversation = onlooker.talking(server)
      if (conversation === undefined) return
      const { received, sent } = onlooker.messages
      const sentCount = sent.filter(({ type }) => type === MessageType.Bndupd).length
      if (sentCount === 0) return
      const isAnswer = received?.type === MessageType.Bndreply && conversation.unanswered.has(received.transactionId)
      const underWay = conversation.unanswered.size + sentCount - (isAnswer ? 1 : 0)
      if (underWay <= conversation.partnerMaxUnacked) return
      report(`${server} has ${underWay} updates under way; its partner accepts ${conversation.partnerMaxUnacked}`)
    },
  }),
})
