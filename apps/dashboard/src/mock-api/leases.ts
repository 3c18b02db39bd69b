/** A table of leases that grows, as clients would make it. */
import { leaseKeyOf, leaseStates } from '@tandem/api-contract'
import type { Lease, LeasePage, LeaseQuery, LeaseSort, LeaseState, RelayHop } from '@tandem/api-contract'

function octets(number: number): string {
  return [0, 3, 0, 1, 2, 0x5e, 0x10, (number >> 16) & 255, (number >> 8) & 255, number & 255]
    .map((octet) => octet.toString(16).padStart(2, '0'))
    .join(':')
}

function stateOf(number: number): LeaseState {
  return number % 23 === 7 ? (leaseStates[1 + (number % (leaseStates.length - 1))] ?? 'active') : 'active'
}

function relayAtPort(port: number): RelayHop {
  return {
    address: '2001:db8:ffff::2',
    linkAddress: '2001:db8:1::1',
    interfaceId: `port-1/${port}`,
    remoteId: '00:1a:2b',
    remoteIdEnterprise: 9,
    subscriberId: null,
  }
}

export function makeLease(number: number, bornAgoSeconds: number): Lease {
  const prefix = number % 5 === 4
  const lease = prefix
    ? `2001:db8:8000:${(number * 0x100).toString(16)}::/56`
    : `2001:db8:1::${(0x1000 + number * 2 + 1).toString(16)}`
  const at = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString()
  const state = stateOf(number)
  return {
    lease,
    key: leaseKeyOf(lease),
    kind: prefix ? 'prefix' : 'address',
    subnetId: number % 9 === 8 ? 'labs' : 'offices',
    relationship: 'demo',
    state,
    stateSince: at(-bornAgoSeconds),
    stateExpiresAt: state === 'active' ? at(120 - (bornAgoSeconds % 60)) : null,
    client:
      state === 'free' || state === 'free-backup'
        ? null
        : { duid: octets(number), iaType: prefix ? 'IA_PD' : 'IA_NA', iaid: 1 + (number % 3) },
    t1Seconds: 30,
    t2Seconds: 60,
    preferredSeconds: 90,
    validSeconds: 120,
    lifetime:
      state === 'active'
        ? {
            grantedBy: 'this-server',
            at: at(-(bornAgoSeconds % 30)),
            validSeconds: 120,
            sentence:
              '2 min, as configured: the partner had acknowledged 2 min 30 s beyond that moment, and a lease may run the ' +
              'maximum client lead time (1 min) ahead of that, which was enough.',
            desiredSeconds: 120,
            limitedBy: 'configuration',
            mcltSeconds: 60,
            ackedPartnerLifetime: at(150),
            remainingSeconds: 150,
            state: 'normal',
            rule: 'RFC 8156 4.4',
          }
        : null,
    clientHeardAt: at(-(bornAgoSeconds % 30)),
    partnerHeardClientAt: number % 2 === 0 ? at(-bornAgoSeconds) : null,
    expirationTime: number % 2 === 0 ? at(100) : null,
    ackedPartnerLifetime: at(150),
    partnerLifetime: at(180),
    owedToPartner: number % 11 === 3,
    clientHostName: number % 4 === 0 ? `desk-${number}.example.org` : null,
    relays: number % 3 === 0 ? [relayAtPort(1 + (number % 24))] : [],
    relayData: number % 3 === 0 ? '00120008706f72742d312f37' : null,
    version: `lease-${number}`,
  }
}

export class LeaseBook {
  readonly #leases = new Map<string, Lease>()
  #count = 0

  constructor(count: number) {
    for (let made = 0; made < count; made += 1) this.arrive(40 + made)
  }

  arrive(bornAgoSeconds = 0): Lease {
    const lease = makeLease(this.#count, bornAgoSeconds)
    this.#count += 1
    this.#leases.set(lease.key, lease)
    return lease
  }

  replace(lease: Lease): Lease {
    this.#leases.set(lease.key, lease)
    return lease
  }

  get size(): number {
    return this.#leases.size
  }

  find(key: string): Lease | undefined {
    return this.#leases.get(leaseKeyOf(key))
  }

  page(query: Omit<LeaseQuery, 'sort'> & { readonly sort?: LeaseSort }): LeasePage {
    const fits = [...this.#leases.values()]
      .filter(
        ({ lease, subnetId, state, kind, client }) =>
          (query.address === undefined || lease.startsWith(query.address.replace(/\/\d+$/, ''))) &&
          (query.duid === undefined || client?.duid.includes(query.duid.toLowerCase()) === true) &&
          (query.subnet === undefined || subnetId === query.subnet) &&
          (query.state === undefined || state === query.state) &&
          (query.kind === undefined || kind === query.kind),
      )
      .toSorted(inOrderOf(query.sort ?? 'lease'))
    const begin = query.cursor === undefined ? 0 : Number(query.cursor)
    const end = begin + query.limit
    return {
      items: fits.slice(begin, end),
      nextCursor: end < fits.length ? String(end) : null,
      total: { count: String(fits.length), exact: true },
    }
  }
}

function inOrderOf(sort: LeaseSort): (a: Lease, b: Lease) => number {
  const isDescending = sort.startsWith('-')
  const valueOf = ({ stateSince, stateExpiresAt }: Lease): string => {
    if (sort.endsWith('lease')) return ''
    return sort.endsWith('stateSince') ? stateSince : (stateExpiresAt ?? (isDescending ? '' : '9'))
  }
  const textOf = (lease: Lease): string => `${valueOf(lease)} ${sortKey(lease)}`
  return (a, b) => (textOf(a) < textOf(b) === isDescending ? 1 : -1)
}

function sortKey({ lease }: Lease): string {
  return lease.replace(/[0-9a-f]+/g, (digits) => digits.padStart(4, '0'))
}
