/** The public face of @tandem/protocol: DHCPv6 (RFC 9915) and failover (RFC 8156) messages as octets and as typed values. */
export type { DecodeError, DecodeErrorReason, Decoded } from './wire/decode-error.ts'
export { FRAME_OCTETS_MAX, StreamFramer } from './wire/stream-framer.ts'
export {
  BindingStatusCode,
  bindingStatusFromName,
  bindingStatusName,
  isBindingStatusCode,
} from './registry/binding-statuses.ts'
export type { FailoverMessageType } from './registry/message-types.ts'
export {
  isFailoverMessageType,
  isKnownMessageType,
  isRelayMessageType,
  MessageType,
  messageTypeFromName,
  messageTypeName,
} from './registry/message-types.ts'
export { OptionCode, optionCodeFromName, optionCodeName } from './registry/option-codes.ts'
export { isServerStateCode, ServerStateCode, serverStateFromName, serverStateName } from './registry/server-states.ts'
export { StatusCode, statusCodeFromName, statusCodeName } from './registry/status-codes.ts'
export type { DhcpTime } from './values/dhcp-time.ts'
export { dhcpTimeDifferenceSeconds, dhcpTimeFromNumber, fromDhcpTime, toDhcpTime } from './values/dhcp-time.ts'
export { isDomainName } from './values/domain-name.ts'
export type { Duid } from './values/duid.ts'
export {
  DUID_OCTETS_MAX,
  DUID_OCTETS_MIN,
  duidFromBytes,
  duidFromHex,
  duidToBytes,
  DuidType,
  duidType,
  formatDuid,
  formatOctets,
  isDuidLength,
  makeDuidEn,
  makeDuidLl,
  makeDuidLlt,
  makeDuidUuid,
  parseDuid,
  readDuid,
  writeDuid,
} from './values/duid.ts'
export type { Ipv6Address } from './values/ipv6-address.ts'
export {
  formatIpv6Address,
  ipv6AddressFromBytes,
  ipv6AddressFromNumber,
  ipv6AddressToBytes,
  parseIpv6Address,
  UNSPECIFIED_ADDRESS,
} from './values/ipv6-address.ts'
export type { Ipv6Prefix } from './values/ipv6-prefix.ts'
export {
  formatIpv6Prefix,
  lastAddress,
  makePrefix,
  parseIpv6Prefix,
  PREFIX_LENGTH_MAX,
  prefixContains,
  prefixContainsPrefix,
} from './values/ipv6-prefix.ts'
export type { TransactionId } from './values/transaction-id.ts'
export { formatTransactionId, isTransactionId, TRANSACTION_ID_MAX } from './values/transaction-id.ts'
export type { OptionDefinition, OptionInstance, Options } from './options/option-definition.ts'
export { findOption, findOptions, hasOption, option } from './options/option-definition.ts'
export { optionDefinitions } from './options/option-table.ts'
export type { Authentication } from './options/auth.ts'
export { authOption } from './options/auth.ts'
export { clientDataOption } from './options/client-data.ts'
export type { ClientFqdn } from './options/client-fqdn.ts'
export { ClientFqdnFlag, clientFqdnOption } from './options/client-fqdn.ts'
export { clientIdOption } from './options/client-id.ts'
export type { ClientLinkLayerAddress } from './options/client-link-layer-address.ts'
export { clientLinkLayerAddressOption } from './options/client-link-layer-address.ts'
export { cltTimeOption } from './options/clt-time.ts'
export { dnsServersOption } from './options/dns-servers.ts'
export { domainListOption } from './options/domain-list.ts'
export { echoRequestOption } from './options/echo-request.ts'
export { elapsedTimeOption } from './options/elapsed-time.ts'
export type { IaAddress } from './options/ia-address.ts'
export { iaAddressOption } from './options/ia-address.ts'
export type { IdentityAssociation } from './options/ia-na.ts'
export { iaNaOption } from './options/ia-na.ts'
export { iaPdOption } from './options/ia-pd.ts'
export type { IaPrefix } from './options/ia-prefix.ts'
export { iaPrefixOption } from './options/ia-prefix.ts'
export type { TemporaryIdentityAssociation } from './options/ia-ta.ts'
export { iaTaOption } from './options/ia-ta.ts'
export { infMaxRtOption } from './options/inf-max-rt.ts'
export { informationRefreshTimeOption } from './options/information-refresh-time.ts'
export { interfaceIdOption } from './options/interface-id.ts'
export { lqBaseTimeOption } from './options/lq-base-time.ts'
export { lqClientLinkOption } from './options/lq-client-link.ts'
export type { LqQuery } from './options/lq-query.ts'
export { lqQueryOption } from './options/lq-query.ts'
export type { LqRelayData } from './options/lq-relay-data.ts'
export { lqRelayDataOption } from './options/lq-relay-data.ts'
export { optionRequestOption } from './options/option-request.ts'
export { preferenceOption } from './options/preference.ts'
export { rapidCommitOption } from './options/rapid-commit.ts'
export { reconfigureAcceptOption } from './options/reconfigure-accept.ts'
export { reconfigureMessageOption } from './options/reconfigure-message.ts'
export { relayIdOption } from './options/relay-id.ts'
export { relayMessageOption } from './options/relay-message.ts'
export { relaySourcePortOption } from './options/relay-source-port.ts'
export type { RemoteId } from './options/remote-id.ts'
export { remoteIdOption } from './options/remote-id.ts'
export { serverIdOption } from './options/server-id.ts'
export { solMaxRtOption } from './options/sol-max-rt.ts'
export type { Status } from './options/status-code.ts'
export { statusCodeOption } from './options/status-code.ts'
export { subscriberIdOption } from './options/subscriber-id.ts'
export { unicastOption } from './options/unicast.ts'
export { userClassOption } from './options/user-class.ts'
export type { VendorClass } from './options/vendor-class.ts'
export { vendorClassOption } from './options/vendor-class.ts'
export type { VendorOpts } from './options/vendor-opts.ts'
export { vendorOptsOption } from './options/vendor-opts.ts'
export type { Vss } from './options/vss.ts'
export { vssOption, VssType } from './options/vss.ts'
export { bindingStatusOption } from './options/failover/binding-status.ts'
export type { ConnectFlags } from './options/failover/connect-flags.ts'
export { connectFlagsOption } from './options/failover/connect-flags.ts'
export type { DnsFlags } from './options/failover/dns-flags.ts'
export { dnsFlagsOption } from './options/failover/dns-flags.ts'
export { dnsHostNameOption } from './options/failover/dns-host-name.ts'
export { dnsRemovalInfoOption } from './options/failover/dns-removal-info.ts'
export { dnsZoneNameOption } from './options/failover/dns-zone-name.ts'
export { expirationTimeOption } from './options/failover/expiration-time.ts'
export { keepaliveTimeOption } from './options/failover/keepalive-time.ts'
export { maxUnackedBndupdOption } from './options/failover/max-unacked-bndupd.ts'
export { mcltOption } from './options/failover/mclt.ts'
export { partnerDownTimeOption } from './options/failover/partner-down-time.ts'
export { partnerLifetimeSentOption } from './options/failover/partner-lifetime-sent.ts'
export { partnerLifetimeOption } from './options/failover/partner-lifetime.ts'
export { partnerRawCltTimeOption } from './options/failover/partner-raw-clt-time.ts'
export type { ProtocolVersion } from './options/failover/protocol-version.ts'
export { protocolVersionOption } from './options/failover/protocol-version.ts'
export type { ReconfigureData } from './options/failover/reconfigure-data.ts'
export { reconfigureDataOption } from './options/failover/reconfigure-data.ts'
export { relationshipNameOption } from './options/failover/relationship-name.ts'
export type { ServerFlags } from './options/failover/server-flags.ts'
export { serverFlagsOption } from './options/failover/server-flags.ts'
export { serverStateOption } from './options/failover/server-state.ts'
export { startTimeOfStateOption } from './options/failover/start-time-of-state.ts'
export { stateExpirationTimeOption } from './options/failover/state-expiration-time.ts'
export type { ClientServerMessage } from './messages/client-server-message.ts'
export type { RelayMessage } from './messages/relay-message.ts'
export type { FailoverMessage } from './messages/failover-message.ts'
export { stampSentTime } from './messages/failover-message.ts'
export type { DatagramMessage, StreamMessage } from './messages/decode-message.ts'
export { decodeDatagram, decodeStreamMessage } from './messages/decode-message.ts'
export { encodeDatagram, encodeStreamMessage } from './messages/encode-message.ts'
export type { PeekedMessage } from './messages/peek-message-type.ts'
export { peekMessageType, RELAY_DEPTH_MAX } from './messages/peek-message-type.ts'
export { decodeCoverage, setDecodeCoverage } from './messages/message-coverage.ts'
export { formatMessage, formatOption } from './messages/message-text.ts'
export type { RuleViolation } from './messages/rule-violation.ts'
export type { Carrier, MessageRule } from './messages/message-rules.ts'
export { checkMessageRules, messageRules } from './messages/message-rules.ts'
