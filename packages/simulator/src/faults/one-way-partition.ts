/** The wire between the servers passes bytes in one direction only; the stream stalls in the other, and nobody is told. */
import { defineFault, isOneAlone, pickServer } from './fault.ts'

export const oneWayPartition = defineFault({
  name: 'one-way-partition',
  weight: 1,
  lastsSeconds: [1, 3_600],
  begin: (scene) => {
    const { world } = scene
    if (isOneAlone(world) || world.streams.isCut) return undefined
    world.streams.cut(pickServer(scene).name)
    return () => {
      world.streams.mend()
    }
  },
})
