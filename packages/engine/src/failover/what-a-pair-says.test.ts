/** Whole stories of a pair: every change is told and recorded, every message carries what it must, clients wait for nobody (RFC 8156 sections 4.3, 6.3, 8). */
import {
  checkMessageRules,
  findOption,
  MessageType,
  messageTypeName,
  partnerDownTimeOption,
  serverStateName,
  serverStateOption,
  toDhcpTime,
} from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { FailoverPair } from '../../test-support/failover-pair.ts'
import { clientSends, ia, leasesOf, named, pd, recordAt, servingPair, to } from '../../test-support/pair-clients.ts'
import { ScriptedPartner } from '../../test-support/scripted-partner.ts'
import { clientA, clientB } from '../../test-support/served-link.ts'
import type { Role } from '../configuration/configuration.ts'

const roles = ['primary', 'secondary'] as const

/** First start, leases, a release, loss of contact, PARTNER-DOWN on both sides, conflict, loss of a disk, recovery, good-bye. */
function longStory(): FailoverPair {
  const pair = servingPair()
  clientSends(pair, 'primary', MessageType.Request, [...to(pair, 'primary', clientA), ia(1), pd(1)])
  const [lease = ''] = leasesOf(
    clientSends(pair, 'primary', MessageType.Request, [...to(pair, 'primary', clientB), ia(1)]),
  )
  clientSends(pair, 'primary', MessageType.Release, [...to(pair, 'primary', clientB), ia(1, named(lease))])
  pair.run(2)
  pair.isNetworkUp = false
  pair.run(10)
  for (const role of roles) pair.declarePartnerDown(role, 'COMMUNICATIONS-INTERRUPTED')
  clientSends(pair, 'secondary', MessageType.Request, [...to(pair, 'secondary', clientB), ia(2), pd(2)])
  pair.isNetworkUp = true
  pair.run(10)
  pair.kill('secondary')
  pair.loseStorage('secondary')
  pair.run(2)
  pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED')
  pair.start('secondary')
  pair.run(80)
  expect(pair.states()).toBe('NORMAL / NORMAL')
  pair.command('primary', { kind: 'shut-down' })
  return pair
}

describe('a pair', () => {
  it('says nothing that lacks what it must carry, or carries what it must not', () => {
    const pair = longStory()
    const said = new Set(pair.sent.map(({ message }) => messageTypeName(message.type)))
    expect([...said].toSorted()).toEqual(
      ['BNDREPLY', 'BNDUPD', 'CONNECT', 'CONNECTREPLY', 'CONTACT', 'DISCONNECT', 'POOLREQ', 'POOLRESP', 'STATE']
        .concat(['UPDDONE', 'UPDREQ', 'UPDREQALL'])
        .toSorted(),
    )
    for (const { from, message } of pair.sent) {
      expect(checkMessageRules(message), `${from} ${messageTypeName(message.type)}`).toEqual([])
    }
  })

  it('tells the partner of every change of state while they are in contact, and records it with its time', () => {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(3)
    for (const role of roles) {
      const told = pair.sent
        .filter(({ from, message }) => from === role && message.type === MessageType.State)
        .map(({ message }) => serverStateName(findOption(message.options, serverStateOption) ?? 0))
      expect(told.filter((state, at) => state !== told[at - 1])).toEqual(pair.pathOf(role))
      expect(pair.server(role).endpoint).toMatchObject({
        state: 'NORMAL',
        stateSince: pair.server(role).transitions.at(-1)?.at,
        partner: { state: 'NORMAL' },
      })
    }
  })

  it('says nothing twice on the way to NORMAL', () => {
    const pair = servingPair()
    for (const role of roles) {
      const told = pair.sent.filter(({ from, message }) => from === role && message.type === MessageType.State)
      const states = told.map(({ message }) => findOption(message.options, serverStateOption))
      expect(states.filter((state) => serverStateName(state ?? 0) === 'NORMAL')).toHaveLength(1)
    }
    expect(pair.sentText().filter((text) => text === 'S POOLREQ')).toHaveLength(1)
    expect(pair.sentText().filter((text) => text === 'P POOLRESP')).toHaveLength(1)
  })

  it('tells a partner that falls back from NORMAL once more that it is there', () => {
    const partner = new ScriptedPartner('primary')
    partner.open()
    const connect = partner.lastMessage().transactionId
    partner.send(MessageType.Connectreply, partner.connectReplyOptions(), { xid: connect })
    partner.sendState('RECOVER', { communicated: false })
    partner.send(MessageType.Upddone, [], { xid: partner.lastOfType(MessageType.Updreq).transactionId })
    partner.sendState('RECOVER-DONE')
    partner.sendState('NORMAL')
    expect(partner.view().state).toBe('NORMAL')
    partner.seen.length = 0
    partner.sendState('COMMUNICATIONS-INTERRUPTED')
    expect(partner.view().state).toBe('NORMAL')
    expect(partner.seen).toEqual(['STATE'])
    // Said twice, it has heard our NORMAL by then or will.
    partner.sendState('COMMUNICATIONS-INTERRUPTED')
    expect(partner.seen).toEqual(['STATE'])
  })

  it('answers a client although the partner acknowledges nothing', () => {
    const pair = servingPair()
    pair.passes = (_from, message) => message.type !== MessageType.Bndupd && message.type !== MessageType.Bndreply
    const answer = clientSends(pair, 'primary', MessageType.Request, [...to(pair, 'primary', clientA), ia(1), pd(1)])
    expect(leasesOf(answer)).toHaveLength(2)
    expect(pair.view('primary').updatesOwed).toBe(2)
  })

  it('leaves a lease alone that has less than thirty seconds to go, and renews it like any other', () => {
    const pair = servingPair()
    const [lease = ''] = leasesOf(
      clientSends(pair, 'primary', MessageType.Request, [...to(pair, 'primary', clientA), ia(1)]),
    )
    const stored = (role: Role): unknown =>
      [...pair.server(role).bindings.values()].find(({ kind }) => kind === 'address')
    const before = [stored('primary'), stored('secondary')]
    pair.run(50)
    expect([stored('primary'), stored('secondary')]).toEqual(before)
    const renewal = [...to(pair, 'primary', clientA), ia(1, named(lease))]
    expect(leasesOf(clientSends(pair, 'primary', MessageType.Renew, renewal))).toEqual([lease])
    expect(stored('primary')).toMatchObject({ status: 'ACTIVE', validSeconds: 7200 })
  })
})

