/** SOLICIT: what is offered, what is bound at once, and what an offer is worth (RFC 9915 §18.3.1, §18.3.9). */
import {
  clientIdOption,
  dnsServersOption,
  domainListOption,
  findOption,
  hasOption,
  iaTaOption,
  MessageType,
  option,
  optionRequestOption,
  rapidCommitOption,
  serverIdOption,
  StatusCode,
  statusCodeOption,
} from '@tandem/protocol'
import { describe, expect, test } from 'vitest'
import {
  clientA,
  clientB,
  duid,
  elsewhere,
  iaNa,
  iaPd,
  lan,
  prefix,
  partnerDuid,
  ServedLink,
  serverDuid,
} from '../../test-support/served-link.ts'
import { addSeconds } from '../time/instant.ts'

const fromA = option(clientIdOption, clientA)
const fromB = option(clientIdOption, clientB)
const rapidCommit = option(rapidCommitOption, true)

describe('an ADVERTISE', () => {
  test('offers an address and a prefix in one message and binds nothing', () => {
    const link = new ServedLink()
    const outcome = link.send(MessageType.Solicit, [fromA, iaNa(1), iaPd(7)])
    expect(outcome.message.type).toBe(MessageType.Advertise)
    expect(findOption(outcome.message.options, clientIdOption)).toBe(clientA)
    expect(findOption(outcome.message.options, serverIdOption)).toBe(serverDuid)
    expect(outcome.leases).toEqual(['2001:db8:1::10', '2001:db8:8000::/56'])
    expect(outcome.ias.map(({ iaid }) => iaid)).toEqual([1, 7])
    expect(outcome.effects.commit).toEqual([])
    expect(link.table.size).toBe(0)
    expect(outcome.datagram?.to).toEqual({ address: 'fe80::a%eth0', port: 546 })
    expect(outcome.effects.notices).toContainEqual({
      kind: 'datagram-answered',
      requestType: 'SOLICIT',
      answerType: 'ADVERTISE',
    })
  })

  test('offers the same lease when the client asks again, and another one to another client', () => {
    const link = new ServedLink()
    const first = link.send(MessageType.Solicit, [fromA, iaNa(1)]).leases
    const other = link.send(MessageType.Solicit, [fromB, iaNa(1)]).leases
    expect(link.send(MessageType.Solicit, [fromA, iaNa(1)]).leases).toEqual(first)
    expect(other).not.toEqual(first)
  })

  test('gives each of several IAs its own lease', () => {
    const link = new ServedLink()
    const { leases } = link.send(MessageType.Solicit, [fromA, iaNa(1), iaNa(2), iaPd(1), iaPd(2)])
    expect(new Set(leases).size).toBe(4)
  })

  test('never offers one lease to two IAs of a message, even when only leases under offer are left', () => {
    const link = new ServedLink()
    link.send(MessageType.Solicit, [fromB, iaNa(1), iaNa(2), iaNa(3), iaNa(4)])
    const { leases, iaStatuses } = link.send(MessageType.Solicit, [fromA, iaNa(1), iaNa(2), iaNa(3), iaNa(4), iaNa(5)])
    expect(new Set(leases).size).toBe(4)
    expect(leases).toHaveLength(4)
    expect(iaStatuses[4]).toBe(StatusCode.NoAddrsAvail)
  })

  test('takes up a hint that is available', () => {
    const link = new ServedLink()
    const { leases } = link.send(MessageType.Solicit, [
      fromA,
      iaNa(1, '2001:db8:1::12'),
      iaPd(1, '2001:db8:8000:300::/56'),
    ])
    expect(leases).toEqual(['2001:db8:1::12', '2001:db8:8000:300::/56'])
  })

  test.each(['2001:db8:1::ffff', '2001:db8:2::20', '::'])('ignores the hint %s', (hint) => {
    const link = new ServedLink()
    expect(link.send(MessageType.Solicit, [fromA, iaNa(1, hint)]).leases).toEqual(['2001:db8:1::10'])
  })

  test('ignores a hint in the half of the partner', () => {
    const link = new ServedLink([{ ...lan, relationship: 'pair' }])
    link.policy.allocationPolicy = { kind: 'own', role: 'primary', partnersPrefixesFrom: undefined }
    expect(link.send(MessageType.Solicit, [fromA, iaNa(1, '2001:db8:1::12')]).leases).toEqual(['2001:db8:1::11'])
  })

  test('prefers a pool of the prefix length that the client would like', () => {
    const longer = { ...elsewhere, interfaceNames: ['eth0'] }
    const link = new ServedLink([lan, longer])
    expect(link.send(MessageType.Solicit, [fromA, iaPd(1, '::/60')]).leases).toEqual(['2001:db8:9000::/60'])
    expect(link.send(MessageType.Solicit, [fromB, iaPd(1, '::/48')]).leases).toEqual(['2001:db8:8000::/56'])
  })

  test('never makes a whole pool out of a hint shorter than a delegated prefix', () => {
    const link = new ServedLink()
    expect(link.send(MessageType.Solicit, [fromA, iaPd(1, '2001:db8:8000::/52')]).leases).toEqual([
      '2001:db8:8000::/56',
    ])
  })

  test('says which IA it has nothing for, and tells why', () => {
    const withoutPrefixes = { ...lan, prefixPools: [] }
    const link = new ServedLink([withoutPrefixes])
    const outcome = link.send(MessageType.Solicit, [fromA, iaNa(1), iaPd(1)])
    expect(outcome.leases).toEqual(['2001:db8:1::10'])
    expect(outcome.iaStatuses).toEqual([undefined, StatusCode.NoPrefixAvail])
    expect(outcome.effects.notices).toContainEqual({
      kind: 'allocation-failed',
      leaseKind: 'prefix',
      subnetId: lan.id,
      clientDuid: clientA,
      reason: 'the link has no pool for a lease of kind prefix',
      rule: 'RFC 9915 18.3.2',
      inputs: { iaType: 'IA_PD', iaid: 1 },
    })
  })

  test('refuses temporary addresses in their IA', () => {
    const link = new ServedLink()
    const { message } = link.send(MessageType.Solicit, [fromA, option(iaTaOption, { iaid: 3, options: [] })])
    const ia = findOption(message.options, iaTaOption)
    expect(findOption(ia?.options ?? [], statusCodeOption)?.code).toBe(StatusCode.NoAddrsAvail)
  })

  test('carries DNS settings only when they are asked for', () => {
    const link = new ServedLink()
    const unasked = link.send(MessageType.Solicit, [fromA, iaNa(1)]).message.options
    const asked = link.send(MessageType.Solicit, [fromA, iaNa(1), option(optionRequestOption, [23, 24])]).message
      .options
    expect(hasOption(unasked, dnsServersOption) || hasOption(unasked, domainListOption)).toBe(false)
    expect(findOption(asked, dnsServersOption)).toEqual(lan.dnsServers)
    expect(findOption(asked, domainListOption)).toEqual(['example.org'])
  })

  test('gives T1, T2 and preferred lifetime in proportion when the policy shortens the lease', () => {
    const link = new ServedLink()
    link.policy.validSecondsMax = 1000
    const { ias } = link.send(MessageType.Solicit, [fromA, iaNa(1), iaPd(1)])
    expect(ias.map(({ t1, t2 }) => [t1, t2])).toEqual([
      [250, 400],
      [250, 400],
    ])
    expect(ias[0]?.options[0]?.value).toMatchObject({ preferredLifetime: 500, validLifetime: 1000 })
  })

  test('is withheld from a SOLICIT without any IA', () => {
    expect(new ServedLink().send(MessageType.Solicit, [fromA]).unanswered).toBe('nothing-to-say')
  })
})

