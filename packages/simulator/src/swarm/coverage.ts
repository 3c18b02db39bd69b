/** What a run has reached, counted by what is seen from outside: cells of both tables, status codes, what became of messages. */
import {
  findOption,
  findOptions,
  iaNaOption,
  iaPdOption,
  MessageType,
  messageTypeName,
  statusCodeName,
  statusCodeOption,
  type Options,
} from '@tandem/protocol'
import { bindingKey, keyOf, type Effects, type EndpointState, type EngineEvent, type Output } from '@tandem/engine'
import { nameOf } from '../actors/client-message.ts'
import { clientMessageOf } from '../checkers/read-reply.ts'
import { announcedState, readFrame, readReceived, updatedLeases } from '../world/read-frame.ts'
import type { World, WorldObserver } from '../world/world.ts'

/** Later than this a message counts as late; an idle network takes a millisecond. */
const LATE_MS = 100

interface Seen {
  state: EndpointState
  readonly statuses: Map<string, string>
}

/** `reach` is told each `area: what`. */
export function watchCoverage(world: World, reach: (what: string) => void): WorldObserver {
  const seen = new Map<string, Seen>()
  return {
    started(server) {
      const { store } = world.server(server === 'primary' ? 'primary' : 'secondary')
      const statuses = new Map([...store.bindings()].map((binding) => [keyOf(binding), String(binding.status)]))
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
    frameArrived(bytes, lateMs) {
      if (lateMs >= LATE_MS) reach(`stream messages late: ${frameTypeOf(bytes)}`)
    },
    frameLost(bytes) {
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
    reach(`state matrix, ${server}: ${known.state} hears ${announced.state}`)
  } else if (received?.type === MessageType.Bndupd) {
    noteUpdate(known, received.options, effects, reach)
  }
}

function noteUpdate(known: Seen, update: Options, effects: Effects, reach: (what: string) => void): void {
  const sent = effects.afterCommit.flatMap((output) => readFrame(output) ?? [])
  const answer = sent.find(({ type }) => type === MessageType.Bndreply)
  if (answer === undefined) return
  const refused = new Set(
    updatedLeases(answer.options)
      .filter(({ refusal }) => refusal !== undefined)
      .map(nameOf),
  )
  for (const told of updatedLeases(update)) {
    const before = known.statuses.get(bindingKey(told.kind, told.prefix)) ?? 'no record'
    const outcome = refused.has(nameOf(told)) ? 'refused' : 'accepted'
    reach(`conflict table: ${groupOf(before)} hears ${groupOf(told.status ?? '-')} ${outcome}`)
  }
}

/** Figure 4 of RFC 8156 joins some statuses in one row or column. */
function groupOf(status: string): string {
  return status === 'FREE' || status === 'FREE-BACKUP' ? 'available' : status
}

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
