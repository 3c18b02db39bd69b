/** The wire between the servers passes nothing, and nobody is told; both still reach their clients. */
import { defineFault, isOneAlone } from './fault.ts'

export const partition = defineFault({
  name: 'partition',
  weight: 1,
  lastsSeconds: [1, 3_600],
  begin: ({ world }) => {
    if (isOneAlone(world) || world.streams.isCut) return undefined
    world.streams.cut()
    return () => {
      world.streams.mend()
    }
  },
})
