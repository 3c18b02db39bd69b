/** A recovered server speaks again when all that it had promised before it failed is over (RFC 8156 section 8.6). */
import { defineChecker } from './checker.ts'
import { promisedBy } from './read-reply.ts'

/** When the last promise was made, and until when what was promised with the MCLT of its day may last untold. */
interface Promises {
  readonly at: number
  readonly until: number
}

/**
 * A wait is kept if one of these has counted it: the clock of the process; the clock of the machine, since a process whose
 * clock runs slow after it was set back forgets that with its disk; true time, since a clock that is set forward
 * meanwhile ends the wait by itself.
 */
const clocks = ['process', 'machine', 'true'] as const
type Clock = (typeof clocks)[number]

/** So far the clock may have been set back before a start without its store, and forward after it: both still agree (section 7.1). */
const CLOCK_TOLERANCE_MS = 5_000

export const recoverWaitIsWaited = defineChecker({
  name: 'recover-wait-is-waited',
  property: 'RECOVER-DONE is not entered before the last promise + MCLT.',
  watch: ({ world, onlooker, report }) => {
    const promises = new Map<string, Promises>()
    /** By the machine's clock, the first start of each server since it lost its store and promised last. */
    const failedAt = new Map<string, number | undefined>()
    const mcltMsOf = (server: string): number =>
      (onlooker.endpointOf(server)?.mcltSeconds ?? world.settings.mcltSeconds) * 1000
    const offsetOf = (server: string): number => world.servers.find(({ name }) => name === server)?.clock.offsetMs ?? 0
    const read = (clock: Clock, server: string, now: number): number => {
      if (clock === 'process') return now
      return world.schedule.now + (clock === 'machine' ? offsetOf(server) : 0)
    }
    return {
      erased(server) {
        failedAt.set(server, undefined)
      },
      started(server) {
        if (failedAt.has(server) && failedAt.get(server) === undefined) failedAt.set(server, read('machine', server, 0))
      },
      released(server, output, now) {
        if (promisedBy(output) === undefined) return
        failedAt.delete(server)
        for (const clock of clocks) {
          const before = promises.get(`${server} ${clock}`)
          const [at, mcltMs] = [read(clock, server, now), mcltMsOf(server)]
          const until = Math.max(before?.until ?? 0, at + mcltMs)
          promises.set(`${server} ${clock}`, { at: Math.max(before?.at ?? 0, at), until })
        }
      },
      decided(server, _event, effects, _engine, now) {
        // A clock that is set wrong by more than agrees may take any time of failure for one that is long over.
        if (onlooker.clocksErred) return
        for (const change of effects.commit) {
          if (change.kind !== 'transition-added' || change.transition.to !== 'RECOVER-DONE') continue
          if (change.transition.from === 'STARTUP') continue
          const missingMs = Math.min(
            ...clocks.map((clock) => {
              const promised = promises.get(`${server} ${clock}`)
              if (promised === undefined) return 0
              // The MCLT of now, and that of then where it was longer (decision 0024).
              return Math.max(promised.at + mcltMsOf(server), promised.until) - read(clock, server, now)
            }),
          )
          const startedAt = failedAt.get(server)
          const isWaitedSince = startedAt !== undefined && startedAt + mcltMsOf(server) <= now
          if (missingMs > 0 && !(isWaitedSince && missingMs <= CLOCK_TOLERANCE_MS))
            report(`${server} recovered ${Math.ceil(missingMs / 1000)} s before its promises were over`)
        }
      },
    }
  },
})
