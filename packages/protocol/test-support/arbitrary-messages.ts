/** Random values for every option and message that the codec knows, for property tests. */
import fc from 'fast-check'
import * as p from '../src/index.ts'

type Arbitrary<T> = fc.Arbitrary<T>

const uint8 = fc.nat(0xff)
const uint16 = fc.nat(0xffff)
const uint32 = fc.oneof(fc.nat(0xff), fc.integer({ min: 0, max: 0xffffffff }), fc.constant(0xffffffff))
const bytes = fc.uint8Array({ maxLength: 24 })
const time = uint32.map(p.dhcpTimeFromNumber)
const address = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map(p.ipv6AddressFromNumber)
const prefix = fc.tuple(address, fc.nat(128)).map(([value, length]) => p.makePrefix(value, length))
const duid = fc.uint8Array({ minLength: 3, maxLength: 130 }).map(p.duidFromBytes)
const wellFormedText = fc.string({ unit: 'grapheme', maxLength: 20 }).map((value) => value.toWellFormed())
const label = fc.stringMatching(/^[a-z0-9-]{1,20}$/u)
const domainName = fc.oneof(
  fc.constant('.'),
  fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.')),
)
const flag = fc.boolean()
const code = (codes: Readonly<Record<string, number>>): Arbitrary<number> => fc.constantFrom(...Object.values(codes))

/** Reserved bits appear in a value only where one is set. */
function withReserved<T extends object>(
  value: Arbitrary<T>,
  mask: number,
): Arbitrary<T & { readonly reserved?: number }> {
  const reserved = fc.nat(0xffff).map((bits) => bits & mask)
  return fc.tuple(value, reserved).map(([flags, bits]) => (bits === 0 ? flags : { ...flags, reserved: bits }))
}

function of<T>(definition: p.OptionDefinition<T>, value: Arbitrary<T>): Arbitrary<p.OptionInstance> {
  return value.map((chosen) => p.option(definition, chosen))
}

function leafOptions(): readonly Arbitrary<p.OptionInstance>[] {
  const fqdn = fc.oneof(
    fc.record({ flags: uint8, domainName, fullyQualified: fc.constant(true) }),
    fc.record({ flags: uint8, domainName: fc.oneof(label, fc.constant('')), fullyQualified: fc.constant(false) }),
  )
  const vss = fc.oneof(
    fc.record({ type: fc.constant(0), information: bytes }),
    fc.record({ type: fc.constant(1), information: fc.uint8Array({ minLength: 7, maxLength: 7 }) }),
    fc.constant({ type: 255, information: new Uint8Array(0) }),
  )
  const authentication = fc.record({
    protocol: uint8,
    algorithm: uint8,
    replayDetectionMethod: uint8,
    replayDetection: fc.uint8Array({ minLength: 8, maxLength: 8 }),
    information: bytes,
  })
  return [
    of(p.clientIdOption, duid),
    of(p.serverIdOption, duid),
    of(p.relayIdOption, duid),
    of(p.optionRequestOption, fc.array(uint16, { maxLength: 8 })),
    of(p.echoRequestOption, fc.array(uint16, { maxLength: 8 })),
    of(p.preferenceOption, uint8),
    of(p.elapsedTimeOption, uint16),
    of(p.relayMessageOption, bytes),
    of(p.authOption, authentication),
    of(p.unicastOption, address),
    of(p.statusCodeOption, fc.record({ code: uint16, message: wellFormedText })),
    of(p.rapidCommitOption, fc.constant(true)),
    of(p.userClassOption, fc.array(bytes, { minLength: 1, maxLength: 4 })),
    of(p.vendorClassOption, fc.record({ enterprise: uint32, classes: fc.array(bytes, { maxLength: 4 }) })),
    of(p.vendorOptsOption, fc.record({ enterprise: uint32, options: bytes })),
    of(p.interfaceIdOption, bytes),
    of(p.subscriberIdOption, bytes),
    of(p.reconfigureMessageOption, code(p.MessageType)),
    of(p.reconfigureAcceptOption, fc.constant(true)),
    of(p.dnsServersOption, fc.array(address, { minLength: 1, maxLength: 4 })),
    of(p.lqClientLinkOption, fc.array(address, { minLength: 1, maxLength: 4 })),
    of(p.domainListOption, fc.array(domainName, { minLength: 1, maxLength: 4 })),
    of(p.informationRefreshTimeOption, uint32),
    of(p.solMaxRtOption, uint32),
    of(p.infMaxRtOption, uint32),
    of(p.remoteIdOption, fc.record({ enterprise: uint32, identifier: bytes })),
    of(p.clientFqdnOption, fqdn),
    of(p.cltTimeOption, uint32),
    of(p.lqBaseTimeOption, time),
    of(p.lqRelayDataOption, fc.record({ peerAddress: address, message: bytes })),
    of(p.vssOption, vss),
    of(p.clientLinkLayerAddressOption, fc.record({ hardwareType: uint16, address: bytes })),
    of(p.relaySourcePortOption, uint16),
    ...failoverLeafOptions(),
  ]
}

