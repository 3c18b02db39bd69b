/** What a drift leaves behind: the right configuration, also in a server that could not be restarted when it ended. */
import { describe, expect, it } from 'vitest'
import { Random } from '../world/random.ts'
import type { ServerProcess } from '../world/server-process.ts'
import { World } from '../world/world.ts'
import { configurationDrift } from './configuration-drift.ts'
import { declareLater } from './declare-later.ts'
import type { FaultScene } from './fault.ts'

const transportOf = (server: ServerProcess): string | undefined => server.configuration.relationships[0]?.transport

/** A pair of which one server runs with TLS and the other without. */
function driftedApart(): { readonly scene: FaultScene; readonly drifted: ServerProcess; readonly end: () => void } {
  for (let seed = 1; seed < 100; seed += 1) {
    const world = new World({ seed })
    const scene = { world, random: new Random(seed), note: (): void => undefined }
    world.secondary.start()
    world.primary.start()
    world.runUntil(() => world.areBothNormal, 10_000)
    const end = configurationDrift.begin(scene)
    const drifted = world.servers.find((server) => transportOf(server) === 'tls')
    if (end !== undefined && drifted !== undefined) return { scene, drifted, end }
  }
  throw new Error('some seed draws the transport')
}

describe('the end of a configuration drift', () => {
  it('reaches a server that was suspended meanwhile', () => {
    const { scene, drifted, end } = driftedApart()
    const { world } = scene
    drifted.suspend()
    world.run(20_000)
    end()
    world.run(60_000)
    expect(transportOf(drifted)).toBe('tls')
    drifted.resume()
    expect(world.runUntil(() => world.areBothNormal, 60_000)).toBe(true)
    expect(transportOf(drifted)).toBe('insecure')
  })

  it('leaves a later drift of the same server alone', () => {
    const { scene, drifted, end } = driftedApart()
    drifted.suspend()
    end()
    const later = { ...drifted.configuration }
    drifted.nextConfiguration = later
    drifted.resume()
    scene.world.run(60_000)
    expect(drifted.nextConfiguration).toBe(later)
  })
})

describe('a partner that is dead', () => {
  it('is not declared down while the two could not meet afterwards', () => {
    const { scene, drifted } = driftedApart()
    const { world } = scene
    const survivor = world.partnerOf(drifted)
    drifted.suspend()
    declareLater(scene, drifted)
    world.run(120_000)
    expect(world.stateOf(survivor)).toBe('COMMUNICATIONS-INTERRUPTED')
  })

  it('is declared down where only the transport that it will come back with counts', () => {
    const { scene, drifted, end } = driftedApart()
    const { world } = scene
    const survivor = world.partnerOf(drifted)
    drifted.crash()
    end()
    world.run(20_000)
    declareLater(scene, drifted)
    world.run(120_000)
    expect(world.stateOf(survivor)).toBe('PARTNER-DOWN')
  })
})
