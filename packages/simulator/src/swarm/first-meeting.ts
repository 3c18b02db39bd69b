/** Two new servers meet: both recover at once, which hardly ever comes back later, so that their meeting is broken off several times. */
import { MessageType } from '@tandem/protocol'
import type { EndpointState } from '@tandem/engine'
import type { FaultScene } from '../faults/fault.ts'

const recovering: ReadonlySet<EndpointState | undefined> = new Set(['RECOVER', 'RECOVER-WAIT', 'RECOVER-DONE'])
const BREAKS_MAX = 8
/** Things that happen between two that have met and the end of their meeting. */
const MEETING_ACTS_MAX = 15
/** Two of the wires on which something is on its way when a server moves. */
const LATENCIES_MS = [1, 1, 20, 150]

export class FirstMeeting {
  readonly #scene: FaultScene
  readonly #isDeclared: boolean
  #breaksLeft: number
  #actsLeft: number | undefined
  #breaksAgainAt = 0

  constructor(scene: FaultScene) {
    this.#scene = scene
    const { random, world } = scene
    this.#breaksLeft = random.between(0, BREAKS_MAX)
    // In the middle of it somebody declares the partner down.
    this.#isDeclared = random.chance(0.3)
    world.streams.latencyMs = random.pick(LATENCIES_MS) ?? 1
  }

  get isOver(): boolean {
    return this.#breaksLeft === 0
  }

  advance(): void {
    const { world, random } = this.#scene
    if (world.schedule.now < this.#breaksAgainAt) {
      // The wait of one is over, and that of the other is not.
      const states = new Set(world.servers.map((server) => world.stateOf(server)))
      if (states.has('RECOVER-DONE') && states.has('RECOVER-WAIT') && random.chance(0.5)) world.streams.mend()
      return
    }
    if (this.#isDeclared && this.#declare()) return
    if (world.areBothNormal) this.#end()
    if (!world.servers.every((server) => recovering.has(world.stateOf(server)))) return
    if (!world.servers.some(({ store }) => store.endpoint('pair')?.inContact === true)) return
    this.#actsLeft ??= random.between(1, MEETING_ACTS_MAX)
    this.#actsLeft -= 1
    if (this.#actsLeft <= 0) this.#break()
  }

  /** As soon as one of them serves. */
  #declare(): boolean {
    const { world } = this.#scene
    const server = world.servers.find((each) => world.stateOf(each) === 'COMMUNICATIONS-INTERRUPTED')
    if (server === undefined) return false
    world.operator.declarePartnerDown(server, true)
    this.#end()
    return true
  }

  #break(): void {
    const { world, random } = this.#scene
    this.#actsLeft = undefined
    this.#breaksLeft -= 1
    // RECOVER-WAIT counts from the first start of each.
    const apartParts = random.chance(0.8) ? 0.25 : 1.5
    const apartMs = Math.round(random.fraction() * apartParts * world.settings.mcltSeconds * 1000)
    this.#breaksAgainAt = world.schedule.now + apartMs
    world.streams.cut()
    world.streams.reset()
    // A process that goes on remembers that neither had promised anything; one that begins again has to wait.
    for (const server of world.servers) {
      if (!random.chance(0.7)) continue
      server.crash()
      server.start()
    }
    world.schedule.after(apartMs, () => {
      world.streams.mend()
    })
    if (this.#breaksLeft === 0) this.#end()
  }

  #end(): void {
    this.#breaksLeft = 0
    this.#scene.world.streams.latencyMs = 1
  }
}

const HANDSHAKE: readonly number[] = [MessageType.Connect, MessageType.Connectreply]
const REQUEST: readonly number[] = [MessageType.Updreq, MessageType.Updreqall]
const HANDSHAKES_BROKEN = 0.03
const REQUESTS_BROKEN = 0.25

/**
 * The wire breaks towards the one that has just heard a message, which then answers and hears no more: in a handshake one hears
 * the other's first STATE and not the other way round, and of two that fetch from each other only one gets all.
 */
export function breakWires({ world, random }: FaultScene, stage: () => 'first meeting' | 'later' | 'over'): void {
  world.observe({
    frameArrived(bytes, _lateMs, towards) {
      const type = bytes[2] ?? 0
      const isFirst = stage() === 'first meeting'
      if (stage() === 'over' || !(isFirst ? REQUEST : HANDSHAKE).includes(type) || world.streams.isCut) return
      if (!random.chance(isFirst ? REQUESTS_BROKEN : HANDSHAKES_BROKEN)) return
      world.streams.cut(random.chance(0.8) ? towards : undefined)
      world.schedule.after(random.between(1, 20) * 1000, () => {
        world.streams.mend()
      })
    },
  })
}
