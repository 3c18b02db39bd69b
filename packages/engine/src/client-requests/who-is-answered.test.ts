/** Which messages the failover state lets this server answer (RFC 8156 section 3, digest 10.2). */
import { clientIdOption, MessageType, option } from '@tandem/protocol'
import { describe, expect, test } from 'vitest'
import type { Answers } from '../snapshot.ts'
import {
  clientA,
  elsewhere,
  iaNa,
  iaPd,
  lan,
  ServedLink,
  toServer,
  type Outcome,
} from '../../test-support/served-link.ts'

const fromA = option(clientIdOption, clientA)
const leases = ['2001:db8:1::10'] as const

/** A link whose client A has an address, with the endpoint then in a state that answers only so. */
function linkThatAnswers(answers: Answers): ServedLink {
  const link = new ServedLink([{ ...lan, relationship: 'pair' }])
  link.policy.allocationPolicy = { kind: 'own', role: 'secondary', partnersPrefixesFrom: undefined }
  link.acquire(clientA, [iaNa(1)])
  link.policy.answersOf.set('pair', answers)
  return link
}

const directed: readonly [string, number][] = [
  ['REQUEST', MessageType.Request],
  ['RENEW', MessageType.Renew],
  ['RELEASE', MessageType.Release],
  ['DECLINE', MessageType.Decline],
]
const undirected: readonly [string, number][] = [
  ['SOLICIT', MessageType.Solicit],
  ['REBIND', MessageType.Rebind],
  ['CONFIRM', MessageType.Confirm],
]

function sendDirected(link: ServedLink, type: number): Outcome {
  return link.send(type, [...toServer(clientA), iaNa(1, ...leases)])
}

function sendUndirected(link: ServedLink, type: number): Outcome {
  return link.send(type, [fromA, iaNa(1, ...leases)])
}

describe('a server that answers everyone', () => {
  test.each(directed)('answers a %s', (_name, type) => {
    expect(sendDirected(linkThatAnswers('everyone'), type).message.type).toBe(MessageType.Reply)
  })

  test.each(undirected)('answers a %s', (_name, type) => {
    expect(sendUndirected(linkThatAnswers('everyone'), type).datagram).toBeDefined()
  })
})

describe('a server that answers only to its own identifier', () => {
  test.each(directed)('answers a %s', (_name, type) => {
    expect(sendDirected(linkThatAnswers('own-identifier'), type).message.type).toBe(MessageType.Reply)
  })

  test.each(undirected)('is silent to a %s', (_name, type) => {
    const outcome = sendUndirected(linkThatAnswers('own-identifier'), type)
    expect([outcome.unanswered, outcome.committed]).toEqual(['failover-state', []])
  })

  test('answers an INFORMATION-REQUEST only with its identifier', () => {
    const link = linkThatAnswers('own-identifier')
    expect(link.send(MessageType.InformationRequest, [fromA]).unanswered).toBe('failover-state')
    expect(link.send(MessageType.InformationRequest, [...toServer(clientA)]).message.type).toBe(MessageType.Reply)
  })
})

describe('a server that answers nobody', () => {
  test.each(directed)('is silent to a %s', (_name, type) => {
    const outcome = sendDirected(linkThatAnswers('nobody'), type)
    expect([outcome.unanswered, outcome.committed]).toEqual(['failover-state', []])
  })

  test.each(undirected)('is silent to a %s', (_name, type) => {
    expect(sendUndirected(linkThatAnswers('nobody'), type).unanswered).toBe('failover-state')
  })
})

describe('a link with subnets of two relationships', () => {
  function mixedLink(): ServedLink {
    const other = { ...elsewhere, interfaceNames: ['eth0'], relationship: 'other', prefixPools: [] }
    const link = new ServedLink([{ ...lan, relationship: 'pair', addressPools: [] }, other])
    return link
  }

  test('is served from the subnet that may answer', () => {
    const link = mixedLink()
    link.policy.answersOf.set('pair', 'nobody')
    const outcome = link.send(MessageType.Solicit, [fromA, iaNa(1), iaPd(1)])
    expect(outcome.leases).toEqual(['2001:db8:2::11'])
  })

  test('renews what may be renewed and leaves the other IA out of the answer', () => {
    const link = mixedLink()
    const held = link.acquire(clientA, [iaNa(1), iaPd(1)])
    expect(held.leases).toEqual(['2001:db8:2::11', '2001:db8:8000::/56'])
    link.policy.answersOf.set('pair', 'nobody')
    const renew = [iaNa(1, '2001:db8:2::11'), iaPd(1, '2001:db8:8000::/56')]
    const outcome = link.send(MessageType.Renew, [...toServer(clientA), ...renew])
    expect(outcome.leases).toEqual(['2001:db8:2::11'])
    expect(outcome.ias).toHaveLength(1)
    const alone = link.send(MessageType.Renew, [...toServer(clientA), iaPd(1, '2001:db8:8000::/56')])
    expect(alone.unanswered).toBe('failover-state')
    expect(link.send(MessageType.Rebind, [fromA, iaPd(1, '2001:db8:8000::/56')]).unanswered).toBe('failover-state')
    const release = link.send(MessageType.Release, [...toServer(clientA), iaPd(1, '2001:db8:8000::/56')])
    expect([release.unanswered, release.committed]).toEqual(['failover-state', []])
  })
})
