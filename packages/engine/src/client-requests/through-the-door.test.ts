/** A client's four messages through the engine's door: what is committed, what leaves after it, what survives a restart. */
import {
  clientIdOption,
  decodeDatagram,
  encodeDatagram,
  MessageType,
  option,
  type ClientServerMessage,
  type OptionInstance,
} from '@tandem/protocol'
import { describe, expect, test } from 'vitest'
import type { Binding } from '../bindings/binding.ts'
import type { EngineConfiguration } from '../configuration/configuration.ts'
import type { Effects } from '../effects.ts'
import { createEngine, type Engine } from '../engine.ts'
import { addSeconds, instant, type Instant } from '../time/instant.ts'
import { clientA, iaNa, iaPd, lan, onLink, serverDuid, toServer } from '../../test-support/served-link.ts'

const configuration: EngineConfiguration = {
  serverName: 'alpha',
  serverDuid,
  listeners: [onLink],
  subnets: [lan],
  relationships: [],
}
const start = instant(1_800_000_000_000)

function engineWith(bindings: readonly Binding[], at: Instant): Engine {
  return createEngine(
    configuration,
    { bindings, endpoints: [], reservations: [], drains: [], lastCommitAt: undefined, ranUntil: undefined },
    at,
  )
}

function send(engine: Engine, at: Instant, type: number, options: readonly OptionInstance[]): Effects {
  const message: ClientServerMessage = { kind: 'client-server', type, transactionId: 5, options }
  return engine.handle(
    {
      kind: 'datagram-received',
      listenerId: onLink.id,
      from: { address: 'fe80::a%eth0', port: 546 },
      bytes: encodeDatagram(message),
      arrivedAt: at,
    },
    at,
  )
}

function answerTypes(effects: Effects): readonly (number | undefined)[] {
  return effects.afterCommit.map((output) => {
    const decoded = output.kind === 'send-datagram' ? decodeDatagram(output.bytes) : undefined
    return decoded?.ok === true ? decoded.value.type : undefined
  })
}

describe('a subnet that this server serves alone', () => {
  test('commits the lease with the REPLY behind it, keeps it over a restart and frees it when it ends', () => {
    const engine = engineWith([], start)
    const offer = send(engine, start, MessageType.Solicit, [option(clientIdOption, clientA), iaNa(1), iaPd(1)])
    expect([offer.commit, answerTypes(offer)]).toEqual([[], [MessageType.Advertise]])
    const bound = send(engine, start, MessageType.Request, [...toServer(clientA), iaNa(1), iaPd(1)])
    expect(answerTypes(bound)).toEqual([MessageType.Reply])
    const stored = bound.commit.flatMap((change) => (change.kind === 'binding-put' ? [change.binding] : []))
    expect(stored.map(({ status, kind }) => [status, kind])).toEqual([
      ['ACTIVE', 'address'],
      ['ACTIVE', 'prefix'],
    ])

    const later = addSeconds(start, 60)
    const restarted = engineWith(stored, later)
    const renewed = send(restarted, later, MessageType.Renew, [...toServer(clientA), iaNa(1), iaPd(1)])
    expect(renewed.commit).toHaveLength(2)
    const end = addSeconds(later, 4000)
    expect(restarted.nextDeadline()).toBe(end)
    const expired = restarted.handle({ kind: 'deadline-reached' }, end)
    expect(expired.commit).toMatchObject([{ binding: { status: 'FREE' } }, { binding: { status: 'FREE' } }])
    expect(restarted.snapshot(end).pools.map(({ leased }) => leased)).toEqual([0n, 0n])
  })
})
