/** Datagrams between clients and servers are lost. */
import { defineFault } from './fault.ts'

export const datagramLoss = defineFault({
  name: 'datagram-loss',
  weight: 0.7,
  lastsSeconds: [5, 300],
  begin: ({ world, random }) => {
    world.datagrams.lossRate = random.pick([0.05, 0.2, 0.5, 0.9]) ?? 0
    return () => {
      world.datagrams.lossRate = 0
    }
  },
})
