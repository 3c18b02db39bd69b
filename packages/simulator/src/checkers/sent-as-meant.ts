/** Everything sent can be read, and an update says what is on record (RFC 8156 section 7.4). */
import { bindingKey, keyOf, type Binding, type Effects, type EndpointRecord } from '@tandem/engine'
import { decodeDatagram, encodeDatagram, encodeStreamMessage, MessageType, toDhcpTime } from '@tandem/protocol'
import { nameOf } from '../actors/client-message.ts'
import { holderOf } from '../world/lease-holder.ts'
import { readFrame, updatedLeases, type UpdatedLease } from '../world/read-frame.ts'
import { defineChecker } from './checker.ts'
import { isEndAsTold } from './told-end.ts'

export const sentAsMeant = defineChecker({
  name: 'sent-as-meant',
  property: 'Everything sent decodes, encodes to the same octets, and a BNDUPD says what is on record.',
  watch: ({ onlooker, report }) => ({
    decided(server, _event, effects) {
      for (const output of effects.afterCommit) {
        if (output.kind === 'send-datagram' && !isSame(output.bytes, reencodedDatagram(output.bytes))) {
          report(`${server} sent a datagram that reads as something else`)
        }
        const message = readFrame(output)
        if (output.kind === 'send-frame' && !isSame(output.bytes, message && encodeStreamMessage(message))) {
          report(`${server} sent a frame that reads as something else`)
        }
        if (message?.type !== MessageType.Bndupd) continue
        const isRecovering = hearsRecovery(endpointDecidedIn(effects) ?? onlooker.endpointOf(server))
        for (const told of updatedLeases(message.options)) {
          const key = bindingKey(told.kind, told.prefix)
          const record = decidedIn(effects, key) ?? onlooker.lease(server, key)
          const difference = record === undefined ? 'no record' : differenceOf(record, told, isRecovering)
          if (difference !== undefined) report(`${server} told ${nameOf(told)} with ${difference}`)
        }
      }
    },
  }),
})

function decidedIn({ commit }: Effects, key: string): Binding | undefined {
  for (const change of commit) if (change.kind === 'binding-put' && keyOf(change.binding) === key) return change.binding
  return undefined
}

function endpointDecidedIn({ commit }: Effects): EndpointRecord | undefined {
  return commit.findLast((change) => change.kind === 'endpoint-put')?.endpoint
}

function hearsRecovery(endpoint: EndpointRecord | undefined): boolean {
  return endpoint?.partner?.state === 'RECOVER' || endpoint?.partner?.state === 'RECOVER-WAIT'
}

/** Undefined: it says what is on record. */
function differenceOf(record: Binding, told: UpdatedLease, isRecovering: boolean): string | undefined {
  // A prefix that is asked back is told as FREE while it is still the partner's (RFC 8156 section 4.2.2).
  const isTakeBack =
    record.status === 'FREE-BACKUP' &&
    told.status === 'FREE' &&
    (record.kind === 'prefix' || record.client === undefined)
  if (told.status !== record.status && !isTakeBack) return `status ${told.status ?? '-'} instead of ${record.status}`
  if (told.holder !== holderOf(record)) return 'another client'
  if (!isEndAsTold(record, told, isRecovering)) return 'another end'
  if (!isTakeBack && told.statusSince !== toDhcpTime(record.statusSince)) return 'another beginning'
  return undefined
}

function reencodedDatagram(bytes: Uint8Array): Uint8Array | undefined {
  const decoded = decodeDatagram(bytes)
  return decoded.ok ? encodeDatagram(decoded.value) : undefined
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  if (a.length !== b?.length) return false
  // Everything sent passes here: a call for each octet would be felt.
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false
  return true
}
