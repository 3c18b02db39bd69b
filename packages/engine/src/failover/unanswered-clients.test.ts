/** A secondary in NORMAL counts the clients that its primary leaves without an answer (decision 0081). */
import {
  clientIdOption,
  duidFromHex,
  elapsedTimeOption,
  encodeDatagram,
  iaNaOption,
  MessageType,
  option,
  type ClientServerMessage,
} from '@tandem/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { FailoverPair } from '../../test-support/failover-pair.ts'
import type { Notice } from '../notices.ts'

const limits = { unansweredClientSeconds: 10, unansweredClientsAlarm: 2 }

let pair: FailoverPair

beforeEach(() => {
  pair = new FailoverPair({ both: limits })
  pair.startBoth()
  pair.run(3)
  expect(pair.states()).toBe('NORMAL / NORMAL')
})

const duid = (client: number) => duidFromHex(`00030001020000${client.toString(16).padStart(6, '0')}`)

/** Only the secondary hears it, since the primary is deaf or slow. */
function ask(client: number, elapsedSeconds: number, type: number = MessageType.Solicit): void {
  const message: ClientServerMessage = {
    kind: 'client-server',
    type,
    transactionId: client,
    options: [
      option(clientIdOption, duid(client)),
      option(elapsedTimeOption, elapsedSeconds * 100),
      option(iaNaOption, { iaid: 1, t1: 0, t2: 0, options: [] }),
    ],
  }
  pair.handle('secondary', {
    kind: 'datagram-received',
    listenerId: 'eth0',
    from: { address: 'fe80::1%eth0', port: 546 },
    bytes: encodeDatagram(message),
    arrivedAt: pair.now,
  })
  pair.settle()
}

const counted = () => pair.view('secondary').unansweredClients
const alarms = (): readonly Notice[] =>
  pair.secondary.notices.filter(({ kind }) => kind === 'clients-unanswered').map((notice) => notice)

describe('a client that keeps asking the primary', () => {
  it('counts when its elapsed time has grown beyond the limit, once however often it asks', () => {
    ask(1, 0)
    ask(1, 3)
    expect(counted().count).toBe(0)
    ask(1, 11)
    ask(1, 30)
    expect(counted()).toEqual({ count: 1, alarmAt: 2, alarm: false })
    expect(alarms()).toEqual([])
  })

  it('does not count by a great elapsed time alone: it may be the first that this server hears of it', () => {
    ask(1, 100)
    expect(counted().count).toBe(0)
    ask(1, 100)
    expect(counted().count).toBe(0)
  })

  it('counts by REBIND as well, and not by what others have to answer', () => {
    ask(1, 1, MessageType.Rebind)
    ask(1, 20, MessageType.Rebind)
    ask(2, 1, MessageType.Confirm)
    ask(2, 20, MessageType.Confirm)
    expect(counted().count).toBe(1)
  })

  it('begins anew when it asks anew', () => {
    ask(1, 1)
    ask(1, 20)
    ask(1, 0)
    expect(counted().count).toBe(0)
  })
})

describe('the alarm', () => {
  beforeEach(() => {
    for (const client of [1, 2]) {
      ask(client, 1)
      ask(client, 12)
    }
  })

  it('is raised once, when the number is reached', () => {
    ask(1, 40)
    expect(alarms()).toEqual([{ kind: 'clients-unanswered', relationship: 'pair', count: 2, alarm: true }])
    expect(counted()).toEqual({ count: 2, alarmAt: 2, alarm: true })
  })

  it('ends when the primary tells of a lease of such a client', () => {
    pair.requestAddress('primary', 1)
    expect(counted()).toEqual({ count: 1, alarmAt: 2, alarm: false })
    expect(alarms().at(-1)).toEqual({ kind: 'clients-unanswered', relationship: 'pair', count: 1, alarm: false })
  })

  it('ends when they are heard no more', () => {
    pair.run(299)
    expect(counted().alarm).toBe(true)
    pair.run(2)
    expect(counted()).toMatchObject({ count: 0, alarm: false })
  })

  it('ends with contact, since then this server answers them itself', () => {
    pair.cut()
    expect(counted()).toMatchObject({ count: 0, alarm: false })
    pair.isNetworkUp = false
    pair.run(1)
    expect(pair.view('secondary').state).toBe('COMMUNICATIONS-INTERRUPTED')
    ask(3, 1)
    ask(3, 20)
    expect(counted().count).toBe(0)
  })
})

describe('without an alarm', () => {
  it('the count is kept all the same', () => {
    pair = new FailoverPair({ both: { ...limits, unansweredClientsAlarm: undefined } })
    pair.startBoth()
    pair.run(3)
    ask(1, 1)
    ask(1, 20)
    expect(counted()).toEqual({ count: 1, alarmAt: undefined, alarm: false })
  })
})

it('a primary counts nobody: it answers', () => {
  pair.handle('primary', { kind: 'deadline-reached' })
  expect(pair.view('primary').unansweredClients.count).toBe(0)
})

it('of a flood of clients only the last heard are remembered', () => {
  for (let client = 1; client <= 4097; client += 1) ask(client, 1)
  ask(1, 20)
  expect(counted().count).toBe(0)
  ask(4097, 20)
  expect(counted().count).toBe(1)
})
