/** The wall clock of a server is set, within what still agrees with its partner's (RFC 8156 section 7.1), and set right again. */
import { defineFault, isOneAlone, pickServer } from './fault.ts'

const OFFSET_MAX_MS = 1_500

export const clockStep = defineFault({
  name: 'clock-step',
  weight: 0.7,
  lastsSeconds: [1, 600],
  begin: (scene) => {
    // A step past "running until" sends the one that is alone back to its start-up.
    if (isOneAlone(scene.world)) return undefined
    const server = pickServer(scene)
    const before = server.clock.offsetMs
    // A clock that is wrong beyond that is set right by whoever set it wrong.
    if (Math.abs(before) > OFFSET_MAX_MS) return undefined
    const byMs = scene.random.between(-OFFSET_MAX_MS, OFFSET_MAX_MS) - before
    server.stepClock(byMs)
    return () => {
      server.stepClock(-byMs)
    }
  },
})
