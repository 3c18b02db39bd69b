/** The filter of the leases in the URL. */
import { describe, expect, it } from 'vitest'
import { exportPath, filterText, leaseFilter, releasableSearch, searchOf } from './lease-filter.ts'

describe('the filter in the URL', () => {
  it('comes back as it was written', () => {
    const text = {
      address: '2001:db8::/64',
      duid: '00:03',
      subnet: 'a&b',
      state: 'active',
      kind: '',
      hostName: 'desk',
      relay: 'port-1/7',
      iaid: '7',
    }
    expect(filterText(new URLSearchParams(searchOf(text, 'lease').toString()))).toEqual(text)
  })

  it('asks nothing that the server would not know', () => {
    expect(leaseFilter(new URLSearchParams('state=asleep&kind=prefix&cursor=x&other=1'))).toEqual({
      kind: 'prefix',
      cursor: 'x',
    })
  })

  it('has an order, unless it is that of the addresses or none that is known', () => {
    expect(leaseFilter(new URLSearchParams('sort=-stateSince'))).toEqual({ sort: '-stateSince' })
    expect(leaseFilter(new URLSearchParams('sort=lease'))).toEqual({})
    expect(leaseFilter(new URLSearchParams('sort=colour'))).toEqual({})
    expect(exportPath(new URLSearchParams('sort=-stateSince'))).toBe('/api/v1/leases.csv')
  })

  it('is also that of the file, which has every page', () => {
    expect(exportPath(new URLSearchParams('subnet=a%26b&kind=prefix&cursor=x'))).toBe(
      '/api/v1/leases.csv?subnet=a%26b&kind=prefix',
    )
  })

  it('begins at the first page when it changes', () => {
    const text = filterText(new URLSearchParams('subnet=labs&cursor=x'))
    expect(searchOf(text, 'lease').toString()).toBe('subnet=labs')
    expect(searchOf(text, '-stateSince').toString()).toBe('subnet=labs&sort=-stateSince')
  })

  it('may be for what can be released, if it names more than a state', () => {
    const asked = (text: string) => releasableSearch(new URLSearchParams(text))
    expect(asked('')).toBeUndefined()
    expect(asked('sort=-lease')).toBeUndefined()
    expect(asked('state=active&cursor=x')).toBeUndefined()
    expect(asked('subnet=labs&cursor=x')).toEqual({ search: { subnet: 'labs' }, isInUse: true })
    expect(asked('subnet=labs&state=active')).toEqual({ search: { subnet: 'labs' }, isInUse: true })
    expect(asked('subnet=labs&state=free')).toEqual({ search: { subnet: 'labs' }, isInUse: false })
  })
})
