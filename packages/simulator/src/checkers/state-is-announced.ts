/** Every change of state is told to a partner in contact (RFC 8156 sections 6.3 and 8.1). */
import { MessageType } from '@tandem/protocol'
import { announcedState } from '../world/read-frame.ts'
import { defineChecker } from './checker.ts'

export const stateIsAnnounced = defineChecker({
  name: 'state-is-announced',
  property: 'A transition made in contact is followed by a STATE that tells it.',
  watch: ({ onlooker, report }) => ({
    decided(server, event, effects) {
      const moves = effects.commit.flatMap((change) => (change.kind === 'transition-added' ? [change.transition] : []))
      const last = moves.at(-1)
      const { sent, closes } = onlooker.messages
      if (last === undefined || last.to === 'STARTUP' || closes || onlooker.talking(server) === undefined) return
      // A lost connection is still there before the step that notices.
      if (event.kind === 'stream-closed') return
      const told = sent
        .filter(({ type }) => type === MessageType.State)
        .map((message) => announcedState(message)?.state)
      if (told.at(-1) !== last.to)
        report(`${server} went to ${last.to} and told its partner ${told.at(-1) ?? 'nothing'}`)
    },
  }),
})
