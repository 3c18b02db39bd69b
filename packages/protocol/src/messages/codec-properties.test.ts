/** What holds for every message and for every run of octets: nothing is lost on the way, nothing throws, no decoder stays unused. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { datagramMessage, mutated, mutations, streamMessage } from '../../test-support/arbitrary-messages.ts'
import * as p from '../index.ts'

const RUNS = 2000

/** A decoded value must survive its own encoding, however odd the octets were from which it came. */
function checkDatagram(bytes: Uint8Array): boolean {
  const decoded = p.decodeDatagram(bytes)
  p.peekMessageType(bytes)
  if (!decoded.ok) {
    expect(decoded.error.offset).toBeLessThanOrEqual(bytes.length)
    return false
  }
  p.checkMessageRules(decoded.value)
  p.formatMessage(decoded.value)
  expect(p.decodeDatagram(p.encodeDatagram(decoded.value))).toEqual(decoded)
  return true
}

function checkStreamMessage(bytes: Uint8Array): boolean {
  const decoded = p.decodeStreamMessage(bytes)
  if (!decoded.ok) {
    expect(decoded.error.offset).toBeLessThanOrEqual(bytes.length)
    return false
  }
  p.checkMessageRules(decoded.value)
  p.formatMessage(decoded.value)
  expect(p.decodeStreamMessage(p.encodeStreamMessage(decoded.value).slice(2))).toEqual(decoded)
  return true
}

describe('the codec', () => {
  beforeAll(() => p.setDecodeCoverage(true))
  afterAll(() => p.setDecodeCoverage(false))

  it('reads every datagram message back as it was written', () => {
    fc.assert(
      fc.property(datagramMessage, (message) => {
        expect(p.decodeDatagram(p.encodeDatagram(message))).toEqual({ ok: true, value: message })
      }),
      { numRuns: RUNS },
    )
  })

  it('reads every stream message back as it was written', () => {
    fc.assert(
      fc.property(streamMessage, (message) => {
        const frame = p.encodeStreamMessage(message)
        expect(((frame[0] ?? 0) << 8) | (frame[1] ?? 0)).toBe(frame.length - 2)
        expect(p.decodeStreamMessage(frame.slice(2))).toEqual({ ok: true, value: message })
      }),
      { numRuns: RUNS },
    )
  })

  it('writes the octets of what it read, for octets that it wrote', () => {
    fc.assert(
      fc.property(datagramMessage, (message) => {
        const bytes = p.encodeDatagram(message)
        const decoded = p.decodeDatagram(bytes)
        expect(decoded.ok && p.encodeDatagram(decoded.value)).toEqual(bytes)
      }),
      { numRuns: RUNS / 4 },
    )
  })

  it('has run every message and every option decoder by now', () => {
    const unused = [...p.decodeCoverage()].filter(([, count]) => count === 0).map(([name]) => name)
    expect(unused).toEqual([])
    expect(p.decodeCoverage().size).toBe(Object.keys(p.MessageType).length + p.optionDefinitions.length)
  })

  it('answers a value for any octets at all', () => {
    const anyOctets = fc.tuple(fc.nat(40), fc.uint8Array({ maxLength: 200 }))
    fc.assert(
      fc.property(anyOctets, ([type, rest]) => {
        const bytes = Uint8Array.from([type, ...rest])
        checkDatagram(rest)
        checkDatagram(bytes)
        checkStreamMessage(bytes)
      }),
      { numRuns: RUNS },
    )
  })

  it('answers a value for mutations of valid datagrams', () => {
    let decodedCount = 0
    fc.assert(
      fc.property(datagramMessage, mutations, (message, choices) => {
        if (checkDatagram(mutated(p.encodeDatagram(message), choices))) decodedCount += 1
      }),
      { numRuns: RUNS * 2 },
    )
    // Mutations that never decode, or always do, would test only one side.
    expect(decodedCount).toBeGreaterThan(RUNS / 20)
    expect(decodedCount).toBeLessThan(RUNS * 2)
  })

  it('answers a value for mutations of valid stream messages', () => {
    fc.assert(
      fc.property(streamMessage, mutations, (message, choices) => {
        checkStreamMessage(mutated(p.encodeStreamMessage(message).slice(2), choices))
      }),
      { numRuns: RUNS * 2 },
    )
  })

  it('frames any stream without throwing and without holding more than one frame', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 10 }), (chunks) => {
        const framer = new p.StreamFramer()
        for (const chunk of chunks) {
          for (const message of framer.push(chunk)) checkStreamMessage(message)
          expect(framer.pendingOctets).toBeLessThanOrEqual(p.FRAME_OCTETS_MAX)
        }
      }),
      { numRuns: RUNS },
    )
  })
})

describe('decode coverage', () => {
  it('counts only while it is on, from zero', () => {
    const contact = Uint8Array.from([35, 0, 0, 1, 0, 0, 0, 0])
    p.decodeStreamMessage(contact)
    expect(p.decodeCoverage().size).toBe(0)
    p.setDecodeCoverage(true)
    expect(p.decodeCoverage().get('CONTACT')).toBe(0)
    p.decodeStreamMessage(contact)
    p.decodeStreamMessage(contact)
    expect(p.decodeCoverage().get('CONTACT')).toBe(2)
    expect(p.decodeCoverage().get('OPTION_F_MCLT')).toBe(0)
    p.setDecodeCoverage(false)
    expect(p.decodeCoverage().size).toBe(0)
  })
})
