/** DUIDs: text forms that operators type, and the four kinds that are built. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesFromHex } from '../wire/hex.ts'
import * as duids from './duid.ts'

describe('DUIDs', () => {
  it.each([
    '00:03:00:01:02:00:5e:10:00:01',
    '00-03-00-01-02-00-5E-10-00-01',
    '0003000102005e100001',
    ' 0003000102005E100001 ',
  ])('are the same however they are typed: %s', (text) => {
    expect(duids.parseDuid(text)).toBe('0003000102005e100001')
  })

  it.each(['', '00', '0003', '00:03:0', '0003000', '00:03:00:0g', '00:0300', '00'.repeat(131), '00 03 00'])(
    'are not seen in "%s"',
    (text) => {
      expect(duids.parseDuid(text)).toBeUndefined()
    },
  )

  it('come back from octets and from text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 3, maxLength: 130 }), (bytes) => {
        const duid = duids.duidFromBytes(bytes)
        expect(duids.duidToBytes(duid)).toEqual(bytes)
        expect(duids.parseDuid(duids.formatDuid(duid))).toBe(duid)
        const among = new Uint8Array(140).fill(0xff)
        duids.writeDuid(duid, among, 5)
        expect(duids.readDuid(among, 5, 5 + bytes.length)).toBe(duid)
        expect([among[4], among[5 + bytes.length]]).toEqual([0xff, 0xff])
      }),
    )
  })

  it('are built with their type in front', () => {
    const mac = bytesFromHex('020000000001')
    expect(duids.makeDuidEn(0xfffefdfc, bytesFromHex('ab'))).toBe('0002fffefdfcab')
    expect(duids.makeDuidLl(1, mac)).toBe('00030001020000000001')
    expect(duids.makeDuidLlt(1, 0x2faf0800, mac)).toBe('000100012faf0800020000000001')
    const uuid = duids.makeDuidUuid(bytesFromHex('00112233445566778899aabbccddeeff'))
    expect(uuid).toBe('000400112233445566778899aabbccddeeff')
    expect(duids.duidType(uuid)).toBe(duids.DuidType.Uuid)
  })

  it('are refused where their length is not possible', () => {
    expect(() => duids.duidFromBytes(new Uint8Array(2))).toThrow(RangeError)
    expect(() => duids.duidFromBytes(new Uint8Array(131))).toThrow(RangeError)
    expect(() => duids.makeDuidUuid(new Uint8Array(15))).toThrow(RangeError)
  })
})
