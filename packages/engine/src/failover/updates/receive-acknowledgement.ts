/** What a BNDREPLY changes in our record (RFC 8156 section 7.7): the partner's promise, and the end of what was owed. */
import { hasBug } from '../../deliberate-bug.ts'
import {
  clientDataOption,
  findOption,
  findOptions,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  iaTaOption,
  partnerLifetimeSentOption,
  StatusCode,
  statusCodeOption,
  type Options,
} from '@tandem/protocol'
import type { Binding } from '../../bindings/binding.ts'
import { sameClient } from '../../bindings/binding-table.ts'
import type { Instant } from '../../time/instant.ts'
import { isEnded, madeAvailable } from './available-status.ts'
import type { Refusal } from './read-update.ts'
import type { SentUpdate } from './update-window.ts'
import { fromWire } from './wire-time.ts'

export type Acknowledgement =
  | { readonly accepted: true; readonly promise: Instant | undefined }
  | { readonly accepted: false; readonly refusal: Refusal }

const containerCodes: ReadonlySet<number> = new Set([clientDataOption.code, iaPrefixOption.code, iaAddressOption.code])

/**
 * Looks for the answer to the one lease that was told; a refusal counts at any of the three levels (digest A14). An answer
 * that is not in the one container of the update could contradict itself, so it is no promise (sections 7.5.3, 7.6).
 */
export function readAcknowledgement(message: Options, sent: SentUpdate, now: Instant): Acknowledgement {
  const containers = message.filter(({ code }) => containerCodes.has(code))
  const alone = sent.told.kind === 'prefix' ? iaPrefixOption.code : iaAddressOption.code
  const expected = sent.told.client === undefined ? alone : clientDataOption.code
  if (containers.length !== 1 || containers[0]?.code !== expected) {
    const text = 'the answer does not have the one container that the update had'
    return { accepted: false, refusal: { statusCode: StatusCode.UnspecFail, text } }
  }
  const answers = [...levelsOfClientData(message), ...levelsOfLeaseAlone(message)]
  const answer = answers.find(({ kind, prefix }) => {
    const told = sent.told
    return kind === told.kind && prefix.address === told.prefix.address && prefix.length === told.prefix.length
  })
  const refusal = firstRefusal(answer?.levels ?? findOptions(message, clientDataOption))
  if (refusal !== undefined) return { accepted: false, refusal }
  if (answer === undefined) {
    return {
      accepted: false,
      refusal: { statusCode: StatusCode.UnspecFail, text: 'the answer does not name the lease' },
    }
  }
  const echoed = findOption(answer.levels.at(-1) ?? [], partnerLifetimeSentOption)
  // An echo that is not ours is no promise about what we told.
  const promised = echoed !== undefined && echoed === sent.partnerLifetimeTold
  return { accepted: true, promise: promised ? fromWire(echoed, now) : undefined }
}

/** Our record after an accepted update; undefined: nothing of it changes. */
export function acknowledged(
  current: Binding,
  sent: SentUpdate,
  promise: Instant | undefined,
  isShared = current.kind === 'prefix',
): Binding {
  const ackedPartnerLifetime = promise ?? current.ackedPartnerLifetime
  if (!isAsTold(current, sent) && !hasBug('older-answer-clears-newer-change')) {
    // Changed meanwhile: still owed, but the promise stands for this client.
    return isSameClient(current, sent.told) ? { ...current, ackedPartnerLifetime } : current
  }
  const settled: Binding = { ...current, ackedPartnerLifetime, partnerLifetime: undefined, owedToPartner: false }
  if (sent.takeBack) return { ...settled, status: 'FREE', statusSince: sent.told.statusSince }
  return isEnded(settled.status) ? madeAvailable(settled, isShared) : settled
}

/** Is the lease still what the partner was told of it? Bookkeeping about the telling does not count. */
export function isAsTold(current: Binding, { told, takeBack }: SentUpdate): boolean {
  const sameStatus = takeBack
    ? current.status === 'FREE-BACKUP'
    : current.status === told.status && current.statusSince === told.statusSince
  return (
    sameStatus &&
    isSameClient(current, told) &&
    current.statusExpiresAt === told.statusExpiresAt &&
    current.clientHeardAt === told.clientHeardAt &&
    current.partnerHeardClientAt === told.partnerHeardClientAt &&
    current.partnerLifetime === told.partnerLifetime &&
    current.expirationTime === told.expirationTime &&
    current.validSeconds === told.validSeconds
  )
}

function isSameClient(a: Binding, b: Binding): boolean {
  if (a.client === undefined || b.client === undefined) return a.client === b.client
  return sameClient(a.client, b.client)
}

interface Answer {
  readonly kind: Binding['kind']
  readonly prefix: Binding['prefix']
  /** Options of the container, the IA and the lease, from the outside in. */
  readonly levels: readonly Options[]
}

function* levelsOfClientData(message: Options): Generator<Answer> {
  for (const container of findOptions(message, clientDataOption)) {
    const addressIas = [...findOptions(container, iaNaOption), ...findOptions(container, iaTaOption)]
    for (const ia of addressIas) {
      for (const { address, options } of findOptions(ia.options, iaAddressOption)) {
        yield { kind: 'address', prefix: { address, length: 128 }, levels: [container, ia.options, options] }
      }
    }
    for (const ia of findOptions(container, iaPdOption)) {
      for (const { prefix, options } of findOptions(ia.options, iaPrefixOption)) {
        yield { kind: 'prefix', prefix, levels: [container, ia.options, options] }
      }
    }
  }
}

/** A lease that is tied to nobody. */
function* levelsOfLeaseAlone(message: Options): Generator<Answer> {
  for (const { address, options } of findOptions(message, iaAddressOption)) {
    yield { kind: 'address', prefix: { address, length: 128 }, levels: [options] }
  }
  for (const { prefix, options } of findOptions(message, iaPrefixOption)) {
    yield { kind: 'prefix', prefix, levels: [options] }
  }
}

/** A success code says nothing about what is inside (RFC 8156 section 7.6). */
function firstRefusal(levels: readonly Options[]): Refusal | undefined {
  for (const options of levels) {
    const status = findOption(options, statusCodeOption)
    if (status !== undefined && status.code !== StatusCode.Success) {
      return { statusCode: status.code, text: status.message }
    }
  }
  return undefined
}
