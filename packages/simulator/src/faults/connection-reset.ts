/** Every connection between the servers breaks, and both are told at once. */
import { defineFault, isOneAlone } from './fault.ts'

export const connectionReset = defineFault({
  name: 'connection-reset',
  pauseSeconds: 60,
  lastsSeconds: [0, 0],
  begin: ({ world }) => {
    if (isOneAlone(world)) return undefined
    world.streams.reset()
    return () => {
      // It is over as soon as it has happened.
    }
  },
})
