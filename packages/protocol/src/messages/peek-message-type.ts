/** The type of the message that a client sent, looked up through the relay headers round it without decoding (RFC 9915 §9). */
import { isRelayMessageType } from '../registry/message-types.ts'
import { OptionCode } from '../registry/option-codes.ts'
import { RELAY_HEADER_OCTETS } from './relay-message.ts'

export const RELAY_DEPTH_MAX = 32

export interface PeekedMessage {
  readonly type: number
  /** How many relay messages are wrapped round it. */
  readonly relayDepth: number
  /** Where it begins, in octets from the start of the datagram. */
  readonly offset: number
}

/** Undefined for octets that no DHCPv6 message begins with, or relays nested too deep. Looks at no more than headers. */
export function peekMessageType(bytes: Uint8Array): PeekedMessage | undefined {
  let start = 0
  let end = bytes.length
  for (let relayDepth = 0; relayDepth <= RELAY_DEPTH_MAX; relayDepth += 1) {
    const type = bytes[start]
    if (type === undefined || start >= end) return undefined
    if (!isRelayMessageType(type)) return { type, relayDepth, offset: start }
    const inner = findRelayMessage(bytes, start + RELAY_HEADER_OCTETS, end)
    if (inner === undefined) return undefined
    start = inner.start
    end = inner.end
  }
  return undefined
}

function findRelayMessage(
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly start: number; readonly end: number } | undefined {
  let at = start
  while (at + 4 <= end) {
    const valueEnd = at + 4 + uint16At(bytes, at + 2)
    if (valueEnd > end) return undefined
    if (uint16At(bytes, at) === OptionCode.RelayMessage) return { start: at + 4, end: valueEnd }
    at = valueEnd
  }
  return undefined
}

function uint16At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
