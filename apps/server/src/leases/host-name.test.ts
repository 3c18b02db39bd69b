/** A client's name out of OPTION_CLIENT_FQDN (RFC 4704): names are shown, octets that are none are not. */
import { describe, expect, it } from 'vitest'
import { hostNameOf } from './host-name.ts'

const named = (hex: string) => hostNameOf(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

describe('the host name', () => {
  it('is read with and without its last label', () => {
    expect(named('00 05 686f737431 07 6578616d706c65 00')).toBe('host1.example')
    expect(named('00 05 686f737431')).toBe('host1')
  })

  it.each(['', '00', '00 00', '00 05 686f', '00 c0 0c', '00 02 0a41', '00 03 c3a920'])('%j holds none', (hex) => {
    expect(named(hex)).toBeNull()
  })
})
