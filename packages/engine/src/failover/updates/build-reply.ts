/** BNDREPLY: the mirror of a BNDUPD with what was refused of it (RFC 8156 section 7.6). */
import {
  bindingStatusOption,
  clientDataOption,
  clientIdOption,
  findOption,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  iaTaOption,
  option,
  partnerLifetimeOption,
  partnerLifetimeSentOption,
  stateExpirationTimeOption,
  statusCodeOption,
  vssOption,
  type IaAddress,
  type IaPrefix,
  type OptionInstance,
  type Options,
} from '@tandem/protocol'
import type { Refusal } from './read-update.ts'

/** The refusal of the lease at this place; undefined: it is taken. */
export type RefusalAt = (iaIndex: number | undefined, leaseIndex: number) => Refusal | undefined

export function replyToClientData(received: Options, whole: Refusal | undefined, refusalAt: RefusalAt): Options {
  const options: OptionInstance[] = whole === undefined ? [] : [statusOf(whole)]
  for (const [iaIndex, instance] of received.entries()) {
    const mirrored = mirrorOf([instance], iaIndex, refusalAt)
    if (mirrored !== undefined) options.push(mirrored)
  }
  return [option(clientDataOption, options)]
}

export function replyToAddress(received: IaAddress, refusal: Refusal | undefined): Options {
  return [option(iaAddressOption, { ...received, options: leaseAnswer(received.options, refusal) })]
}

export function replyToPrefix(received: IaPrefix, refusal: Refusal | undefined): Options {
  const vss = findOption(received.options, vssOption)
  const options = [...(vss === undefined ? [] : [option(vssOption, vss)]), ...leaseAnswer(received.options, refusal)]
  return [option(iaPrefixOption, { ...received, options })]
}

function mirrorOf(single: Options, iaIndex: number, refusalAt: RefusalAt): OptionInstance | undefined {
  const clientId = findOption(single, clientIdOption)
  if (clientId !== undefined) return option(clientIdOption, clientId)
  const vss = findOption(single, vssOption)
  if (vss !== undefined) return option(vssOption, vss)
  const na = findOption(single, iaNaOption)
  if (na !== undefined) return option(iaNaOption, { ...na, options: mirrorLeases(na.options, iaIndex, refusalAt) })
  const ta = findOption(single, iaTaOption)
  if (ta !== undefined) return option(iaTaOption, { ...ta, options: mirrorLeases(ta.options, iaIndex, refusalAt) })
  const pd = findOption(single, iaPdOption)
  return pd === undefined
    ? undefined
    : option(iaPdOption, { ...pd, options: mirrorLeases(pd.options, iaIndex, refusalAt) })
}

function mirrorLeases(leases: Options, iaIndex: number, refusalAt: RefusalAt): Options {
  const mirrored: OptionInstance[] = []
  for (const [leaseIndex, instance] of leases.entries()) {
    const refusal = refusalAt(iaIndex, leaseIndex)
    const address = findOption([instance], iaAddressOption)
    const prefix = findOption([instance], iaPrefixOption)
    if (address !== undefined) {
      mirrored.push(option(iaAddressOption, { ...address, options: leaseAnswer(address.options, refusal) }))
    } else if (prefix !== undefined) {
      mirrored.push(option(iaPrefixOption, { ...prefix, options: leaseAnswer(prefix.options, refusal) }))
    }
  }
  return mirrored
}

/** Status and expiration as received; the lifetime is echoed bit by bit under its other name. */
function leaseAnswer(received: Options, refusal: Refusal | undefined): Options {
  const status = findOption(received, bindingStatusOption)
  const expiration = findOption(received, stateExpirationTimeOption)
  const lifetime = findOption(received, partnerLifetimeOption)
  return [
    ...(refusal === undefined ? [] : [statusOf(refusal)]),
    ...(status === undefined ? [] : [option(bindingStatusOption, status)]),
    ...(expiration === undefined ? [] : [option(stateExpirationTimeOption, expiration)]),
    ...(lifetime === undefined ? [] : [option(partnerLifetimeSentOption, lifetime)]),
  ]
}

function statusOf(refusal: Refusal): OptionInstance {
  return option(statusCodeOption, { code: refusal.statusCode, message: refusal.text })
}
