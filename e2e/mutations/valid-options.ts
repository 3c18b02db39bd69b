/** One valid example of every option that has a decoder; a test holds the list against the table of the product. */
import {
  authOption,
  bindingStatusOption,
  clientDataOption,
  clientFqdnOption,
  clientIdOption,
  clientLinkLayerAddressOption,
  cltTimeOption,
  connectFlagsOption,
  dhcpTimeFromNumber,
  dnsFlagsOption,
  dnsHostNameOption,
  dnsRemovalInfoOption,
  dnsServersOption,
  dnsZoneNameOption,
  domainListOption,
  echoRequestOption,
  elapsedTimeOption,
  expirationTimeOption,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  iaTaOption,
  infMaxRtOption,
  informationRefreshTimeOption,
  interfaceIdOption,
  keepaliveTimeOption,
  lqBaseTimeOption,
  lqClientLinkOption,
  lqQueryOption,
  lqRelayDataOption,
  makeDuidLl,
  makePrefix,
  maxUnackedBndupdOption,
  mcltOption,
  option,
  optionRequestOption,
  partnerDownTimeOption,
  partnerLifetimeOption,
  partnerLifetimeSentOption,
  partnerRawCltTimeOption,
  preferenceOption,
  protocolVersionOption,
  rapidCommitOption,
  reconfigureAcceptOption,
  reconfigureDataOption,
  reconfigureMessageOption,
  relationshipNameOption,
  relayIdOption,
  relayMessageOption,
  relaySourcePortOption,
  remoteIdOption,
  serverFlagsOption,
  serverIdOption,
  serverStateOption,
  solMaxRtOption,
  startTimeOfStateOption,
  stateExpirationTimeOption,
  statusCodeOption,
  subscriberIdOption,
  toDhcpTime,
  unicastOption,
  userClassOption,
  vendorClassOption,
  vendorOptsOption,
  vssOption,
  type OptionInstance,
} from '@tandem/protocol'
import { addressOf } from '../loopback-pair/relayed-message.ts'
import type { SeededRandom } from '../loopback-pair/seeded-random.ts'

/** Leases of the busy link: what the honest client holds is on another one. */
export function busyAddress(random: SeededRandom): ReturnType<typeof addressOf> {
  return addressOf(`2001:db8:1::${(0x1000 + random.below(0x80)).toString(16)}`)
}

export function busyPrefix(random: SeededRandom): ReturnType<typeof makePrefix> {
  return makePrefix(addressOf(`2001:db8:8000:${(random.below(32) << 8).toString(16)}::`), 56)
}

export function someDuid(random: SeededRandom): ReturnType<typeof makeDuidLl> {
  return makeDuidLl(1, Uint8Array.of(0x02, 0, 0, 0xff, 0, random.below(256)))
}

function clientOptions(random: SeededRandom): readonly OptionInstance[] {
  const duid = someDuid(random)
  const address = busyAddress(random)
  return [
    option(clientIdOption, duid),
    option(serverIdOption, duid),
    option(relayIdOption, duid),
    option(optionRequestOption, [23, 24, 82]),
    option(echoRequestOption, [37]),
    option(preferenceOption, 255),
    option(elapsedTimeOption, 100),
    option(unicastOption, address),
    option(statusCodeOption, { code: 0, message: 'all is well' }),
    option(rapidCommitOption, true),
    option(userClassOption, [random.bytes(4), random.bytes(2)]),
    option(vendorClassOption, { enterprise: 9, classes: [random.bytes(5)] }),
    option(vendorOptsOption, { enterprise: 9, options: random.bytes(8) }),
    option(interfaceIdOption, random.bytes(4)),
    option(subscriberIdOption, random.bytes(6)),
    option(reconfigureMessageOption, 5),
    option(reconfigureAcceptOption, true),
    option(dnsServersOption, [address]),
    option(lqClientLinkOption, [address]),
    option(domainListOption, ['example.com', 'a.example']),
    option(informationRefreshTimeOption, 600),
    option(solMaxRtOption, 3600),
    option(infMaxRtOption, 3600),
    option(remoteIdOption, { enterprise: 9, identifier: random.bytes(6) }),
    option(clientFqdnOption, { flags: 1, domainName: 'host.example.com', fullyQualified: true }),
    option(clientLinkLayerAddressOption, { hardwareType: 1, address: random.bytes(6) }),
    option(relaySourcePortOption, 0),
    option(relayMessageOption, Uint8Array.of(1, 0, 0, 1)),
    option(vssOption, { type: 1, information: random.bytes(7) }),
    option(lqQueryOption, { queryType: 1, linkAddress: address, options: [option(clientIdOption, duid)] }),
    option(authOption, {
      protocol: 3,
      algorithm: 1,
      replayDetectionMethod: 0,
      replayDetection: random.bytes(8),
      information: random.bytes(17),
    }),
  ]
}

function leaseOptions(random: SeededRandom): readonly OptionInstance[] {
  const lifetimes = { preferredLifetime: 60, validLifetime: 120, options: [] }
  const address = option(iaAddressOption, { address: busyAddress(random), ...lifetimes })
  const prefix = option(iaPrefixOption, { prefix: busyPrefix(random), ...lifetimes })
  const times = { iaid: random.below(4), t1: 30, t2: 60 }
  return [
    option(iaNaOption, { ...times, options: [address] }),
    option(iaTaOption, { iaid: 3, options: [address] }),
    option(iaPdOption, { ...times, options: [prefix] }),
    option(clientDataOption, [
      option(clientIdOption, someDuid(random)),
      option(iaNaOption, { ...times, options: [address] }),
    ]),
    address,
    prefix,
  ]
}

function failoverOptions(random: SeededRandom): readonly OptionInstance[] {
  const now = toDhcpTime(Date.now())
  const names = [option(dnsHostNameOption, 'host.example.com'), option(dnsZoneNameOption, 'example.com')]
  return [
    option(bindingStatusOption, 1 + random.below(8)),
    option(connectFlagsOption, { fixedPdLength: true }),
    option(dnsRemovalInfoOption, names),
    ...names,
    option(dnsFlagsOption, {
      usingRequestedFqdn: true,
      synthesizedName: false,
      reverseUpToDate: true,
      forwardUpToDate: true,
    }),
    option(expirationTimeOption, now),
    option(maxUnackedBndupdOption, 100),
    option(mcltOption, 60),
    option(partnerLifetimeOption, now),
    option(partnerLifetimeSentOption, now),
    option(partnerDownTimeOption, now),
    option(partnerRawCltTimeOption, now),
    option(protocolVersionOption, { major: 1, minor: 0 }),
    option(keepaliveTimeOption, 60),
    option(reconfigureDataOption, { reconfigureTime: now, key: random.bytes(16) }),
    option(relationshipNameOption, 'alpha-beta'),
    option(serverFlagsOption, { startup: false, ackStartup: false, communicated: true }),
    option(serverStateOption, 2),
    option(startTimeOfStateOption, dhcpTimeFromNumber(now - 1)),
    option(stateExpirationTimeOption, now),
    option(lqBaseTimeOption, now),
    option(cltTimeOption, 3),
    option(lqRelayDataOption, { peerAddress: busyAddress(random), message: random.bytes(20) }),
  ]
}

export function everyOption(random: SeededRandom): readonly OptionInstance[] {
  return [...clientOptions(random), ...leaseOptions(random), ...failoverOptions(random)]
}
