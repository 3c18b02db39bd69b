/** Which outputs tell somebody a fact that must be durable even when their own step changed nothing. */
import type { Output } from './effects.ts'
import { MessageType, peekMessageType } from '@tandem/protocol'

/** An ADVERTISE binds nobody (RFC 9915 section 18.3.1). */
const NO_PROMISE_TO_CLIENT: number = MessageType.Advertise

/** A sign of life, STARTTLS and its REPLY: they state nothing about leases or states. */
const noPromiseToPartner: ReadonlySet<number> = new Set([MessageType.Contact, MessageType.StartTls, MessageType.Reply])

/** Behind the two size octets. */
const FRAME_TYPE_AT = 2

export function isPromise(output: Output): boolean {
  switch (output.kind) {
    case 'send-datagram':
      return peekMessageType(output.bytes)?.type !== NO_PROMISE_TO_CLIENT
    case 'send-frame':
      return !noPromiseToPartner.has(output.bytes[FRAME_TYPE_AT] ?? 0)
    case 'command-answered':
    case 'shut-down-complete':
      return true
    case 'dial-stream':
    case 'secure-stream':
    case 'close-stream':
      return false
  }
}
