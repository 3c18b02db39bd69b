/** The wall clock of a server is set wrong by minutes or an hour, beyond the bound on which RFC 8156 section 7.1 relies. */
import { defineFault, pickServer } from './fault.ts'

/** What runs ahead comes back only slowly, since the clock of a server never steps back. */
const AHEAD_MAX_SECONDS = 30
const BEHIND_MAX_SECONDS = 3_600

export const wrongClock = defineFault({
  name: 'wrong-clock',
  weight: 0.5,
  lastsSeconds: [10, 600],
  isOperatorError: true,
  begin: (scene) => {
    const server = pickServer(scene)
    const byMs = scene.random.between(-BEHIND_MAX_SECONDS, AHEAD_MAX_SECONDS) * 1000
    server.stepClock(byMs)
    return () => {
      // By as much, not to what it was: a smaller step may lie between.
      server.stepClock(-byMs)
    }
  },
})
