/** What is timed of one message: taking it apart, putting it together, and, as the limit, copying its octets. */
import {
  decodeDatagram,
  decodeStreamMessage,
  encodeDatagram,
  encodeStreamMessage,
  findOption,
  option,
  relayMessageOption,
  type DatagramMessage,
  type RelayMessage,
  type StreamMessage,
} from '@tandem/protocol'
import type { Subject } from '../harness/time-operation.ts'
import type { SampleMessage } from './sample-messages.ts'

export interface CodecSubjects {
  readonly decode: Subject
  readonly encode: Subject
  readonly copy: Subject
}

/** A relayed message, opened to the innermost. */
export interface Layers {
  readonly relays: readonly RelayMessage[]
  readonly message: DatagramMessage
}

export function codecSubjects({ name, carrier, octets }: SampleMessage): CodecSubjects {
  const copy: Subject = { name: `copy ${name}`, operation: () => octets.slice() }
  if (carrier === 'stream') {
    const message = decodeFrame(octets)
    return {
      copy,
      decode: { name: `decode ${name}`, operation: () => decodeFrame(octets) },
      encode: { name: `encode ${name}`, operation: () => encodeStreamMessage(message) },
    }
  }
  const layers = decodeLayers(octets)
  return {
    copy,
    decode: { name: `decode ${name}`, operation: () => decodeLayers(octets) },
    encode: { name: `encode ${name}`, operation: () => encodeLayers(layers) },
  }
}

export function decodeLayers(octets: Uint8Array): Layers {
  const relays: RelayMessage[] = []
  let inner = octets
  for (;;) {
    const decoded = decodeDatagram(inner)
    if (!decoded.ok) throw new Error(`a sample that cannot be read: ${decoded.error.detail}`)
    if (decoded.value.kind !== 'relay') return { relays, message: decoded.value }
    const carried = findOption(decoded.value.options, relayMessageOption)
    if (carried === undefined) throw new Error('a relayed sample that carries nothing')
    relays.push(decoded.value)
    inner = carried
  }
}

export function encodeLayers({ relays, message }: Layers): Uint8Array {
  let octets = encodeDatagram(message)
  for (const relay of relays.toReversed()) {
    const options = relay.options.map((each) =>
      each.code === relayMessageOption.code ? option(relayMessageOption, octets) : each,
    )
    octets = encodeDatagram({ ...relay, options })
  }
  return octets
}

function decodeFrame(octets: Uint8Array): StreamMessage {
  const decoded = decodeStreamMessage(octets)
  if (!decoded.ok) throw new Error(`a sample that cannot be read: ${decoded.error.detail}`)
  return decoded.value
}
