/** A server's answer to a client, taken out of its relay envelopes: what it promises, and to whom. */
import {
  decodeDatagram,
  findOption,
  MessageType,
  relayMessageOption,
  type ClientServerMessage,
  type Duid,
} from '@tandem/protocol'
import type { Output } from '@tandem/engine'
import { readAnswer, type ReadAnswer, type ToldLease } from '../actors/client-message.ts'

export interface Promised {
  readonly client: Duid
  readonly leases: readonly ToldLease[]
  readonly requestArrivedAt: number
}

/** Many checkers look at the same message; it is read once. */
const messages = new WeakMap<Uint8Array, { readonly message: ClientServerMessage | undefined }>()
const promises = new WeakMap<Output, { readonly promised: Promised | undefined }>()
const answers = new WeakMap<ClientServerMessage, ReadAnswer>()

export function clientMessageOf(bytes: Uint8Array): ClientServerMessage | undefined {
  let read = messages.get(bytes)
  if (read === undefined) {
    read = { message: readClientMessage(bytes) }
    messages.set(bytes, read)
  }
  return read.message
}

export function answerIn(message: ClientServerMessage): ReadAnswer {
  let answer = answers.get(message)
  if (answer === undefined) {
    answer = readAnswer(message)
    answers.set(message, answer)
  }
  return answer
}

/** Undefined: no REPLY, or one that promises nothing. */
export function promisedBy(output: Output): Promised | undefined {
  if (output.kind !== 'send-datagram') return undefined
  let read = promises.get(output)
  if (read === undefined) {
    read = { promised: readPromise(output) }
    promises.set(output, read)
  }
  return read.promised
}

function readClientMessage(bytes: Uint8Array): ClientServerMessage | undefined {
  const decoded = decodeDatagram(bytes)
  if (!decoded.ok) return undefined
  if (decoded.value.kind === 'client-server') return decoded.value
  const inner = findOption(decoded.value.options, relayMessageOption)
  return inner === undefined ? undefined : clientMessageOf(inner)
}

function readPromise(output: Extract<Output, { kind: 'send-datagram' }>): Promised | undefined {
  const message = clientMessageOf(output.bytes)
  if (message?.type !== MessageType.Reply) return undefined
  const { client, leases } = answerIn(message)
  const alive = leases.filter(({ validSeconds }) => validSeconds > 0)
  if (client === undefined || alive.length === 0) return undefined
  return { client, leases: alive, requestArrivedAt: output.requestArrivedAt }
}
