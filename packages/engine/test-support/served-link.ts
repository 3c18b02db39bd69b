/** A link with subnets, real table and pools, a policy that tests set by hand, and clients that talk in octets. */
import {
  clientIdOption,
  decodeDatagram,
  encodeDatagram,
  findOption,
  findOptions,
  formatIpv6Address,
  formatIpv6Prefix,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  MessageType,
  option,
  parseDuid,
  parseIpv6Address,
  parseIpv6Prefix,
  serverIdOption,
  statusCodeOption,
  type ClientServerMessage,
  type Duid,
  type IdentityAssociation,
  type Ipv6Address,
  type Ipv6Prefix,
  type OptionInstance,
  type RelayMessage,
} from '@tandem/protocol'
import { createPools } from '../src/allocation/create-pools.ts'
import type { Pools } from '../src/allocation/pools.ts'
import { BindingTable } from '../src/bindings/binding-table.ts'
import type { Binding } from '../src/bindings/binding.ts'
import type { ClientRequests } from '../src/client-requests/client-requests.ts'
import { createClientRequests } from '../src/client-requests/create-client-requests.ts'
import type { EngineConfiguration, ListenerConfiguration, Subnet } from '../src/configuration/configuration.ts'
import type { Effects, SendDatagram } from '../src/effects.ts'
import type { DatagramPeer } from '../src/events.ts'
import type { AllocationPolicy, Permission, ServicePolicy } from '../src/failover/service-policy.ts'
import type { Answers } from '../src/snapshot.ts'
import { Step } from '../src/step.ts'
import { addMs, addSeconds, instant, type Instant } from '../src/time/instant.ts'

export function address(text: string): Ipv6Address {
  const parsed = parseIpv6Address(text)
  if (parsed === undefined) throw new Error(`${text} is no address`)
  return parsed
}

export function prefix(text: string): Ipv6Prefix {
  const parsed = parseIpv6Prefix(text)
  if (parsed === undefined) throw new Error(`${text} is no prefix`)
  return parsed
}

export function duid(text: string): Duid {
  const parsed = parseDuid(text)
  if (parsed === undefined) throw new Error(`${text} is no DUID`)
  return parsed
}

export const serverDuid = duid('00:03:00:01:02:00:00:00:00:01')
export const partnerDuid = duid('00:03:00:01:02:00:00:00:00:02')
export const clientA = duid('00:03:00:01:0a:00:00:00:00:0a')
export const clientB = duid('00:03:00:01:0b:00:00:00:00:0b')

export const onLink: ListenerConfiguration = {
  id: 'eth0',
  kind: 'interface',
  interfaceName: 'eth0',
  replyTo: 'relay-port',
}
export const forRelays: ListenerConfiguration = {
  id: 'relays',
  kind: 'unicast',
  interfaceName: undefined,
  replyTo: 'relay-port',
}
export const answersToSource: ListenerConfiguration = { ...forRelays, id: 'relays-source', replyTo: 'source' }

/** Four addresses, two in each partner's half, and sixteen prefixes. */
export const lan: Subnet = {
  id: '2001:db8:1::/64',
  prefix: prefix('2001:db8:1::/64'),
  interfaceNames: ['eth0'],
  relationship: undefined,
  addressPools: [{ id: 'lan', first: address('2001:db8:1::10'), last: address('2001:db8:1::13') }],
  prefixPools: [{ id: 'lan-pd', prefix: prefix('2001:db8:8000::/52'), delegatedLength: 56 }],
  lifetimes: { validSeconds: 4000, preferredSeconds: 2000, t1Fraction: 0.5, t2Fraction: 0.8 },
  rapidCommit: true,
  dnsServers: [address('2001:db8::53')],
  reservations: [],
  domainSearch: ['example.org'],
}

export const elsewhere: Subnet = {
  ...lan,
  id: '2001:db8:2::/64',
  prefix: prefix('2001:db8:2::/64'),
  interfaceNames: [],
  addressPools: [{ id: 'elsewhere', first: address('2001:db8:2::10'), last: address('2001:db8:2::ff') }],
  prefixPools: [{ id: 'elsewhere-pd', prefix: prefix('2001:db8:9000::/52'), delegatedLength: 60 }],
}

/** What a test decides instead of the failover endpoints. */
export class PolicyByHand implements ServicePolicy {
  readonly answersOf = new Map<string | undefined, Answers>()
  readonly handedOver = new Set<string | undefined>()
  allocationPermission: Permission = { ok: true }
  reusePermission: (binding: Binding) => Permission = () => ({ ok: true })
  allocationPolicy: AllocationPolicy = { kind: 'whole-pool' }
  areReservationsAgreed = false
  isLatestOnly = true
  validSecondsMax = Number.POSITIVE_INFINITY

