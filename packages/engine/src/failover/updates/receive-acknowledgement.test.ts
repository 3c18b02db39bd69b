/** What a BNDREPLY is to us: a promise, a refusal at one of three levels, or nothing (RFC 8156 sections 7.6 and 7.7). */
import {
  clientDataOption,
  clientIdOption,
  iaAddressOption,
  iaNaOption,
  iaPrefixOption,
  option,
  partnerLifetimeSentOption,
  StatusCode,
  statusCodeOption,
  toDhcpTime,
  type DhcpTime,
  type OptionInstance,
  type Options,
} from '@tandem/protocol'
import { describe, expect, test } from 'vitest'
import { addSeconds } from '../../time/instant.ts'
import { acknowledged, readAcknowledgement } from './receive-acknowledgement.ts'
import { address, clientNumber, leased, T0 } from './update-pair.fixture.ts'
import type { SentUpdate } from './update-window.ts'

const ODD = '2001:db8:1::1001'
const EVEN = '2001:db8:1::1002'
const alice = clientNumber(1)

const at = (seconds: number): DhcpTime => toDhcpTime(addSeconds(T0, seconds))

function iaAddress(text: string, options: Options): OptionInstance {
  return option(iaAddressOption, { address: address(text), preferredLifetime: 1800, validLifetime: 3600, options })
}

function iaNa(iaid: number, options: Options): OptionInstance {
  return option(iaNaOption, { iaid, t1: 900, t2: 1440, options })
}

describe('the answer to ours', () => {
  const told = {
    ...leased(undefined, ODD, alice, T0, 3600),
    owedToPartner: true,
    partnerLifetime: addSeconds(T0, 9000),
  }
  const sent: SentUpdate = { key: 'k', told, partnerLifetimeTold: at(9000), takeBack: false, sentAt: T0 }
  const answerWith = (lease: Options, ia: Options = [], container: Options = []): Options => [
    option(clientDataOption, [
      ...container,
      option(clientIdOption, alice.duid),
      iaNa(1, [...ia, iaAddress(ODD, lease)]),
    ]),
  ]
  const refusal = option(statusCodeOption, { code: 17, message: 'no' })
  const success = option(statusCodeOption, { code: 0, message: 'fine' })
  const lifetimesOfNone = { preferredLifetime: 0, validLifetime: 0 }
  const echo = option(partnerLifetimeSentOption, at(9000))

  test('a refusal counts at each of three levels, a success at none', () => {
    expect(readAcknowledgement(answerWith([echo]), sent, T0).accepted).toBe(true)
    expect(readAcknowledgement(answerWith([echo, success], [success], [success]), sent, T0).accepted).toBe(true)
    expect(readAcknowledgement(answerWith([echo, refusal]), sent, T0).accepted).toBe(false)
    expect(readAcknowledgement(answerWith([echo], [refusal]), sent, T0).accepted).toBe(false)
    expect(readAcknowledgement(answerWith([echo], [], [refusal]), sent, T0).accepted).toBe(false)
    expect(readAcknowledgement([option(clientDataOption, [refusal])], sent, T0)).toMatchObject({
      refusal: { statusCode: 17 },
    })
  })

  test('an answer about another lease acknowledges nothing', () => {
    const other = [option(clientDataOption, [iaNa(1, [iaAddress(EVEN, [echo])])])]
    expect(readAcknowledgement(other, sent, T0).accepted).toBe(false)
  })

  test('an answer in no container, in two, or in another kind of container acknowledges nothing', () => {
    const [right] = answerWith([echo])
    const alone = option(iaPrefixOption, { ...lifetimesOfNone, prefix: told.prefix, options: [echo] })
    for (const answer of [[], [right, right], [right, alone], [alone]]) {
      const options = answer.filter((each) => each !== undefined)
      expect(readAcknowledgement(options, sent, T0)).toMatchObject({ refusal: { statusCode: StatusCode.UnspecFail } })
    }
  })

  test('an echo that is not bit by bit ours is no promise', () => {
    const answer = readAcknowledgement(answerWith([option(partnerLifetimeSentOption, at(99_000))]), sent, T0)
    expect(answer).toEqual({ accepted: true, promise: undefined })
  })

  test('the promise of an older answer stands, and the newer state stays owed', () => {
    const renewed = { ...told, clientHeardAt: addSeconds(T0, 100), statusExpiresAt: addSeconds(T0, 3700) }
    const promise = addSeconds(T0, 9000)
    expect(acknowledged(renewed, sent, promise)).toEqual({ ...renewed, ackedPartnerLifetime: promise })
    expect(acknowledged(told, sent, promise)).toMatchObject({ owedToPartner: false, partnerLifetime: undefined })
  })

  test('a promise made about another client does not pass to the next one', () => {
    const next = { ...told, client: clientNumber(2) }
    expect(acknowledged(next, sent, addSeconds(T0, 9000))).toEqual(next)
  })
})
