/** A server dies between deciding and releasing, before or just after its commit is on disk; also while it starts. */
import { defineFault, mayStop, pickServer } from './fault.ts'

export const crashInCommit = defineFault({
  name: 'crash-in-commit',
  weight: 1,
  lastsSeconds: [1, 60],
  begin: (scene) => {
    const server = pickServer(scene)
    if (!mayStop(scene, server)) return undefined
    const isAfterCommit = scene.random.chance(0.5)
    // Once started again it may fall at once, before it has written anything or said a word.
    const fallsAgain = scene.random.chance(0.3)
    server.crashAtCommit(isAfterCommit ? 'after' : 'before', () => mayStop(scene, server))
    return () => {
      server.standFirm()
      server.start()
      if (fallsAgain) {
        server.crash()
        server.start()
      }
    }
  },
})
