/** A recovered server speaks again when all that it had promised before it failed is over (RFC 8156 section 8.6). */
import { defineChecker } from './checker.ts'
import { promisedBy } from './read-reply.ts'

/** By the server's own clock and by true time; until when what was promised with the MCLT of its day may last untold. */
interface Promises {
  readonly at: number
  readonly trueAt: number
  readonly until: number
  readonly trueUntil: number
}

export const recoverWaitIsWaited = defineChecker({
  name: 'recover-wait-is-waited',
  property: 'RECOVER-DONE is not entered before the last promise + MCLT.',
  watch: ({ world, onlooker, report }) => {
    const promises = new Map<string, Promises>()
    const mcltMsOf = (server: string): number =>
      (onlooker.endpointOf(server)?.mcltSeconds ?? world.settings.mcltSeconds) * 1000
    return {
      released(server, output, now) {
        if (promisedBy(output) === undefined) return
        const before = promises.get(server)
        const [trueAt, mcltMs] = [world.schedule.now, mcltMsOf(server)]
        promises.set(server, {
          at: Math.max(before?.at ?? 0, now),
          trueAt,
          until: Math.max(before?.until ?? 0, now + mcltMs),
          trueUntil: Math.max(before?.trueUntil ?? 0, trueAt + mcltMs),
        })
      },
      decided(server, _event, effects, _engine, now) {
        // A clock that is set wrong by more than agrees may take any time of failure for one that is long over.
        if (onlooker.clocksErred) return
        const promised = promises.get(server)
        for (const change of promised === undefined ? [] : effects.commit) {
          if (change.kind !== 'transition-added' || change.transition.to !== 'RECOVER-DONE') continue
          if (promised === undefined || change.transition.from === 'STARTUP') continue
          // The MCLT of now, and that of then where it was longer (decision 0024).
          const byOwnClock = Math.max(promised.at + mcltMsOf(server), promised.until) - now
          const byTrueTime = Math.max(promised.trueAt + mcltMsOf(server), promised.trueUntil) - world.schedule.now
          // A clock that is set forward meanwhile ends the wait by itself; one that was lost with its disk begins anew.
          const missingMs = Math.min(byOwnClock, byTrueTime)
          if (missingMs > 0)
            report(`${server} recovered ${Math.ceil(missingMs / 1000)} s before its promises were over`)
        }
      },
    }
  },
})