  answers(relationship: string | undefined): Answers {
    return this.answersOf.get(relationship) ?? 'everyone'
  }

  offersBesidePrimary(): boolean {
    return false
  }

  preference(): number | undefined {
    return undefined
  }

  sendsElsewhere(relationship: string | undefined): boolean {
    return this.handedOver.has(relationship)
  }

  silence(relationship: string | undefined) {
    return { relationship, rule: 'set by the test', inputs: {} }
  }

  mayAllocate(): Permission {
    return this.allocationPermission
  }

  allocation(): AllocationPolicy {
    return this.allocationPolicy
  }

  lifetime(_relationship: string | undefined, _binding: Binding | undefined, desiredSeconds: number) {
    const limited = desiredSeconds > this.validSecondsMax
    return {
      validSeconds: Math.min(desiredSeconds, this.validSecondsMax),
      ackedPartnerLifetime: undefined,
      rule: {
        desiredSeconds,
        limitedBy: limited ? ('mclt' as const) : ('configuration' as const),
        rule: 'set by the test',
        state: undefined,
        mcltSeconds: undefined,
      },
    }
  }

  keepsLatestOnly(): boolean {
    return this.isLatestOnly
  }

  reservationsAgreed(): boolean {
    return this.areReservationsAgreed
  }

  mayReuse(binding: Binding): Permission {
    return this.reusePermission(binding)
  }

  mayExpireAt(binding: Binding): Instant | undefined {
    return binding.statusExpiresAt
  }
}

export interface Sending {
  readonly listener?: ListenerConfiguration
  readonly from?: DatagramPeer
  /** RELAY-FORW layers, the outermost first; their relay message option is added. */
  readonly relays?: readonly Omit<RelayMessage, 'kind' | 'type'>[]
}

const clientPeer: DatagramPeer = { address: 'fe80::a%eth0', port: 546 }

export class ServedLink {
  readonly table = new BindingTable((binding) => binding.statusExpiresAt)
  readonly policy = new PolicyByHand()
  readonly pools: Pools
  readonly #clientRequests: ClientRequests
  #now = instant(1_800_000_000_000)
  #transactionId = 0x1000