const lanPrefixes = { id: 'lan-pd', prefix: prefix('2001:db8:8000::/52') }

describe('sticky leases', () => {
  test('a client that lost its memory is offered what it holds', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientA, [iaNa(1), iaPd(1)])
    expect(link.send(MessageType.Solicit, [fromA, iaNa(1, '2001:db8:1::13'), iaPd(1)]).leases).toEqual(leases)
  })

  test('a client gets back the lease that it had before, unless the policy forbids', () => {
    const link = new ServedLink()
    link.acquire(clientB, [iaNa(1)])
    const { leases } = link.acquire(clientA, [iaNa(1)])
    link.send(MessageType.Release, [fromA, option(serverIdOption, serverDuid), iaNa(1, ...leases)])
    expect(link.send(MessageType.Solicit, [fromA, iaNa(1)]).leases).toEqual(leases)
    link.wait(11)
    link.policy.reusePermission = () => ({ ok: false, because: 'the partner has not acknowledged', rule: 'test' })
    expect(link.send(MessageType.Solicit, [fromA, iaNa(1)]).leases).not.toEqual(leases)
  })

  test('what has ended in the part of the partner goes back to its client only as the policy says', () => {
    const link = new ServedLink([{ ...lan, relationship: 'pair' }])
    link.policy.allocationPolicy = { kind: 'own', role: 'primary', partnersPrefixesFrom: undefined }
    const { committed, leases } = link.acquire(clientA, [iaNa(1), iaPd(1)])
    for (const binding of committed) link.table.put({ ...binding, status: 'EXPIRED', statusExpiresAt: undefined })
    link.policy.allocationPolicy = { kind: 'own', role: 'secondary', partnersPrefixesFrom: undefined }
    link.policy.reusePermission = () => ({ ok: false, because: 'not yet', rule: 'test' })
    const refused = link.send(MessageType.Solicit, [fromA, iaNa(1), iaPd(1)])
    expect([refused.leases, refused.iaStatuses]).toEqual([['2001:db8:1::10'], [undefined, StatusCode.NoPrefixAvail]])
    link.wait(11)
    link.policy.reusePermission = () => ({ ok: true })
    expect(link.send(MessageType.Solicit, [fromA, iaNa(1), iaPd(1)]).leases).toEqual(leases)
  })

  test('what is available in the part of the partner does not go back to its client', () => {
    const link = new ServedLink([{ ...lan, relationship: 'pair' }])
    link.policy.allocationPolicy = { kind: 'own', role: 'primary', partnersPrefixesFrom: undefined }
    const { committed } = link.acquire(clientA, [iaNa(1), iaPd(1)])
    for (const binding of committed) link.table.put({ ...binding, status: 'FREE', statusExpiresAt: undefined })
    link.policy.allocationPolicy = { kind: 'own', role: 'secondary', partnersPrefixesFrom: undefined }
    const again = link.send(MessageType.Solicit, [fromA, iaNa(1), iaPd(1)])
    expect(again.leases).toEqual(['2001:db8:1::10'])
  })
})