describe('a server alone', () => {
  it('tells when it entered PARTNER-DOWN, not when contact was lost before', () => {
    const pair = servingPair()
    pair.kill('secondary')
    pair.run(20)
    pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED')
    const declaredAt = pair.now
    pair.run(20)
    pair.sent.length = 0
    pair.start('secondary')
    pair.run(2)
    const told = pair.sent.flatMap(({ from, message }) => {
      const downTime = from === 'primary' ? findOption(message.options, partnerDownTimeOption) : undefined
      return downTime === undefined ? [] : [downTime]
    })
    expect(told.length).toBeGreaterThan(0)
    expect(new Set(told)).toEqual(new Set([toDhcpTime(declaredAt)]))
  })
})

describe('a lease that its client gave back', () => {
  it('gives a released lease back to its client until the partner is told, and not between that and the answer', () => {
    const pair = servingPair()
    const from = to(pair, 'primary', clientA)
    const [lease = ''] = leasesOf(clientSends(pair, 'primary', MessageType.Request, [...from, ia(1)]))
    pair.isNetworkUp = false
    pair.run(10)
    const again = (): readonly string[] =>
      leasesOf(clientSends(pair, 'primary', MessageType.Request, [...from, ia(1, named(lease))]))
    const release = (): unknown => clientSends(pair, 'primary', MessageType.Release, [...from, ia(1, named(lease))])
    // Not told yet: it may have it back.
    release()
    expect(recordAt(pair, 'primary', lease)).toMatchObject({ status: 'RELEASED', updateSent: false })
    expect(again()).toEqual([lease])
    release()
    pair.passes = (_from, message) => message.type !== MessageType.Bndreply
    pair.isNetworkUp = true
    pair.run(4)
    // Told and not answered: not even the same client.
    expect(recordAt(pair, 'primary', lease)).toMatchObject({ status: 'RELEASED', updateSent: true })
    const meanwhile = again()
    expect(meanwhile).toHaveLength(1)
    expect(meanwhile).not.toEqual([lease])
    pair.cut()
    expect(recordAt(pair, 'primary', lease)).toMatchObject({ status: 'RELEASED', updateSent: true })
    pair.passes = () => true
    pair.run(4)
    expect(recordAt(pair, 'primary', lease)).toMatchObject({ status: 'FREE', updateSent: false })
  })
})

describe('a conflict', () => {
  it('is resolved in the order of Figure 9: the primary asks first, serves, and the secondary asks then', () => {
    const pair = servingPair()
    pair.isNetworkUp = false
    pair.run(10)
    for (const role of roles) pair.declarePartnerDown(role, 'COMMUNICATIONS-INTERRUPTED')
    clientSends(pair, 'secondary', MessageType.Request, [...to(pair, 'secondary', clientB), ia(2)])
    clientSends(pair, 'primary', MessageType.Request, [...to(pair, 'primary', clientA), ia(2)])
    pair.sent.length = 0
    pair.isNetworkUp = true
    pair.run(10)
    const story = pair.sent.flatMap(({ from, message }) => {
      if (message.type === MessageType.Contact) return []
      const state = findOption(message.options, serverStateOption)
      const words = [from === 'primary' ? 'P' : 'S', messageTypeName(message.type)]
      return [[...words, ...(state === undefined ? [] : [serverStateName(state)])].join(' ')]
    })
    const from = story.indexOf('P UPDREQ')
    expect(story.slice(0, from)).not.toContain('S UPDREQ')
    expect(story.slice(from).filter((line) => !line.endsWith('STATE POTENTIAL-CONFLICT'))).toEqual([
      'P UPDREQ',
      'S BNDUPD',
      'P BNDREPLY',
      'S UPDDONE',
      'P STATE CONFLICT-DONE',
      'P BNDUPD',
      'S UPDREQ',
      'S BNDREPLY',
      'P UPDDONE',
      'S STATE NORMAL',
      'S POOLREQ',
      'P STATE NORMAL',
      'P POOLRESP',
    ])
  })

  it('leaves no client with an answer from a server that has not yet heard all', () => {
    const pair = servingPair()
    pair.isNetworkUp = false
    pair.run(10)
    for (const role of roles) pair.declarePartnerDown(role, 'COMMUNICATIONS-INTERRUPTED')
    pair.passes = (_from, message) => message.type !== MessageType.Upddone
    pair.isNetworkUp = true
    pair.run(4)
    expect(pair.states()).toBe('POTENTIAL-CONFLICT / POTENTIAL-CONFLICT')
    for (const role of roles) {
      expect(clientSends(pair, role, MessageType.Request, [...to(pair, role, clientA), ia(9)])).toBeUndefined()
    }
  })
})
