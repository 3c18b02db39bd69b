/** What a secondary left to its primary just before contact ended is answered by itself (decision 0088). */
import {
  clientIdOption,
  duidFromHex,
  encodeDatagram,
  MessageType,
  option,
  type ClientServerMessage,
} from '@tandem/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { FailoverPair } from '../../test-support/failover-pair.ts'
import { ia } from '../../test-support/pair-clients.ts'
import type { DatagramReceived } from '../events.ts'
import { addMs, instant } from '../time/instant.ts'
import { LEFT_QUESTION_AGE_MAX_MS, LeftQuestions } from './left-questions.ts'

const duid = (client: number) => duidFromHex(`00030001020000${client.toString(16).padStart(6, '0')}`)

let pair: FailoverPair

beforeEach(() => {
  pair = new FailoverPair({ both: { autoPartnerDownSeconds: undefined } })
  pair.startBoth()
  pair.run(3)
  expect(pair.states()).toBe('NORMAL / NORMAL')
  pair.secondary.notices.length = 0
})

function question(client: number, type: number, at = pair.now): DatagramReceived {
  const options = [option(clientIdOption, duid(client)), ia(1)]
  const message: ClientServerMessage = { kind: 'client-server', type, transactionId: client, options }
  const from = { address: 'fe80::1%eth0', port: 546 }
  return { kind: 'datagram-received', listenerId: 'eth0', from, bytes: encodeDatagram(message), arrivedAt: at }
}

function ask(client: number, type: number): void {
  pair.handle('secondary', question(client, type))
  pair.settle()
}

const answers = () =>
  pair.secondary.notices.flatMap((notice) =>
    notice.kind === 'datagram-answered' ? [`${notice.requestType} ${notice.answerType}`] : [],
  )

describe('a secondary in NORMAL', () => {
  it('answers what it left to its primary a moment ago once that is gone', () => {
    pair.requestAddress('primary', 2)
    const held = [...pair.secondary.bindings.values()].find(({ status }) => status === 'ACTIVE')
    ask(1, MessageType.Solicit)
    pair.run(1)
    pair.rebindAddress('secondary', 2, held!.prefix.address)
    expect(answers()).toEqual([])
    pair.kill('primary')
    expect(pair.view('secondary').state).toBe('COMMUNICATIONS-INTERRUPTED')
    expect(answers()).toEqual(['SOLICIT ADVERTISE', 'REBIND REPLY'])
  })

  it('answers nothing that has been repeated since, or answered by the primary', () => {
    ask(1, MessageType.Solicit)
    pair.run(2)
    ask(1, MessageType.Solicit)
    ask(2, MessageType.Solicit)
    pair.requestAddress('primary', 2)
    pair.kill('primary')
    expect(answers()).toEqual(['SOLICIT ADVERTISE'])
  })

  it('keeps no question of a client while it recovers', () => {
    pair.kill('secondary')
    pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED')
    pair.start('secondary')
    pair.run(1)
    expect(pair.view('secondary').answers).toBe('nobody')
    ask(1, MessageType.Solicit)
    pair.kill('primary')
    expect(answers()).toEqual([])
  })

  it('leaves it at that where it is declared to serve alone by force, with the primary in contact', () => {
    ask(1, MessageType.Solicit)
    expect(pair.declarePartnerDown('secondary', 'NORMAL', true)).toMatchObject({ ok: true })
    expect(answers()).toEqual([])
  })
})

describe('what is kept', () => {
  const start = instant(1_800_000_000_000)

  it('is the last question of each client, and none that is too old', () => {
    const left = new LeftQuestions()
    left.add(duid(1), question(1, MessageType.Solicit, start), start)
    const second = question(2, MessageType.Solicit, addMs(start, 1))
    const again = question(2, MessageType.Rebind, addMs(start, 2))
    left.add(duid(2), second, addMs(start, 1))
    left.add(duid(2), again, addMs(start, 2))
    expect(left.take(addMs(start, LEFT_QUESTION_AGE_MAX_MS + 1))).toEqual([again])
    expect(left.isEmpty).toBe(true)
  })

  it('is bounded in number', () => {
    const left = new LeftQuestions()
    const one = question(1, MessageType.Solicit, start)
    for (let client = 1; client <= 5000; client += 1) left.add(duid(client), one, start)
    expect(left.take(start)).toHaveLength(1024)
  })
})