describe('the prefixes of a partner that is down', () => {
  const pools = ['2001:db8:8000::/55', '2001:db8:9000::/55'].map((text) => ({
    id: text,
    prefix: prefix(text),
    delegatedLength: 56,
  }))

  /** The second half of each pool of two prefixes is the secondary's. */
  function sharedOut(): ServedLink {
    const link = new ServedLink([{ ...lan, relationship: 'pair', prefixPools: pools }])
    link.policy.allocationPolicy = { kind: 'own', role: 'primary', partnersPrefixesFrom: undefined }
    const [before] = link.acquire(clientA, [iaPd(1)]).committed
    if (before === undefined) throw new Error('a prefix is leased')
    for (const text of ['2001:db8:8000:100::/56', '2001:db8:9000:100::/56']) {
      const given = { ...before, prefix: prefix(text), status: 'FREE-BACKUP', client: undefined } as const
      link.table.put({ ...given, statusExpiresAt: undefined })
    }
    return link
  }

  test('are used only when the own ones of all pools of the link are gone', () => {
    const link = sharedOut()
    link.policy.allocationPolicy = { kind: 'own', role: 'primary', partnersPrefixesFrom: link.now }
    const given = [2, 3, 4].map((iaid) => link.acquire(clientB, [iaPd(iaid)]).leases[0])
    expect(given).toEqual(['2001:db8:9000::/56', '2001:db8:8000:100::/56', '2001:db8:9000:100::/56'])
  })

  test('are not used before their time, not even when a client names one', () => {
    const link = sharedOut()
    link.acquire(clientB, [iaPd(2)])
    const from = addSeconds(link.now, 60)
    link.policy.allocationPolicy = { kind: 'own', role: 'primary', partnersPrefixesFrom: from }
    const early = link.send(MessageType.Solicit, [fromB, iaPd(3, '2001:db8:8000:100::/56')])
    expect([early.leases, early.iaStatuses]).toEqual([[], [StatusCode.NoPrefixAvail]])
    link.wait(60)
    expect(link.send(MessageType.Solicit, [fromB, iaPd(3)]).leases).toEqual(['2001:db8:8000:100::/56'])
  })
})

