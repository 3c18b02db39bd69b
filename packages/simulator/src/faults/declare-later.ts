/** A person who sees that a server is dead declares it down on the other, and keeps to the duty that goes with it (RFC 8156 section 8.4). */
import { addMs, type Instant } from '@tandem/engine'
import type { ServerProcess } from '../world/server-process.ts'
import { USUAL_LATENCY_MS } from '../world/stream-network.ts'
import { recordedState, type FaultScene } from './fault.ts'
import { secondsOf } from './seconds.ts'

const DECLARED_AFTER_SECONDS: readonly [number, number] = [5, 60]

const ANSWERED_AFTER_MS = 2_000
/** What it sent last was on its way; on a slow wire for longer, and then the time is refused. */
const STILL_HEARD_MS = 1_000

export function declareLater(scene: FaultScene, down: ServerProcess): void {
  const afterSeconds = secondsOf(scene.random, DECLARED_AFTER_SECONDS)
  scene.world.schedule.after(afterSeconds * 1000, () => {
    declareNow(scene, down, sinceWhen(scene, down))
  })
}

function declareNow(scene: FaultScene, down: ServerProcess, downSince: Instant | undefined): void {
  const { world, note } = scene
  const survivor = world.partnerOf(down)
  const isDead = !down.isRunning || down.isSuspended
  const state = world.stateOf(survivor)
  if (!isDead || survivor.isSuspended) return
  if (state !== 'COMMUNICATIONS-INTERRUPTED' && state !== 'RESOLUTION-INTERRUPTED') return
  if (world.history === 'declared-safe' && !mayMeet(survivor, down)) return
  // Whoever declares also sees to it that the other, once started, is heard before it answers anybody.
  world.streams.mend()
  if (world.history === 'declared-safe') world.streams.latencyMs = USUAL_LATENCY_MS
  for (const server of world.servers) server.makeSound()
  note(`operator knows that ${down.name} is dead`)
  const commandId = world.operator.declarePartnerDown(survivor, hasNotServedAlone(survivor, down), downSince)
  if (downSince === undefined) return
  world.schedule.after(ANSWERED_AFTER_MS, () => {
    const answer = world.operator.answerTo(commandId)
    if (answer?.ok === false && answer.refusal === 'down-since-impossible') declareNow(scene, down, undefined)
  })
}

/** Some know since when it has not been running, or at least that it was not at some later time (decision 0072). */
function sinceWhen({ world, random }: FaultScene, down: ServerProcess): Instant | undefined {
  const stoppedAt = world.stoppedAt(down)
  if (stoppedAt === undefined || down.isRunning || random.chance(0.5)) return undefined
  const stillHeardUntil = stoppedAt + STILL_HEARD_MS
  const goneMs = Math.max(0, Math.floor((world.schedule.now - stillHeardUntil) * (random.pick([0.3, 1]) ?? 1)))
  return addMs(world.partnerOf(down).now(), -goneMs)
}

/** To a server that has not heard the other since its start, a person says what only people know (decision 0071). */
function hasNotServedAlone(survivor: ServerProcess, down: ServerProcess): boolean {
  const lastSeen = survivor.store.endpoint('pair')?.partner
  return recordedState(down) !== 'PARTNER-DOWN' && lastSeen?.partnerDownSince === undefined
}

/** With or without TLS, as each runs and will run: of two that differ, the one that comes back would serve alone. */
function mayMeet(survivor: ServerProcess, down: ServerProcess): boolean {
  const used = [survivor.configuration, survivor.nextConfiguration, down.nextConfiguration]
  // A suspended one goes on with what it has.
  if (down.isRunning) used.push(down.configuration)
  return new Set(used.map(({ relationships }) => relationships[0]?.transport)).size === 1
}
