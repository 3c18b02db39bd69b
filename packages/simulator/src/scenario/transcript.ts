/** What happened, one line each: messages to clients, messages between servers, moves of the endpoints. */
import { MessageType, messageTypeName, type ClientServerMessage, type StreamMessage } from '@tandem/protocol'
import { leaseText, type Command, type Effects, type EngineEvent, type Output } from '@tandem/engine'
import { nameOf, readAnswer } from '../actors/client-message.ts'
import type { Client } from '../actors/client.ts'
import { announcedState, readFrame, updatedLeases } from '../world/read-frame.ts'
import type { World, WorldObserver } from '../world/world.ts'

export class Transcript implements WorldObserver {
  readonly #world: World
  #lines: string[] = []

  constructor(world: World) {
    this.#world = world
  }

  /** The lines since the last call. */
  take(): readonly string[] {
    const lines = this.#lines
    this.#lines = []
    return lines
  }

  note(line: string): void {
    this.#lines.push(`${stampOf(this.#world.elapsedMs)} ${line}`)
  }

  started(server: string): void {
    this.note(`${server} starts`)
  }

  stopped(server: string, how: 'crash' | 'shut-down'): void {
    this.note(how === 'crash' ? `${server} is killed` : `${server} has shut down`)
  }

  erased(server: string): void {
    this.note(`${server} loses its disk`)
  }

  decided(server: string, event: EngineEvent, effects: Effects): void {
    if (event.kind === 'time-gap') this.note(`${server} was too slow and begins again`)
    if (event.kind === 'command-received') this.note(`${event.operator} -> ${server} ${commandText(event.command)}`)
    for (const change of effects.commit) {
      if (change.kind !== 'transition-added') continue
      this.note(`${server} ${change.transition.from} -> ${change.transition.to} (${change.transition.rule})`)
    }
  }

  released(server: string, output: Output): void {
    if (output.kind === 'command-answered') {
      const { result } = output
      this.note(`${server} -> operator ${result.ok ? 'done' : `refused: ${result.refusal}`}`)
    }
    const message = readFrame(output)
    if (message === undefined || message.type === MessageType.Contact) return
    this.note(`${server} -> ${server === 'primary' ? 'secondary' : 'primary'} ${frameText(message)}`)
  }

  clientSent(client: Client, message: ClientServerMessage): void {
    const leases = readAnswer(message).leases.map(nameOf)
    this.note([`${client.name} -> servers ${messageTypeName(message.type)}`, ...leases].join(' '))
  }

  clientReceived(client: Client, server: string, message: ClientServerMessage): void {
    const leases = readAnswer(message).leases.map((lease) => `${nameOf(lease)} valid ${lease.validSeconds}`)
    this.note([`${server} -> ${client.name} ${messageTypeName(message.type)}`, ...leases].join(' '))
  }

  givenUp(client: Client, lease: Parameters<typeof nameOf>[0], why: string): void {
    if (why !== 'released') this.note(`${client.name} gives up ${nameOf(lease)}: ${why}`)
  }
}

function frameText(message: StreamMessage): string {
  const leases = updatedLeases(message.options).map((lease) => {
    const refused = lease.refusal === undefined ? '' : ` refused ${lease.refusal}`
    return `${nameOf(lease)} ${lease.status ?? '-'}${refused}`
  })
  const announced = announcedState(message)
  const flags = announced?.flags
  const state = announced === undefined ? [] : [announced.state, ...(flags?.startup === true ? ['(starting)'] : [])]
  return [messageTypeName(message.type), ...state, ...leases].join(' ')
}

function commandText(command: Command): string {
  switch (command.kind) {
    case 'shut-down':
      return 'shut down'
    case 'declare-partner-down':
      return `declare partner down (seen ${command.seenState})`
    case 'hand-over':
    case 'take-back':
    case 'resync':
    case 'rebalance':
      return command.kind
    case 'drain-pool':
      return `drain the pool ${command.pool}`
    case 'stop-draining':
      return `stop draining the pool ${command.pool}`
    case 'reset-lease':
    case 'release-lease':
    case 'resend-lease': {
      const act = { 'reset-lease': 'reset', 'release-lease': 'release', 'resend-lease': 'tell again' }[command.kind]
      return `${act} ${leaseText({ kind: command.leaseKind, prefix: command.prefix })}`
    }
  }
}

/** Seconds since the beginning, in a column. */
function stampOf(elapsedMs: number): string {
  return (elapsedMs / 1000).toFixed(3).padStart(9)
}
