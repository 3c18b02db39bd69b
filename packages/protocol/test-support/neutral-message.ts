/** Our decoded messages in the terms of the golden vectors, which are those of no language: numbers, hex, address text (RFC 8156 §5). */
import * as p from '../src/index.ts'
import { hexOf } from '../src/wire/hex.ts'

export type NeutralValue = string | number | readonly NeutralOption[]

export interface NeutralOption {
  readonly code: number
  readonly fields: Readonly<Record<string, NeutralValue>>
}

export interface NeutralMessage {
  readonly type: number
  readonly transactionId: number
  /** Null in STARTTLS and REPLY, which have none. */
  readonly sentTime: number | null
  readonly options: readonly NeutralOption[]
}

export function neutralMessage(message: p.StreamMessage): NeutralMessage {
  return {
    type: message.type,
    transactionId: message.transactionId,
    sentTime: message.kind === 'failover' ? message.sentTime : null,
    options: message.options.map(neutralOption),
  }
}

export function neutralOption(instance: p.OptionInstance): NeutralOption {
  const fieldsOf = describers.get(instance.code)
  if (fieldsOf !== undefined) return { code: instance.code, fields: fieldsOf(instance) }
  if (!(instance.value instanceof Uint8Array)) throw new Error(`option ${instance.code} is missing in this table`)
  return { code: instance.code, fields: { octets: hexOf(instance.value) } }
}

/** The codes that the table below can tell about. */
export const neutralCodes = (): readonly number[] => [...describers.keys()]

type Fields = NeutralOption['fields']
type Describer = readonly [code: number, describe: (instance: p.OptionInstance) => Fields]

function describer<T>(definition: p.OptionDefinition<T>, fieldsOf: (value: T) => Fields): Describer {
  return [
    definition.code,
    (instance) => {
      const value = p.findOption([instance], definition)
      if (value === undefined) throw new Error(`option ${instance.code} has no value`)
      return fieldsOf(value)
    },
  ]
}

const inside = (options: p.Options): { readonly options: readonly NeutralOption[] } => ({
  options: options.map(neutralOption),
})
const time = (definition: p.OptionDefinition<p.DhcpTime>): Describer =>
  describer(definition, (value) => ({ time: value }))
const seconds = (definition: p.OptionDefinition<number>): Describer =>
  describer(definition, (value) => ({ seconds: value }))
const text = (definition: p.OptionDefinition<string>): Describer => describer(definition, (name) => ({ name }))

/** The golden names end with a dot where the name is complete; ours never do. */
const dotted = (definition: p.OptionDefinition<string>): Describer =>
  describer(definition, (value) => ({ name: value === '.' ? value : `${value}.` }))

/** Bits by hand, so that the numbers are not those of the code under test. */
const bits = (...set: readonly (readonly [boolean, number])[]): number =>
  set.reduce((sum, [isSet, bit]) => (isSet ? sum + bit : sum), 0)

const describers = new Map<number, Describer[1]>([
  describer(p.clientIdOption, (duid) => ({ duid: hexOf(p.duidToBytes(duid)) })),
  describer(p.iaNaOption, ({ iaid, t1, t2, options }) => ({ iaid, t1, t2, ...inside(options) })),
  describer(p.iaTaOption, ({ iaid, options }) => ({ iaid, ...inside(options) })),
  describer(p.iaPdOption, ({ iaid, t1, t2, options }) => ({ iaid, t1, t2, ...inside(options) })),
  describer(p.iaAddressOption, ({ address, preferredLifetime, validLifetime, options }) => ({
    address: p.formatIpv6Address(address),
    preferredLifetime,
    validLifetime,
    ...inside(options),
  })),
  describer(p.iaPrefixOption, ({ prefix, preferredLifetime, validLifetime, options }) => ({
    preferredLifetime,
    validLifetime,
    prefixLength: prefix.length,
    prefix: p.formatIpv6Address(prefix.address),
    ...inside(options),
  })),
  describer(p.statusCodeOption, ({ code, message }) => ({ status: code, message })),
  describer(p.clientFqdnOption, ({ flags, domainName, fullyQualified }) => ({
    flags,
    name: fullyQualified && domainName !== '.' ? `${domainName}.` : domainName,
  })),
  describer(p.clientDataOption, inside),
  seconds(p.cltTimeOption),
  describer(p.lqRelayDataOption, ({ peerAddress, message }) => ({
    peerAddress: p.formatIpv6Address(peerAddress),
    relayMessage: hexOf(message),
  })),
  describer(p.vssOption, ({ type, information }) => ({ vssType: type, information: hexOf(information) })),
  time(p.lqBaseTimeOption),
  describer(p.bindingStatusOption, (bindingStatus) => ({ bindingStatus })),
  describer(p.connectFlagsOption, ({ fixedPdLength, reserved = 0 }) => ({
    flags: bits([fixedPdLength, 1]) + reserved,
  })),
  describer(p.dnsRemovalInfoOption, inside),
  dotted(p.dnsHostNameOption),
  dotted(p.dnsZoneNameOption),
  describer(p.dnsFlagsOption, (flags) => ({
    flags:
      bits(
        [flags.usingRequestedFqdn, 8],
        [flags.synthesizedName, 4],
        [flags.reverseUpToDate, 2],
        [flags.forwardUpToDate, 1],
      ) + (flags.reserved ?? 0),
  })),
  time(p.expirationTimeOption),
  describer(p.maxUnackedBndupdOption, (updates) => ({ updates })),
  seconds(p.mcltOption),
  time(p.partnerLifetimeOption),
  time(p.partnerLifetimeSentOption),
  time(p.partnerDownTimeOption),
  time(p.partnerRawCltTimeOption),
  describer(p.protocolVersionOption, ({ major, minor }) => ({ major, minor })),
  seconds(p.keepaliveTimeOption),
  describer(p.reconfigureDataOption, ({ reconfigureTime, key }) => ({ time: reconfigureTime, key: hexOf(key) })),
  text(p.relationshipNameOption),
  describer(p.serverFlagsOption, ({ ackStartup, startup, communicated, reserved = 0 }) => ({
    flags: bits([ackStartup, 4], [startup, 2], [communicated, 1]) + reserved,
  })),
  describer(p.serverStateOption, (state) => ({ state })),
  time(p.startTimeOfStateOption),
  time(p.stateExpirationTimeOption),
])
