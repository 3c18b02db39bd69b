/** A recovered server speaks again when all that it had promised before it failed is over (RFC 8156 section 8.6). */
import { defineChecker, roleOf } from './checker.ts'
import { promisedBy } from './read-reply.ts'

const CLOCK_STEP_MAX_MS = 3_000

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
        // A clock that is set wrong by more than agrees may take any time of failure for one that is long over.
        if (world.history === 'operator-error') return
        for (const change of effects.commit) {
          if (change.kind !== 'transition-added' || change.transition.to !== 'RECOVER-DONE') continue
          if (change.transition.from === 'STARTUP') continue
          const mcltSeconds = onlooker.endpointOf(server)?.mcltSeconds ?? world.settings.mcltSeconds
          const missingMs = (promisedAt.get(server) ?? -Infinity) + mcltSeconds * 1000 - now
          // A clock that was set meanwhile counts the wait from another beginning, within what agrees (RFC 8156 section 7.1).
          const { hamperedAt } = world.server(roleOf(server))
          const wasSet = world.schedule.now - hamperedAt < 2 * mcltSeconds * 1000
          if (missingMs > (wasSet ? CLOCK_STEP_MAX_MS : 0))
            report(`${server} recovered ${Math.round(missingMs / 1000)} s before its promises were over`)
        }
      },
    }
  },
})
