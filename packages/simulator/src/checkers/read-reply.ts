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
import { ReadOnce } from '../world/read-once.ts'
import { readAnswer, type ReadAnswer, type ToldLease } from '../actors/client-message.ts'

export interface Promised {
  readonly client: Duid
  readonly leases: readonly ToldLease[]
  readonly requestArrivedAt: number
}

const messages = new ReadOnce(readClientMessage)
const answers = new ReadOnce(readAnswer)
const promises = new ReadOnce(readPromise)

export function clientMessageOf(bytes: Uint8Array): ClientServerMessage | undefined {
  return messages.of(bytes)
}

export function answerIn(message: ClientServerMessage): ReadAnswer {
  return answers.of(message)
}

/** Undefined: no REPLY, or one that promises nothing. */
export function promisedBy(output: Output): Promised | undefined {
  return output.kind === 'send-datagram' ? promises.of(output) : undefined
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
