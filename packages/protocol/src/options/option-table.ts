/** Every option that has a definition, in the order of its code (RFC 9915 §21, RFC 8156 §5.5). A new option file adds its line here. */
import { authOption } from './auth.ts'
import { clientDataOption } from './client-data.ts'
import { clientFqdnOption } from './client-fqdn.ts'
import { clientIdOption } from './client-id.ts'
import { clientLinkLayerAddressOption } from './client-link-layer-address.ts'
import { cltTimeOption } from './clt-time.ts'
import { dnsServersOption } from './dns-servers.ts'
import { domainListOption } from './domain-list.ts'
import { echoRequestOption } from './echo-request.ts'
import { elapsedTimeOption } from './elapsed-time.ts'
import { bindingStatusOption } from './failover/binding-status.ts'
import { connectFlagsOption } from './failover/connect-flags.ts'
import { dnsFlagsOption } from './failover/dns-flags.ts'
import { dnsHostNameOption } from './failover/dns-host-name.ts'
import { dnsRemovalInfoOption } from './failover/dns-removal-info.ts'
import { dnsZoneNameOption } from './failover/dns-zone-name.ts'
import { expirationTimeOption } from './failover/expiration-time.ts'
import { keepaliveTimeOption } from './failover/keepalive-time.ts'
import { maxUnackedBndupdOption } from './failover/max-unacked-bndupd.ts'
import { mcltOption } from './failover/mclt.ts'
import { partnerDownTimeOption } from './failover/partner-down-time.ts'
import { partnerLifetimeSentOption } from './failover/partner-lifetime-sent.ts'
import { partnerLifetimeOption } from './failover/partner-lifetime.ts'
import { partnerRawCltTimeOption } from './failover/partner-raw-clt-time.ts'
import { protocolVersionOption } from './failover/protocol-version.ts'
import { reconfigureDataOption } from './failover/reconfigure-data.ts'
import { relationshipNameOption } from './failover/relationship-name.ts'
import { serverFlagsOption } from './failover/server-flags.ts'
import { serverStateOption } from './failover/server-state.ts'
import { startTimeOfStateOption } from './failover/start-time-of-state.ts'
import { stateExpirationTimeOption } from './failover/state-expiration-time.ts'
import { iaAddressOption } from './ia-address.ts'
import { iaNaOption } from './ia-na.ts'
import { iaPdOption } from './ia-pd.ts'
import { iaPrefixOption } from './ia-prefix.ts'
import { iaTaOption } from './ia-ta.ts'
import { infMaxRtOption } from './inf-max-rt.ts'
import { informationRefreshTimeOption } from './information-refresh-time.ts'
import { interfaceIdOption } from './interface-id.ts'
import { lqBaseTimeOption } from './lq-base-time.ts'
import { lqClientLinkOption } from './lq-client-link.ts'
import { lqQueryOption } from './lq-query.ts'
import { lqRelayDataOption } from './lq-relay-data.ts'
import type { OptionDefinition, OptionTable } from './option-definition.ts'
import { optionRequestOption } from './option-request.ts'
import { preferenceOption } from './preference.ts'
import { rapidCommitOption } from './rapid-commit.ts'
import { reconfigureAcceptOption } from './reconfigure-accept.ts'
import { reconfigureMessageOption } from './reconfigure-message.ts'
import { relayIdOption } from './relay-id.ts'
import { relayMessageOption } from './relay-message.ts'
import { relaySourcePortOption } from './relay-source-port.ts'
import { remoteIdOption } from './remote-id.ts'
import { serverIdOption } from './server-id.ts'
import { solMaxRtOption } from './sol-max-rt.ts'
import { statusCodeOption } from './status-code.ts'
import { subscriberIdOption } from './subscriber-id.ts'
import { unicastOption } from './unicast.ts'
import { userClassOption } from './user-class.ts'
import { vendorClassOption } from './vendor-class.ts'
import { vendorOptsOption } from './vendor-opts.ts'
import { vssOption } from './vss.ts'

export const optionDefinitions: readonly OptionDefinition<unknown>[] = [
  clientIdOption,
  serverIdOption,
  iaNaOption,
  iaTaOption,
  iaAddressOption,
  optionRequestOption,
  preferenceOption,
  elapsedTimeOption,
  relayMessageOption,
  authOption,
  unicastOption,
  statusCodeOption,
  rapidCommitOption,
  userClassOption,
  vendorClassOption,
  vendorOptsOption,
  interfaceIdOption,
  reconfigureMessageOption,
  reconfigureAcceptOption,
  dnsServersOption,
  domainListOption,
  iaPdOption,
  iaPrefixOption,
  informationRefreshTimeOption,
  remoteIdOption,
  subscriberIdOption,
  clientFqdnOption,
  echoRequestOption,
  lqQueryOption,
  clientDataOption,
  cltTimeOption,
  lqRelayDataOption,
  lqClientLinkOption,
  relayIdOption,
  vssOption,
  clientLinkLayerAddressOption,
  solMaxRtOption,
  infMaxRtOption,
  lqBaseTimeOption,
  bindingStatusOption,
  connectFlagsOption,
  dnsRemovalInfoOption,
  dnsHostNameOption,
  dnsZoneNameOption,
  dnsFlagsOption,
  expirationTimeOption,
  maxUnackedBndupdOption,
  mcltOption,
  partnerLifetimeOption,
  partnerLifetimeSentOption,
  partnerDownTimeOption,
  partnerRawCltTimeOption,
  protocolVersionOption,
  keepaliveTimeOption,
  reconfigureDataOption,
  relationshipNameOption,
  serverFlagsOption,
  serverStateOption,
  startTimeOfStateOption,
  stateExpirationTimeOption,
  relaySourcePortOption,
]

const definitionByCode = new Map(optionDefinitions.map((definition) => [definition.code, definition]))

export const optionTable: OptionTable = definitionByCode
