/** Brings one server into any state of RFC 8156 section 8, with a partner that is played by the story. */
import type { EndpointState, Role } from '@tandem/engine'
import type { ServerProcess } from '../world/server-process.ts'
import type { World } from '../world/world.ts'
import type { ScriptedPartner } from './scripted-partner.ts'

interface Scene {
  readonly world: World
  readonly server: ServerProcess
  readonly partner: ScriptedPartner
}

type Preparation = (scene: Scene) => void

/** Long enough for a dial, a handshake and an answer. */
const ANSWER_MS = 3_000

/** Each begins where another ends. */
const preparations: Readonly<Record<EndpointState, Preparation>> = {
  STARTUP: ({ server }) => {
    server.start()
  },
  RECOVER: ({ world, server, partner }) => {
    server.start()
    partner.connect({ state: 'PARTNER-DOWN' })
    world.run(ANSWER_MS)
  },
  'RECOVER-WAIT': (scene) => {
    preparations.RECOVER(scene)
    scene.partner.tellAll()
    scene.world.run(ANSWER_MS)
  },
  'RECOVER-DONE': (scene) => {
    preparations['RECOVER-WAIT'](scene)
    scene.world.run(scene.world.settings.mcltSeconds * 1000)
  },
  NORMAL: (scene) => {
    preparations['RECOVER-DONE'](scene)
    say(scene, 'NORMAL')
  },
  'COMMUNICATIONS-INTERRUPTED': (scene) => {
    preparations.NORMAL(scene)
    say(scene, 'RECOVER')
  },
  'PARTNER-DOWN': (scene) => {
    preparations['COMMUNICATIONS-INTERRUPTED'](scene)
    scene.world.operator.declarePartnerDown(scene.server, true)
    scene.world.run(ANSWER_MS)
  },
  'POTENTIAL-CONFLICT': (scene) => {
    preparations['COMMUNICATIONS-INTERRUPTED'](scene)
    say(scene, 'PARTNER-DOWN')
  },
  'RESOLUTION-INTERRUPTED': (scene) => {
    preparations['POTENTIAL-CONFLICT'](scene)
    scene.partner.vanish()
    scene.world.run(ANSWER_MS)
  },
  'CONFLICT-DONE': (scene) => {
    preparations['POTENTIAL-CONFLICT'](scene)
    scene.partner.tellAll()
    scene.world.run(ANSWER_MS)
  },
}

export function bringIntoState(scene: Scene, state: EndpointState, role: Role): void {
  preparations[state](scene)
  const reached = scene.world.stateOf(scene.server)
  if (reached !== state && state !== 'STARTUP')
    throw new Error(`the ${role} is in ${reached ?? 'no state'}, not in ${state}`)
}

function say({ world, partner }: Scene, state: string): void {
  partner.say({ state })
  world.run(ANSWER_MS)
}