function failoverLeafOptions(): readonly Arbitrary<p.OptionInstance>[] {
  const dnsFlags = fc.record({
    usingRequestedFqdn: flag,
    synthesizedName: flag,
    reverseUpToDate: flag,
    forwardUpToDate: flag,
  })
  const serverFlags = fc.record({ startup: flag, ackStartup: flag, communicated: flag })
  const relationshipName = wellFormedText.map((name) => name.replaceAll('\0', ''))
  return [
    of(p.bindingStatusOption, code(p.BindingStatusCode)),
    of(p.connectFlagsOption, withReserved(fc.record({ fixedPdLength: flag }), 0xfffe)),
    of(p.dnsHostNameOption, domainName),
    of(p.dnsZoneNameOption, domainName),
    of(p.dnsFlagsOption, withReserved(dnsFlags, 0xfff0)),
    of(p.expirationTimeOption, time),
    of(p.maxUnackedBndupdOption, uint32),
    of(p.mcltOption, uint32),
    of(p.partnerLifetimeOption, time),
    of(p.partnerLifetimeSentOption, time),
    of(p.partnerDownTimeOption, time),
    of(p.partnerRawCltTimeOption, time),
    of(p.protocolVersionOption, fc.record({ major: uint16, minor: uint16 })),
    of(p.keepaliveTimeOption, uint32),
    of(p.reconfigureDataOption, fc.record({ reconfigureTime: time, key: bytes })),
    of(p.relationshipNameOption, relationshipName),
    of(p.serverFlagsOption, withReserved(serverFlags, 0xf8)),
    of(p.serverStateOption, code(p.ServerStateCode)),
    of(p.startTimeOfStateOption, time),
    of(p.stateExpirationTimeOption, time),
  ]
}

const definedCodes = new Set(p.optionDefinitions.map((definition) => definition.code))
const unknownOption: Arbitrary<p.OptionInstance> = fc.record({
  code: uint16.filter((value) => !definedCodes.has(value)),
  value: bytes,
})

const { options } = fc.letrec<{ options: p.Options; option: p.OptionInstance; container: p.OptionInstance }>((tie) => {
  const inner = tie('options')
  const association = fc.record({ iaid: uint32, t1: uint32, t2: uint32, options: inner })
  const lifetimes = { preferredLifetime: uint32, validLifetime: uint32, options: inner }
  return {
    options: fc.array(tie('option'), { maxLength: 6, depthIdentifier: 'nesting' }),
    option: fc.oneof(
      { depthIdentifier: 'nesting', maxDepth: 4, depthSize: 'small' },
      { arbitrary: fc.oneof(unknownOption, ...leafOptions()), weight: 3 },
      { arbitrary: tie('container'), weight: 2 },
    ),
    container: fc.oneof(
      of(p.iaNaOption, association),
      of(p.iaPdOption, association),
      of(p.iaTaOption, fc.record({ iaid: uint32, options: inner })),
      of(p.iaAddressOption, fc.record({ address, ...lifetimes })),
      of(p.iaPrefixOption, fc.record({ prefix, ...lifetimes })),
      of(p.clientDataOption, inner),
      of(p.dnsRemovalInfoOption, inner),
      of(p.lqQueryOption, fc.record({ queryType: uint8, linkAddress: address, options: inner })),
    ),
  }
})

const transactionId = fc.nat(p.TRANSACTION_ID_MAX)
const allTypes = Object.values(p.MessageType)
const failoverTypes = allTypes.filter((type) => p.isFailoverMessageType(type))
const plainTypes = allTypes.filter((type) => !p.isFailoverMessageType(type) && !p.isRelayMessageType(type))

export const clientServerMessage: Arbitrary<p.ClientServerMessage> = fc.record({
  kind: fc.constant('client-server' as const),
  type: fc.constantFrom(...plainTypes),
  transactionId,
  options,
})

export const relayMessage: Arbitrary<p.RelayMessage> = fc.record({
  kind: fc.constant('relay' as const),
  type: fc.constantFrom(12 as const, 13 as const),
  hopCount: uint8,
  linkAddress: address,
  peerAddress: address,
  options,
})

export const failoverMessage: Arbitrary<p.FailoverMessage> = fc.record({
  kind: fc.constant('failover' as const),
  type: fc.constantFrom(...failoverTypes),
  transactionId,
  sentTime: time,
  options,
})

export const datagramMessage: Arbitrary<p.DatagramMessage> = fc.oneof(clientServerMessage, relayMessage)
export const streamMessage: Arbitrary<p.StreamMessage> = fc.oneof(failoverMessage, clientServerMessage)

/** What an attacker or a broken link does to octets: overwrite, cut, drop, double. */
export function mutated(
  original: Uint8Array,
  choices: readonly (readonly [kind: number, at: number, octet: number])[],
): Uint8Array {
  let octets: number[] = [...original]
  for (const [kind, position, octet] of choices) {
    const at = octets.length === 0 ? 0 : position % octets.length
    if (kind === 0 && octets.length > 0) octets[at] = octet
    else if (kind === 1) octets = octets.slice(0, at)
    else if (kind === 2) octets.splice(at, 1 + (octet % 8))
    else if (kind === 3) octets.splice(at, 0, ...octets.slice(at, at + (octet % 16)))
    else if (kind === 4 && octets.length > 0) octets[at] = (octets[at] ?? 0) ^ (1 << (octet % 8))
  }
  return Uint8Array.from(octets)
}

export const mutations: Arbitrary<readonly (readonly [number, number, number])[]> = fc.array(
  fc.tuple(fc.nat(4), fc.nat(0xffff), uint8),
  { minLength: 1, maxLength: 6 },
)
