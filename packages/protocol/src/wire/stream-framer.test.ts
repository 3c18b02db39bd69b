/** Framing must not depend on how TCP happened to cut the stream, and must hold no more than one frame. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesFromHex } from './hex.ts'
import { FRAME_OCTETS_MAX, StreamFramer } from './stream-framer.ts'

function framed(messages: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(messages.flatMap((message) => [message.length >>> 8, message.length & 0xff, ...message]))
}

describe('the stream framer', () => {
  it('finds the same messages wherever the stream is cut', () => {
    const message = fc.uint8Array({ minLength: 4, maxLength: 40 })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), fc.array(fc.nat(60)), (messages, cuts) => {
        const stream = framed(messages)
        const framer = new StreamFramer()
        const found: Uint8Array[] = []
        let at = 0
        for (const cut of cuts) {
          found.push(...framer.push(stream.slice(at, at + cut)))
          at = Math.min(at + cut, stream.length)
        }
        found.push(...framer.push(stream.slice(at)))
        expect(found).toEqual(messages)
        expect(framer.pendingOctets).toBe(0)
      }),
    )
  })

  it('takes the largest message, one octet at a time, without holding more than a frame', () => {
    const message = new Uint8Array(0xffff).fill(3)
    const stream = framed([message])
    const framer = new StreamFramer()
    expect(framer.push(stream.slice(0, -1))).toEqual([])
    expect(framer.pendingOctets).toBe(FRAME_OCTETS_MAX - 1)
    expect(framer.push(stream.slice(-1))).toEqual([message])
    expect(framer.pendingOctets).toBe(0)
  })

  it('stops at a message-size that no message has, and says where', () => {
    const framer = new StreamFramer()
    expect(framer.push(bytesFromHex('0004 17000001 0003 170000'.replace(/ /gu, '')))).toEqual([
      bytesFromHex('17000001'),
    ])
    expect(framer.error).toMatchObject({ reason: 'message-size-too-small', offset: 6 })
    expect(framer.push(bytesFromHex('000417000001'))).toEqual([])
  })

  it('answers messages that do not follow the receive buffer', () => {
    const buffer = bytesFromHex('000417000001')
    const messages = new StreamFramer().push(buffer)
    buffer.fill(0xff)
    expect(messages).toEqual([bytesFromHex('17000001')])
  })
})
