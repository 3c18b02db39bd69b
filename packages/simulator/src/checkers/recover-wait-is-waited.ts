/** A recovered server speaks again when all that it had promised before it failed is over (RFC 8156 section 8.6). */
import { defineChecker } from './checker.ts'
import { promisedBy } from './read-reply.ts'

export const recoverWaitIsWaited = defineChecker({
  name: 'recover-wait-is-waited',
  property: 'RECOVER-DONE is not entered before the last promise + MCLT.',
  watch: ({ world, onlooker, report }) => {
    /** By its own clock: when each server last promised something. */
    const promisedAt = new Map<string, number>()
    return {
      released(server, output, now) {
        if (promisedBy(output) !== undefined) promisedAt.set(server, now)
      },
      decided(server, _event, effects, _engine, now) {
        for (const change of effects.commit) {
          if (change.kind !== 'transition-added' || change.transition.to !== 'RECOVER-DONE') continue
          if (change.transition.from === 'STARTUP') continue
          const mcltSeconds = onlooker.endpointOf(server)?.mcltSeconds ?? world.settings.mcltSeconds
          const missingMs = (promisedAt.get(server) ?? -Infinity) + mcltSeconds * 1000 - now
          if (missingMs > 0)
            report(`${server} recovered ${Math.round(missingMs / 1000)} s before its promises were over`)
        }
      },
    }
  },
})
