/** Hands one output of a simulated server to the network it is for, as the real adapters do. */
import type { CommandResult, ConnectionId, Instant, Output } from '@tandem/engine'
import { stampSentTime, toDhcpTime } from '@tandem/protocol'
import type { StreamNetwork } from './stream-network.ts'

export interface Outlets {
  readonly name: string
  readonly partner: string
  readonly streams: StreamNetwork
  readonly now: () => Instant
  /** Datagrams to clients and relays. */
  readonly sendDatagram: (server: string, output: Extract<Output, { kind: 'send-datagram' }>) => void
  readonly answered: (commandId: string, result: CommandResult) => unknown
  readonly end: () => unknown
}

export function releaseOutput(output: Output, outlets: Outlets): void {
  const { name, partner, streams } = outlets
  switch (output.kind) {
    case 'send-datagram':
      outlets.sendDatagram(name, output)
      break
    case 'dial-stream':
      streams.dial(name, partner, output.relationship)
      break
    case 'secure-stream':
      streams.secure(name, output.connection)
      break
    case 'send-frame':
      sendFrame(outlets, output.connection, output.bytes)
      break
    case 'close-stream':
      streams.close(name, output.connection, output.reason)
      break
    case 'command-answered':
      outlets.answered(output.commandId, output.result)
      break
    case 'shut-down-complete':
      outlets.end()
      break
  }
}

function sendFrame({ name, streams, now }: Outlets, connection: ConnectionId, bytes: Uint8Array): void {
  const frame = bytes.slice()
  stampSentTime(frame, toDhcpTime(now()))
  streams.send(name, connection, frame)
}