describe('a pool that once delegated another length', () => {
  test('gives nobody, by hint or by choice, what overlaps a lease of that length', () => {
    const before = new ServedLink([{ ...lan, prefixPools: [{ ...lanPrefixes, delegatedLength: 54 }] }])
    const { committed, leases } = before.acquire(clientB, [iaPd(1)])
    expect(leases).toEqual(['2001:db8:8000::/54'])
    const link = new ServedLink()
    for (const binding of committed) link.table.put(binding)
    expect(link.send(MessageType.Solicit, [fromA, iaPd(1, '2001:db8:8000:100::/56')]).leases).toEqual([
      '2001:db8:8000:400::/56',
    ])
  })
})

describe('an offer', () => {
  test('ends after ten seconds, when the pool has nothing fresher', () => {
    const link = new ServedLink()
    for (let iaid = 1; iaid <= 4; iaid += 1) link.send(MessageType.Solicit, [fromA, iaNa(iaid)])
    link.wait(11)
    expect(link.send(MessageType.Solicit, [fromB, iaNa(1)]).leases).toEqual(['2001:db8:1::10'])
  })

  test('keeps a hint away from another client for those ten seconds', () => {
    const link = new ServedLink()
    const hint = iaNa(1, '2001:db8:1::12')
    expect(link.send(MessageType.Solicit, [fromA, hint]).leases).toEqual(['2001:db8:1::12'])
    expect(link.send(MessageType.Solicit, [fromB, hint]).leases).toEqual(['2001:db8:1::10'])
    link.wait(11)
    expect(link.send(MessageType.Solicit, [fromB, hint]).leases).toEqual(['2001:db8:1::12'])
  })

  test('yields to a client that finds nothing else, and the first REQUEST decides', () => {
    const link = new ServedLink()
    for (let iaid = 1; iaid <= 4; iaid += 1) link.send(MessageType.Solicit, [fromA, iaNa(iaid)])
    const { leases } = link.send(MessageType.Solicit, [fromB, iaNa(1)])
    expect(leases).toHaveLength(1)
    const toServer = option(serverIdOption, serverDuid)
    expect(link.send(MessageType.Request, [fromB, toServer, iaNa(1, ...leases)]).leases).toEqual(leases)
  })

  test('does not exhaust the pool however many clients take none up', () => {
    const link = new ServedLink()
    for (let number = 0; number < 5000; number += 1) {
      const client = duid(`0003000102${number.toString(16).padStart(10, '0')}`)
      const outcome = link.send(MessageType.Solicit, [option(clientIdOption, client), iaNa(1)])
      expect(outcome.leases).toHaveLength(1)
    }
  })
})

describe('rapid commit', () => {
  test('binds at once where the client and the subnet want it', () => {
    const link = new ServedLink()
    const outcome = link.send(MessageType.Solicit, [fromA, rapidCommit, iaNa(1), iaPd(1)])
    expect(outcome.message.type).toBe(MessageType.Reply)
    expect(hasOption(outcome.message.options, rapidCommitOption)).toBe(true)
    expect(outcome.committed.map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE'])
  })

  test('is only an offer where the subnet does not want it', () => {
    const link = new ServedLink([{ ...lan, rapidCommit: false }])
    const outcome = link.send(MessageType.Solicit, [fromA, rapidCommit, iaNa(1)])
    expect(outcome.message.type).toBe(MessageType.Advertise)
    expect(outcome.committed).toEqual([])
  })

  test('is only an ADVERTISE where there is nothing to bind', () => {
    const link = new ServedLink([{ ...lan, prefixPools: [] }])
    const outcome = link.send(MessageType.Solicit, [fromA, rapidCommit, iaPd(1)])
    expect(outcome.message.type).toBe(MessageType.Advertise)
    expect(outcome.iaStatuses).toEqual([StatusCode.NoPrefixAvail])
  })
})

describe('a SOLICIT that is discarded', () => {
  test('has no client identifier', () => {
    expect(new ServedLink().send(MessageType.Solicit, [iaNa(1)]).unanswered).toBe('rule-violated')
  })

  test('has a server identifier', () => {
    const options = [fromA, option(serverIdOption, partnerDuid), iaNa(1)]
    expect(new ServedLink().send(MessageType.Solicit, options).unanswered).toBe('rule-violated')
  })

  test('asks for more than an answer could hold', () => {
    const ias = Array.from({ length: 65 }, (_, iaid) => iaNa(iaid))
    expect(new ServedLink().send(MessageType.Solicit, [fromA, ...ias]).unanswered).toBe('rule-violated')
  })
})
