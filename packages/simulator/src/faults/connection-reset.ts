/** Every connection between the servers breaks, and both are told at once. */
import { defineFault, isOneAlone, nothingToRepair } from './fault.ts'

export const connectionReset = defineFault({
  name: 'connection-reset',
  weight: 0.7,
  lastsSeconds: [0, 0],
  begin: ({ world }) => {
    if (isOneAlone(world)) return undefined
    world.streams.reset()
    return nothingToRepair
  },
})
