/** The wire between the servers is slow, within what RFC 8156 section 7.1 still takes for agreeing clocks. */
import { defineFault } from './fault.ts'

export const slowWire = defineFault({
  name: 'slow-wire',
  weight: 0.7,
  lastsSeconds: [5, 300],
  begin: ({ world, random }) => {
    world.streams.latencyMs = random.pick([20, 150, 600]) ?? 1
    return () => {
      world.streams.latencyMs = 1
    }
  },
})
