/** Commits fail, or only their answers are lost: tried again under the same number, silence after 3 s, the end of the process after 33 s (decision 0006). */
import { defineFault, isOneAlone, pickServer } from './fault.ts'

export const failingCommit = defineFault({
  name: 'failing-commit',
  weight: 1,
  lastsSeconds: [1, 120],
  begin: (scene) => {
    if (isOneAlone(scene.world)) return undefined
    const server = pickServer(scene)
    server.disk = { commitMs: 1, failure: scene.random.pick(['fails', 'answer-lost'] as const) ?? 'fails' }
    return () => {
      server.makeSound()
    }
  },
})
