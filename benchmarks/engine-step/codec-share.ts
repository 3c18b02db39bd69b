/** What the codec alone needs for the octets of some steps: to read all that went in, and to write all that came out. */
import type { Effects, EngineEvent } from '@tandem/engine'
import { decodeStreamMessage, encodeStreamMessage, type StreamMessage } from '@tandem/protocol'
import { decodeLayers, encodeLayers } from '../codec/codec-subjects.ts'

interface Octets {
  readonly datagrams: readonly Uint8Array[]
  /** Without their size octets. */
  readonly frames: readonly Uint8Array[]
}

/** Nanoseconds for all of them together; the messages to be written are at hand, as the engine's decisions would be. */
export function codecNanoseconds(
  taken: readonly EngineEvent[],
  given: readonly Effects[],
  clock: () => number,
): number {
  const read = octetsTaken(taken)
  const written = octetsGiven(given)
  const layers = written.datagrams.map(decodeLayers)
  const messages = written.frames.map(decodeFrame)
  const startedAt = clock()
  for (const octets of read.datagrams) decodeLayers(octets)
  for (const octets of read.frames) decodeFrame(octets)
  for (const each of layers) encodeLayers(each)
  for (const message of messages) encodeStreamMessage(message)
  return (clock() - startedAt) * 1e6
}

function octetsTaken(events: readonly EngineEvent[]): Octets {
  return {
    datagrams: events.flatMap((event) => (event.kind === 'datagram-received' ? [event.bytes] : [])),
    frames: events.flatMap((event) => (event.kind === 'frame-received' ? [event.bytes] : [])),
  }
}

function octetsGiven(steps: readonly Effects[]): Octets {
  const outputs = steps.flatMap(({ afterCommit }) => afterCommit)
  return {
    datagrams: outputs.flatMap((output) => (output.kind === 'send-datagram' ? [output.bytes] : [])),
    frames: outputs.flatMap((output) => (output.kind === 'send-frame' ? [output.bytes.subarray(2)] : [])),
  }
}

function decodeFrame(octets: Uint8Array): StreamMessage {
  const decoded = decodeStreamMessage(octets)
  if (!decoded.ok) throw new Error(`a frame that cannot be read: ${decoded.error.detail}`)
  return decoded.value
}
