/** The wire between the servers passes nothing, and nobody is told; both still reach their clients. */
import { defineFault, isOneAlone } from './fault.ts'

export const partition = defineFault({
  name: 'partition',
  pauseSeconds: 90,
  lastsSeconds: [1, 120],
  begin: ({ world }) => {
    if (isOneAlone(world) || world.streams.isCut) return undefined
    world.streams.cut()
    return () => {
      world.streams.mend()
    }
  },
})