  constructor(subnets: readonly Subnet[] = [lan, elsewhere]) {
    const configuration: EngineConfiguration = {
      serverName: 'alpha',
      serverDuid,
      listeners: [onLink, forRelays, answersToSource],
      subnets,
      relationships: [],
    }
    this.pools = createPools(configuration, this.table)
    this.#clientRequests = createClientRequests({
      configuration,
      table: this.table,
      pools: this.pools,
      policy: this.policy,
      leftToPrimary: () => undefined,
    })
  }

  get now(): Instant {
    return this.#now
  }

  wait(seconds: number): void {
    this.#now = addSeconds(this.#now, seconds)
  }

  sendBytes(bytes: Uint8Array, sending: Sending = {}): Effects {
    this.#now = addMs(this.#now, 1)
    const step = new Step(this.#now, this.table)
    this.#clientRequests.receive(step, {
      kind: 'datagram-received',
      listenerId: (sending.listener ?? onLink).id,
      from: sending.from ?? clientPeer,
      bytes,
      arrivedAt: this.#now,
    })
    return step.effects()
  }

  send(type: number, options: readonly OptionInstance[], sending: Sending = {}): Outcome {
    this.#transactionId += 1
    const message: ClientServerMessage = { kind: 'client-server', type, transactionId: this.#transactionId, options }
    let bytes = encodeDatagram(message)
    for (const relay of (sending.relays ?? []).toReversed()) bytes = encodeDatagram(relayed(relay, bytes))
    return new Outcome(this.sendBytes(bytes, sending), this.#transactionId)
  }

  /** The usual four messages; the REPLY. */
  acquire(client: Duid, ias: readonly OptionInstance[]): Outcome {
    const offered = this.send(MessageType.Solicit, [option(clientIdOption, client), ...ias]).message
    const asked = offered.options.filter(({ code }) => code === iaNaOption.code || code === iaPdOption.code)
    return this.send(MessageType.Request, [...toServer(client), ...asked])
  }

  recordOf(lease: string): Binding | undefined {
    const asAddress = parseIpv6Address(lease)
    return asAddress === undefined
      ? this.table.find('prefix', prefix(lease))
      : this.table.find('address', { address: asAddress, length: 128 })
  }
}

function relayed(relay: Omit<RelayMessage, 'kind' | 'type'>, inner: Uint8Array): RelayMessage {
  return {
    kind: 'relay',
    type: MessageType.RelayForw,
    ...relay,
    options: [...relay.options, { code: 9, value: inner }],
  }
}

export function toServer(client: Duid): readonly OptionInstance[] {
  return [option(clientIdOption, client), option(serverIdOption, serverDuid)]
}

export function iaNa(iaid: number, ...addresses: readonly string[]): OptionInstance {
  const options = addresses.map((text) =>
    option(iaAddressOption, { address: address(text), preferredLifetime: 0, validLifetime: 0, options: [] }),
  )
  return option(iaNaOption, { iaid, t1: 0, t2: 0, options })
}

export function iaPd(iaid: number, ...prefixes: readonly string[]): OptionInstance {
  const options = prefixes.map((text) =>
    option(iaPrefixOption, { prefix: prefix(text), preferredLifetime: 0, validLifetime: 0, options: [] }),
  )
  return option(iaPdOption, { iaid, t1: 0, t2: 0, options })
}

/** Effects of one message, read as a client would. */
export class Outcome {
  readonly effects: Effects
  readonly #transactionId: number

  constructor(effects: Effects, transactionId: number) {
    this.effects = effects
    this.#transactionId = transactionId
  }

  get datagram(): SendDatagram | undefined {
    const sent = this.effects.afterCommit.flatMap((output) => (output.kind === 'send-datagram' ? [output] : []))
    if (sent.length > 1) throw new Error('one message has at most one answer')
    return sent[0]
  }

  /** The RELAY-REPL layers of the answer, the outermost first. */
  get relays(): readonly RelayMessage[] {
    return this.#unwrap().relays
  }

  get message(): ClientServerMessage {
    const { message } = this.#unwrap()
    if (message.transactionId !== this.#transactionId) throw new Error('it answers another transaction')
    return message
  }

  get unanswered(): string | undefined {
    if (this.datagram !== undefined) throw new Error('it was answered')
    return this.effects.notices.flatMap((notice) => (notice.kind === 'datagram-unanswered' ? [notice.reason] : []))[0]
  }

  get status(): number | undefined {
    return findOption(this.message.options, statusCodeOption)?.code
  }

  get ias(): readonly IdentityAssociation[] {
    return [...findOptions(this.message.options, iaNaOption), ...findOptions(this.message.options, iaPdOption)]
  }

  /** Leases with a lifetime, of all IAs. */
  get leases(): readonly string[] {
    return this.#leasesWith((validLifetime) => validLifetime > 0)
  }

  /** Leases that the client must stop using. */
  get withdrawn(): readonly string[] {
    return this.#leasesWith((validLifetime) => validLifetime === 0)
  }

  /** Status of each IA, in their order. */
  get iaStatuses(): readonly (number | undefined)[] {
    return this.ias.map(({ options }) => findOption(options, statusCodeOption)?.code)
  }

  get committed(): readonly Binding[] {
    return this.effects.commit.flatMap((change) => (change.kind === 'binding-put' ? [change.binding] : []))
  }

  #leasesWith(condition: (validLifetime: number) => boolean): readonly string[] {
    return this.ias.flatMap(({ options }) => [
      ...findOptions(options, iaAddressOption)
        .filter(({ validLifetime }) => condition(validLifetime))
        .map((lease) => formatIpv6Address(lease.address)),
      ...findOptions(options, iaPrefixOption)
        .filter(({ validLifetime }) => condition(validLifetime))
        .map((lease) => formatIpv6Prefix(lease.prefix)),
    ])
  }

  #unwrap(): { readonly relays: readonly RelayMessage[]; readonly message: ClientServerMessage } {
    const relays: RelayMessage[] = []
    let bytes = this.datagram?.bytes
    while (bytes !== undefined) {
      const decoded = decodeDatagram(bytes)
      if (!decoded.ok) throw new Error(decoded.error.detail)
      if (decoded.value.kind === 'client-server') return { relays, message: decoded.value }
      relays.push(decoded.value)
      bytes = decoded.value.options.flatMap(({ code, value }) =>
        code === 9 && value instanceof Uint8Array ? [value] : [],
      )[0]
    }
    throw new Error(`there is no answer: ${JSON.stringify(this.effects.notices)}`)
  }
}
