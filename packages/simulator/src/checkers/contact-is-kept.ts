/** Both ends keep a connection alive, and give up one on which nothing is heard (RFC 8156 sections 6.5 and 6.6). */
import { defineChecker, roleOf } from './checker.ts'

/** FO_SEND_TIME. */
const SILENT_PART_MAX = 0.25
const SLACK_MS = 1_500
/**
 * A server that was kept waiting, or whose clock was set, is late with everything: it looks at the clock within a second, and
 * what waits in its inbox comes before the CONTACT that is due.
 */
const LENIENT_MS = 2_000

export const contactIsKept = defineChecker({
  name: 'contact-is-kept',
  property: 'A connection is kept alive by CONTACT, and given up when nothing is heard for the keepalive time.',
  watch: ({ world, onlooker, report }) => {
    const lenientUntil = new Map<string, number>()
    return {
      decided(server, event, effects, _engine, now) {
        if (event.kind === 'time-gap') lenientUntil.set(server, now + LENIENT_MS)
        const { hamperedAt } = world.server(roleOf(server))
        if (world.schedule.now < hamperedAt + LENIENT_MS) return
        if (now < (lenientUntil.get(server) ?? 0)) return
        for (const conversation of onlooker.conversations(server)) {
          if (!conversation.isEstablished) continue
          const { connection, partnerKeepaliveSeconds, sentAt, heardAt } = conversation
          const silentMs = now - sentAt
          if (silentMs > partnerKeepaliveSeconds * 1000 * SILENT_PART_MAX + SLACK_MS) {
            const seconds = Math.round(silentMs / 1000)
            report(`${server} said nothing for ${seconds} s; the partner waits ${partnerKeepaliveSeconds} s`)
          }
          const isHeardNow = event.kind === 'frame-received' && event.connection === connection
          const isGivenUp =
            (event.kind === 'stream-closed' && event.connection === connection) ||
            effects.afterCommit.some((output) => output.kind === 'close-stream' && output.connection === connection)
          const unheardMs = now - heardAt
          if (isHeardNow || isGivenUp || unheardMs <= world.settings.keepaliveSeconds * 1000 + SLACK_MS) continue
          report(`${server} holds on to a connection on which nothing came for ${Math.round(unheardMs / 1000)} s`)
        }
      },
    }
  },
})
