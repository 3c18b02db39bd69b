/** What both sides say of themselves in CONNECT and CONNECTREPLY, and the checks of it (RFC 8156 sections 6.1.1 to 6.1.3). */
import {
  connectFlagsOption,
  findOption,
  keepaliveTimeOption,
  maxUnackedBndupdOption,
  mcltOption,
  option,
  protocolVersionOption,
  relationshipNameOption,
  StatusCode,
  type OptionInstance,
  type Options,
  type ProtocolVersion,
} from '@tandem/protocol'
import { LEASE_SECONDS_MIN, LIFETIME_SECONDS_MAX } from '../../configuration/check-configuration.ts'
import type { RelationshipConfiguration } from '../../configuration/configuration.ts'
import { isExcessiveSkew } from './clock-skew.ts'
import { differenceBetween, extensionOptions, noExtensions, readExtensions, type Extensions } from './extensions.ts'

const PROTOCOL_VERSION: ProtocolVersion = { major: 1, minor: 0 }

export interface ConnectOffer {
  readonly version: ProtocolVersion
  readonly mcltSeconds: number
  readonly keepaliveSeconds: number
  readonly maxUnackedUpdates: number
  readonly fixedPrefixLength: boolean
}

export interface OfferRefusal {
  readonly ok: false
  readonly statusCode: number
  readonly text: string
}

export type OfferVerdict = { readonly ok: true; readonly offer: ConnectOffer } | OfferRefusal

const refuse = (statusCode: number, text: string): OfferRefusal => ({ ok: false, statusCode, text })

export function connectOptions(relationship: RelationshipConfiguration, extensions: Extensions): Options {
  return [
    ...offerOptions(relationship, relationship.mcltSeconds),
    option(relationshipNameOption, relationship.name),
    ...extensionOptions(extensions),
  ]
}

/** The MCLT is the primary's own, sent back (RFC 8156 section 6.1.2). */
export function connectReplyOptions(
  relationship: RelationshipConfiguration,
  mcltSeconds: number,
  extensions: Extensions,
): Options {
  return [...offerOptions(relationship, mcltSeconds), ...extensionOptions(extensions)]
}

function offerOptions(relationship: RelationshipConfiguration, mcltSeconds: number): readonly OptionInstance[] {
  return [
    option(protocolVersionOption, PROTOCOL_VERSION),
    option(mcltOption, mcltSeconds),
    option(keepaliveTimeOption, relationship.keepaliveSeconds),
    option(maxUnackedBndupdOption, relationship.maxUnackedUpdates),
    option(connectFlagsOption, { fixedPdLength: relationship.fixedPrefixLength }),
  ]
}

/** Before any endpoint is chosen: skew and version (RFC 8156 section 6.1.2). */
export function checkConnectBasics(options: Options, skew: number): OfferRefusal | undefined {
  if (isExcessiveSkew(skew)) {
    return refuse(StatusCode.ExcessiveTimeSkew, `The clocks of the two servers differ by ${Math.abs(skew)} seconds.`)
  }
  const version = findOption(options, protocolVersionOption)
  return version === undefined ? undefined : checkVersion(version)
}

/** What the secondary checks of its own relationship in CONNECT. The MCLT may differ from its own: it is adopted. */
export function checkConnect(
  options: Options,
  relationship: RelationshipConfiguration,
  own: Extensions = noExtensions,
): OfferVerdict {
  const offer = readOffer(options)
  if ('ok' in offer) return offer
  return (
    checkMclt(offer, relationship) ??
    checkFlags(offer, relationship) ??
    checkExtensions(options, own) ?? { ok: true, offer }
  )
}

/** New leases of less than 30 seconds are not for failover, and the MCLT bounds the first one (decision 0040). */
function checkMclt({ mcltSeconds }: ConnectOffer, relationship: RelationshipConfiguration): OfferRefusal | undefined {
  // Only a test may have less in its own file, and then takes it from its partner too.
  const least = Math.min(LEASE_SECONDS_MIN, relationship.mcltSeconds)
  if (mcltSeconds >= least && mcltSeconds <= LIFETIME_SECONDS_MAX) return undefined
  return refuse(
    StatusCode.ConfigurationConflict,
    `An MCLT of ${mcltSeconds} seconds is not from ${least} to ${LIFETIME_SECONDS_MAX}.`,
  )
}

/** What the primary checks in an accepting CONNECTREPLY. */
export function checkConnectReply(
  options: Options,
  relationship: RelationshipConfiguration,
  own: Extensions = noExtensions,
): OfferVerdict {
  const offer = readOffer(options)
  if ('ok' in offer) return offer
  const wrongVersion = checkVersion(offer.version)
  if (wrongVersion !== undefined) return wrongVersion
  if (offer.mcltSeconds !== relationship.mcltSeconds) {
    return refuse(
      StatusCode.ConfigurationConflict,
      `The MCLT came back as ${offer.mcltSeconds} seconds; it is ${relationship.mcltSeconds}.`,
    )
  }
  return checkFlags(offer, relationship) ?? checkExtensions(options, own) ?? { ok: true, offer }
}

function checkExtensions(options: Options, own: Extensions): OfferRefusal | undefined {
  const difference = differenceBetween(own, readExtensions(options))
  return difference === undefined ? undefined : refuse(StatusCode.ConfigurationConflict, difference)
}

function readOffer(options: Options): ConnectOffer | OfferRefusal {
  const version = findOption(options, protocolVersionOption)
  const mcltSeconds = findOption(options, mcltOption)
  const keepaliveSeconds = findOption(options, keepaliveTimeOption)
  const maxUnackedUpdates = findOption(options, maxUnackedBndupdOption)
  const flags = findOption(options, connectFlagsOption)
  if (version === undefined) return missing('OPTION_F_PROTOCOL_VERSION')
  if (mcltSeconds === undefined) return missing('OPTION_F_MCLT')
  if (keepaliveSeconds === undefined) return missing('OPTION_F_KEEPALIVE_TIME')
  if (maxUnackedUpdates === undefined) return missing('OPTION_F_MAX_UNACKED_BNDUPD')
  if (flags === undefined) return missing('OPTION_F_CONNECT_FLAGS')
  return { version, mcltSeconds, keepaliveSeconds, maxUnackedUpdates, fixedPrefixLength: flags.fixedPdLength }
}

function missing(name: string): OfferRefusal {
  return refuse(StatusCode.UnspecFail, `${name} is missing.`)
}

/** The two sides may send different versions; each must know the other's major one (RFC 8156 section 6.1.3). */
function checkVersion(version: ProtocolVersion): OfferRefusal | undefined {
  if (version.major === PROTOCOL_VERSION.major) return undefined
  return refuse(
    StatusCode.NotSupported,
    `Failover protocol version ${version.major}.${version.minor} is not supported.`,
  )
}

/** Whoever counts on one length per delegable prefix cannot work with a partner that mixes them (digest A12). */
function checkFlags(offer: ConnectOffer, relationship: RelationshipConfiguration): OfferRefusal | undefined {
  if (!relationship.fixedPrefixLength || offer.fixedPrefixLength) return undefined
  return refuse(StatusCode.NotSupported, 'Delegated prefixes of mixed lengths are not supported.')
}
