/** The wire between the servers is slow, within what RFC 8156 section 7.1 still takes for agreeing clocks. */
import { defineFault, isOneAlone } from './fault.ts'
import { USUAL_LATENCY_MS } from '../world/stream-network.ts'

export const slowWire = defineFault({
  name: 'slow-wire',
  weight: 0.7,
  lastsSeconds: [5, 300],
  begin: ({ world, random }) => {
    const latencyMs = random.pick([20, 150, 600]) ?? USUAL_LATENCY_MS
    // One that comes back would answer clients before it has heard of the one that is alone.
    if (isOneAlone(world)) return undefined
    world.streams.latencyMs = latencyMs
    return () => {
      world.streams.latencyMs = USUAL_LATENCY_MS
    }
  },
})
