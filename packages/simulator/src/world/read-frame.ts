/** Failover messages as an onlooker reads them: the leases that updates and their answers speak of (RFC 8156 sections 7.4 and 7.6). */
import {
  bindingStatusName,
  bindingStatusOption,
  clientDataOption,
  clientIdOption,
  cltTimeOption,
  decodeStreamMessage,
  findOption,
  findOptions,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  lqBaseTimeOption,
  partnerLifetimeOption,
  partnerLifetimeSentOption,
  partnerRawCltTimeOption,
  serverFlagsOption,
  serverStateName,
  serverStateOption,
  startTimeOfStateOption,
  stateExpirationTimeOption,
  statusCodeOption,
  type DhcpTime,
  type Duid,
  type Options,
  type ServerFlags,
  type StreamMessage,
} from '@tandem/protocol'
import type { EngineEvent, Output } from '@tandem/engine'
import type { NamedIa, NamedLease } from '../actors/client-message.ts'
import { holderText } from './lease-holder.ts'
import { ReadOnce } from './read-once.ts'

export interface UpdatedLease extends NamedLease {
  readonly client: Duid | undefined
  /** Client and IA, as `holderOf` a record. */
  readonly holder: string | undefined
  /** Name as the RFC prints it. */
  readonly status: string | undefined
  /** When the status began, and when it ends. */
  readonly statusSince: DhcpTime | undefined
  readonly statusExpiresAt: DhcpTime | undefined
  /** When the sender last heard the client: seconds before the base time of the message. */
  readonly clientHeardAt: number | undefined
  /** When the receiver last heard the client, as the sender remembers it. */
  readonly partnerRawCltTime: DhcpTime | undefined
  readonly partnerLifetime: DhcpTime | undefined
  readonly partnerLifetimeSent: DhcpTime | undefined
  /** Status code of a refusal, of this lease or of the whole message. */
  readonly refusal: number | undefined
}

const sent = new ReadOnce((frame: Uint8Array) => readMessage(frame.subarray(2)))
const received = new ReadOnce(readMessage)
const leases = new ReadOnce(readUpdatedLeases)

/** Undefined: no failover frame, or not readable. */
export function readFrame(output: Output): StreamMessage | undefined {
  return output.kind === 'send-frame' ? sent.of(output.bytes) : undefined
}

/** As it came, without its size. */
export function readReceived(event: EngineEvent): StreamMessage | undefined {
  return event.kind === 'frame-received' ? received.of(event.bytes) : undefined
}

function readMessage(bytes: Uint8Array): StreamMessage | undefined {
  const decoded = decodeStreamMessage(bytes)
  return decoded.ok ? decoded.value : undefined
}

/** Of a BNDUPD or BNDREPLY. */
export function updatedLeases(options: Options): readonly UpdatedLease[] {
  return leases.of(options)
}

function readUpdatedLeases(options: Options): readonly UpdatedLease[] {
  const whole = findOption(options, statusCodeOption)?.code
  const ofClients = findOptions(options, clientDataOption).flatMap((data) => {
    const about = { client: findOption(data, clientIdOption), baseTime: findOption(data, lqBaseTimeOption) }
    const refusal = whole ?? findOption(data, statusCodeOption)?.code
    const inside: readonly (NamedIa & { readonly options: Options })[] = [
      ...findOptions(data, iaNaOption).map(({ iaid, options: inIa }) => ({
        iaType: 'IA_NA' as const,
        iaid,
        options: inIa,
      })),
      ...findOptions(data, iaPdOption).map(({ iaid, options: inIa }) => ({
        iaType: 'IA_PD' as const,
        iaid,
        options: inIa,
      })),
    ]
    return inside.flatMap((ia) =>
      leasesIn(
        ia.options,
        { ...about, holder: holderText(about.client, ia) },
        refusal ?? findOption(ia.options, statusCodeOption)?.code,
      ),
    )
  })
  return [...ofClients, ...leasesIn(options, nobody, whole)]
}

/** State and flags of a STATE. */
export function announcedState(
  message: StreamMessage,
): { readonly state: string; readonly flags: ServerFlags | undefined } | undefined {
  const code = findOption(message.options, serverStateOption)
  if (code === undefined) return undefined
  return { state: serverStateName(code), flags: findOption(message.options, serverFlagsOption) }
}

interface About {
  readonly client: Duid | undefined
  readonly holder: string | undefined
  readonly baseTime: DhcpTime | undefined
}

const nobody: About = { client: undefined, holder: undefined, baseTime: undefined }

function leasesIn(options: Options, about: About, refusal: number | undefined): readonly UpdatedLease[] {
  return [
    ...findOptions(options, iaAddressOption).map((found) =>
      updated('address', { address: found.address, length: 128 }, found.options, about, refusal),
    ),
    ...findOptions(options, iaPrefixOption).map((found) =>
      updated('prefix', found.prefix, found.options, about, refusal),
    ),
  ]
}

function updated(
  kind: NamedLease['kind'],
  prefix: NamedLease['prefix'],
  options: Options,
  { client, holder, baseTime }: About,
  refusal: number | undefined,
): UpdatedLease {
  const status = findOption(options, bindingStatusOption)
  const secondsAgo = findOption(options, cltTimeOption)
  return {
    kind,
    prefix,
    client,
    holder,
    status: status === undefined ? undefined : bindingStatusName(status),
    statusSince: findOption(options, startTimeOfStateOption),
    statusExpiresAt: findOption(options, stateExpirationTimeOption),
    clientHeardAt: secondsAgo === undefined || baseTime === undefined ? undefined : baseTime - secondsAgo,
    partnerRawCltTime: findOption(options, partnerRawCltTimeOption),
    partnerLifetime: findOption(options, partnerLifetimeOption),
    partnerLifetimeSent: findOption(options, partnerLifetimeSentOption),
    refusal: refusal ?? findOption(options, statusCodeOption)?.code,
  }
}
