/** Paths are filled in and encoded; roles contain each other. */
import { describe, expect, it } from 'vitest'
import { routePath } from './define-route.ts'
import { roleMay } from './permissions.ts'
import { getLease, leaseKeyOf, listLeases } from './resources/leases.ts'
import { declarePartnerDown } from './resources/relationships.ts'

describe('a path', () => {
  it('encodes what it is filled with', () => {
    expect(routePath(declarePartnerDown, { name: 'a/b c' })).toBe('/api/v1/relationships/a%2Fb%20c/partner-down')
    expect(routePath(getLease, { address: leaseKeyOf('2001:db8::/56') })).toBe('/api/v1/leases/2001%3Adb8%3A%3A-56')
  })

  it('is refused when a parameter is missing', () => {
    expect(() => routePath(getLease)).toThrow('/leases/:address needs the parameter address')
  })
})

describe('the query of the leases', () => {
  it('reads a limit from text and refuses one too large', () => {
    expect(listLeases.query.parse({ limit: '20' })).toEqual({ limit: 20, sort: 'lease' })
    expect(listLeases.query.parse({})).toEqual({ limit: 50, sort: 'lease' })
    expect(listLeases.query.safeParse({ limit: '501' }).success).toBe(false)
    expect(listLeases.query.safeParse({ colour: 'red' }).success).toBe(false)
  })
})

describe('a role', () => {
  it('may do all that a smaller role may', () => {
    expect(roleMay('viewer', 'status.read')).toBe(true)
    expect(roleMay('viewer', 'relationships.command')).toBe(false)
    expect(roleMay('operator', 'relationships.command')).toBe(true)
    expect(roleMay('operator', 'audit.read')).toBe(false)
    expect(roleMay('administrator', 'audit.read')).toBe(true)
  })
})
