/** What a run has reached, counted by what is seen from outside: cells of both tables, status codes, what became of messages. */
import {
  findOption,
  findOptions,
  iaNaOption,
  iaPdOption,
  MessageType,
  messageTypeName,
  StatusCode,
  statusCodeName,
  statusCodeOption,
  type Options,
} from '@tandem/protocol'
import {
  bindingKey,
  keyOf,
  type BindingStatus,
  type Effects,
  type EndpointState,
  type EngineEvent,
  type Output,
} from '@tandem/engine'
import { nameOf } from '../actors/client-message.ts'
import { clientMessageOf } from '../checkers/read-reply.ts'
import { announcedState, readFrame, readReceived, updatedLeases } from '../world/read-frame.ts'
import type { World, WorldObserver } from '../world/world.ts'
import { conflictCell, matrixCell } from './expected-cells.ts'
import { watchRepeats } from './repeated-frames.ts'

/** Later than this a message counts as late; an idle network takes a millisecond. */
const LATE_MS = 100

interface Seen {
  state: EndpointState
  readonly statuses: Map<string, BindingStatus>
}

/** `reach` is told each `area: what`. */
export function watchCoverage(world: World, reach: (what: string) => void): WorldObserver {
  const seen = new Map<string, Seen>()
  const repeats = watchRepeats((type) => reach(`stream messages sent again after a reconnect: ${type}`))
  return {
    started(server) {
      const { store } = world.server(server === 'primary' ? 'primary' : 'secondary')
      const statuses = new Map([...store.bindings()].map((binding) => [keyOf(binding), binding.status] as const))
      seen.set(server, { state: 'STARTUP', statuses })
    },
    decided(server, event, effects) {
      const known = seen.get(server)
      if (known === undefined) return
      noteReceived(known, server, event, effects, reach)
      for (const change of effects.commit) {
        if (change.kind === 'binding-put') known.statuses.set(keyOf(change.binding), change.binding.status)
        if (change.kind !== 'transition-added') continue
        const { from, to } = change.transition
        reach(`moves: ${from} -> ${to}`)
        known.state = to
      }
    },
    released(_server, output) {
      for (const code of statusCodesOf(output)) reach(`status codes sent: ${statusCodeName(code)}`)
    },
    frameArrived(bytes, lateMs, towards) {
      repeats.frameArrived?.(bytes, lateMs, towards)
      if (lateMs >= LATE_MS) reach(`stream messages late: ${frameTypeOf(bytes)}`)
    },
    frameLost(bytes, towards) {
      repeats.frameLost?.(bytes, towards)
      reach(`stream messages lost with their connection: ${frameTypeOf(bytes)}`)
    },
    datagramFate(type, fate) {
      reach(`datagrams ${fate}: ${messageTypeName(type)}`)
    },
  }
}

function noteReceived(
  known: Seen,
  server: string,
  event: EngineEvent,
  effects: Effects,
  reach: (what: string) => void,
): void {
  const received = readReceived(event)
  if (received?.type === MessageType.State) {
    const announced = announcedState(received)
    if (announced === undefined || announced.flags?.startup === true) return
    // On a connection that has been given up it is heard no more.
    const isHeard = effects.commit.some(
      (change) => change.kind === 'endpoint-put' && change.endpoint.partner?.state === announced.state,
    )
    if (!isHeard) return
    reach(matrixCell(server, known.state, announced.state))
  } else if (received?.type === MessageType.Bndupd) {
    noteUpdate(known, received.options, effects, reach)
  }
}

function noteUpdate(known: Seen, update: Options, effects: Effects, reach: (what: string) => void): void {
  const sent = effects.afterCommit.flatMap((output) => readFrame(output) ?? [])
  const answer = sent.find(({ type }) => type === MessageType.Bndreply)
  if (answer === undefined) return
  const refusals = new Map(updatedLeases(answer.options).map((lease) => [nameOf(lease), lease.refusal]))
  for (const told of updatedLeases(update)) {
    if (told.status === undefined) continue
    const before = known.statuses.get(bindingKey(told.kind, told.prefix))
    const refusal = refusals.get(nameOf(told))
    if (refusal === undefined) reach(conflictCell(before, told.status, 'accepted'))
    else if (decidedByTable.has(refusal)) reach(conflictCell(before, told.status, 'refused'))
  }
}

/** What refuses an update for another reason says nothing of Figure 4. */
const decidedByTable: ReadonlySet<number> = new Set([StatusCode.AddressInUse, StatusCode.OutdatedBindingInformation])

function* statusCodesOf(output: Output): Generator<number> {
  const frame = readFrame(output)
  if (frame !== undefined) {
    const whole = findOption(frame.options, statusCodeOption)
    if (whole !== undefined) yield whole.code
    if (frame.type !== MessageType.Bndreply) return
    for (const { refusal } of updatedLeases(frame.options)) if (refusal !== undefined) yield refusal
    return
  }
  const message = output.kind === 'send-datagram' ? clientMessageOf(output.bytes) : undefined
  if (message === undefined) return
  const ias = [...findOptions(message.options, iaNaOption), ...findOptions(message.options, iaPdOption)]
  for (const options of [message.options, ...ias.map((ia) => ia.options)]) {
    const status = findOption(options, statusCodeOption)
    if (status !== undefined) yield status.code
  }
}

/** Behind the two size octets. */
function frameTypeOf(bytes: Uint8Array): string {
  return messageTypeName(bytes[2] ?? 0)
}
