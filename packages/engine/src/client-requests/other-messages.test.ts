/** RELEASE, DECLINE, CONFIRM and INFORMATION-REQUEST (RFC 9915 §18.3.3, §18.3.6 to §18.3.8). */
import {
  clientIdOption,
  dnsServersOption,
  findOption,
  hasOption,
  iaNaOption,
  MessageType,
  option,
  optionRequestOption,
  serverIdOption,
  StatusCode,
} from '@tandem/protocol'
import { describe, expect, test } from 'vitest'
import { clientA, clientB, iaNa, iaPd, lan, partnerDuid, ServedLink, toServer } from '../../test-support/served-link.ts'

const fromA = option(clientIdOption, clientA)

describe('RELEASE', () => {
  test('frees addresses and prefixes at once where no partner has to know', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientA, [iaNa(1), iaPd(1)])
    const outcome = link.send(MessageType.Release, [
      ...toServer(clientA),
      iaNa(1, leases[0] ?? ''),
      iaPd(1, leases[1] ?? ''),
    ])
    expect(outcome.status).toBe(StatusCode.Success)
    expect(outcome.committed).toMatchObject([
      { status: 'FREE', statusSince: link.now, statusExpiresAt: undefined, client: { duid: clientA } },
      { status: 'FREE', statusSince: link.now, statusExpiresAt: undefined, client: { duid: clientA } },
    ])
  })

  test('leaves the lease RELEASED where a partner has to know', () => {
    const link = new ServedLink([{ ...lan, relationship: 'pair' }])
    const { leases } = link.acquire(clientA, [iaNa(1)])
    const outcome = link.send(MessageType.Release, [...toServer(clientA), iaNa(1, ...leases)])
    expect(outcome.committed).toMatchObject([{ status: 'RELEASED', updateSent: false, clientHeardAt: link.now }])
  })

  test('that is repeated is answered and changes nothing', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientA, [iaNa(1)])
    link.send(MessageType.Release, [...toServer(clientA), iaNa(1, ...leases)])
    const again = link.send(MessageType.Release, [...toServer(clientA), iaNa(1, ...leases)])
    expect([again.status, again.committed]).toEqual([StatusCode.Success, []])
  })

  test('never ends the lease of another client', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientB, [iaNa(1)])
    const outcome = link.send(MessageType.Release, [...toServer(clientA), iaNa(1, ...leases)])
    expect(outcome.committed).toEqual([])
    expect(outcome.iaStatuses).toEqual([StatusCode.NoBinding])
  })

  test('ends only the leases that it names', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientA, [iaNa(1), iaNa(2)])
    const outcome = link.send(MessageType.Release, [...toServer(clientA), iaNa(2, leases[1] ?? '')])
    expect(outcome.committed).toHaveLength(1)
    expect(link.recordOf(leases[0] ?? '')?.status).toBe('ACTIVE')
  })

  test('for another server is not ours', () => {
    const options = [fromA, option(serverIdOption, partnerDuid), iaNa(1, '2001:db8:1::10')]
    expect(new ServedLink().send(MessageType.Release, options).unanswered).toBe('wrong-server-identifier')
  })
})

describe('DECLINE', () => {
  test('quarantines the address, and the client gets another', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientA, [iaNa(1)])
    const outcome = link.send(MessageType.Decline, [...toServer(clientA), iaNa(1, ...leases)])
    expect(outcome.status).toBe(StatusCode.Success)
    expect(outcome.committed).toMatchObject([{ status: 'ABANDONED', statusExpiresAt: undefined }])
    expect(link.acquire(clientA, [iaNa(1)]).leases).not.toEqual(leases)
  })

  test('never touches a prefix', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientA, [iaPd(1)])
    expect(link.send(MessageType.Decline, [...toServer(clientA), iaPd(1, ...leases)]).committed).toEqual([])
  })
})

describe('CONFIRM', () => {
  test.each([
    { name: 'of the link', addresses: ['2001:db8:1::10', '2001:db8:1::ffff'], status: StatusCode.Success },
    { name: 'partly of another link', addresses: ['2001:db8:1::10', '2001:db8:2::10'], status: StatusCode.NotOnLink },
  ])('is told whether addresses are right: $name', ({ addresses, status }) => {
    const outcome = new ServedLink().send(MessageType.Confirm, [fromA, iaNa(1, ...addresses)])
    expect(outcome.status).toBe(status)
    expect(hasOption(outcome.message.options, iaNaOption)).toBe(false)
    expect(outcome.committed).toEqual([])
  })

  test('without addresses is met with silence', () => {
    expect(new ServedLink().send(MessageType.Confirm, [fromA, iaNa(1)]).unanswered).toBe('nothing-to-say')
  })
})

describe('INFORMATION-REQUEST', () => {
  test('is given what it asks for, anonymous or not', () => {
    const link = new ServedLink()
    const asked = option(optionRequestOption, [23])
    const anonymous = link.send(MessageType.InformationRequest, [asked]).message
    expect(findOption(anonymous.options, dnsServersOption)).toEqual(lan.dnsServers)
    expect(hasOption(anonymous.options, clientIdOption)).toBe(false)
    const named = link.send(MessageType.InformationRequest, [fromA, asked]).message
    expect(findOption(named.options, clientIdOption)).toBe(clientA)
  })

  test('with an IA is discarded', () => {
    expect(new ServedLink().send(MessageType.InformationRequest, [fromA, iaNa(1)]).unanswered).toBe('rule-violated')
  })

  test('for another server is not ours', () => {
    const outcome = new ServedLink().send(MessageType.InformationRequest, [option(serverIdOption, partnerDuid)])
    expect(outcome.unanswered).toBe('wrong-server-identifier')
  })
})
