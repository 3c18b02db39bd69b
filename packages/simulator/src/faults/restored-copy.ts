/** A server's disk is lost and an older copy of it brought back, marked as a lost store by the rule of `tandem restore` (decision 0070). */
import { lostStoreRecords } from '@tandem/engine'
import { defineFault, mayLoseStorage, pickServer } from './fault.ts'

export const restoredCopy = defineFault({
  name: 'restored-copy',
  weight: 0.5,
  // From the copy to the loss.
  lastsSeconds: [1, 3 * 3600],
  strikesAtEnd: true,
  begin: (scene) => {
    const server = pickServer(scene)
    const copy = server.store.copy()
    return () => {
      if (copy.number === 0 || !mayLoseStorage(scene, server)) return false
      server.crashAndErase()
      const { relationships } = server.configuration
      server.store.replace({
        ...copy,
        restored: {
          ...copy.restored,
          endpoints: lostStoreRecords(copy.restored.endpoints, relationships, server.machineNow()),
        },
      })
      scene.note(`${server.name} begins with an older copy of its disk`)
      server.start()
      return true
    }
  },
})
