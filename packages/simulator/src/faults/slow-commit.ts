/** A disk is slow: answers wait, and past three seconds the server must begin again (architecture, section 5). */
import { defineFault, isOneAlone, pickServer } from './fault.ts'

export const slowCommit = defineFault({
  name: 'slow-commit',
  weight: 1,
  lastsSeconds: [1, 120],
  begin: (scene) => {
    if (isOneAlone(scene.world)) return undefined
    const server = pickServer(scene)
    server.disk = { commitMs: scene.random.pick([20, 200, 1000, 2500, 4000]) ?? 20, failure: 'none' }
    return () => {
      server.makeSound()
    }
  },
})
