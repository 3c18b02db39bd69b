/** Datagrams between clients and servers arrive twice, late and out of order. */
import { defineFault } from './fault.ts'

export const datagramDisorder = defineFault({
  name: 'datagram-disorder',
  weight: 0.7,
  lastsSeconds: [5, 300],
  begin: ({ world, random }) => {
    world.datagrams.duplicateRate = random.pick([0.1, 0.5, 1]) ?? 0
    world.datagrams.jitterMs = random.pick([0, 20, 800, 3000]) ?? 0
    return () => {
      world.datagrams.duplicateRate = 0
      world.datagrams.jitterMs = 0
    }
  },
})
