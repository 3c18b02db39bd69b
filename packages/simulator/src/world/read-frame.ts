/** Failover messages as an onlooker reads them: the leases that updates and their answers speak of (RFC 8156 sections 7.4 and 7.6). */
import {
  bindingStatusName,
  bindingStatusOption,
  clientDataOption,
  clientIdOption,
  decodeStreamMessage,
  findOption,
  findOptions,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  partnerLifetimeOption,
  partnerLifetimeSentOption,
  serverFlagsOption,
  serverStateName,
  serverStateOption,
  statusCodeOption,
  type DhcpTime,
  type Duid,
  type Options,
  type ServerFlags,
  type StreamMessage,
} from '@tandem/protocol'
import type { Output } from '@tandem/engine'
import type { NamedLease } from '../actors/client-message.ts'

export interface UpdatedLease extends NamedLease {
  readonly client: Duid | undefined
  /** Name as the RFC prints it. */
  readonly status: string | undefined
  readonly partnerLifetime: DhcpTime | undefined
  readonly partnerLifetimeSent: DhcpTime | undefined
  /** Status code of a refusal, of this lease or of the whole message. */
  readonly refusal: number | undefined
}

/** Undefined: no failover frame, or not readable. */
export function readFrame(output: Output): StreamMessage | undefined {
  if (output.kind !== 'send-frame') return undefined
  const decoded = decodeStreamMessage(output.bytes.subarray(2))
  return decoded.ok ? decoded.value : undefined
}

/** Of a BNDUPD or BNDREPLY. */
export function updatedLeases(options: Options): readonly UpdatedLease[] {
  const whole = findOption(options, statusCodeOption)?.code
  const ofClients = findOptions(options, clientDataOption).flatMap((data) => {
    const client = findOption(data, clientIdOption)
    const refusal = whole ?? findOption(data, statusCodeOption)?.code
    const inside = [...findOptions(data, iaNaOption), ...findOptions(data, iaPdOption)]
    return inside.flatMap((ia) =>
      leasesIn(ia.options, client, refusal ?? findOption(ia.options, statusCodeOption)?.code),
    )
  })
  return [...ofClients, ...leasesIn(options, undefined, whole)]
}

/** State and flags of a STATE. */
export function announcedState(
  message: StreamMessage,
): { readonly state: string; readonly flags: ServerFlags | undefined } | undefined {
  const code = findOption(message.options, serverStateOption)
  if (code === undefined) return undefined
  return { state: serverStateName(code), flags: findOption(message.options, serverFlagsOption) }
}

function leasesIn(options: Options, client: Duid | undefined, refusal: number | undefined): readonly UpdatedLease[] {
  return [
    ...findOptions(options, iaAddressOption).map((found) =>
      updated('address', { address: found.address, length: 128 }, found.options, client, refusal),
    ),
    ...findOptions(options, iaPrefixOption).map((found) =>
      updated('prefix', found.prefix, found.options, client, refusal),
    ),
  ]
}

function updated(
  kind: NamedLease['kind'],
  prefix: NamedLease['prefix'],
  options: Options,
  client: Duid | undefined,
  refusal: number | undefined,
): UpdatedLease {
  const status = findOption(options, bindingStatusOption)
  return {
    kind,
    prefix,
    client,
    status: status === undefined ? undefined : bindingStatusName(status),
    partnerLifetime: findOption(options, partnerLifetimeOption),
    partnerLifetimeSent: findOption(options, partnerLifetimeSentOption),
    refusal: refusal ?? findOption(options, statusCodeOption)?.code,
  }
}
