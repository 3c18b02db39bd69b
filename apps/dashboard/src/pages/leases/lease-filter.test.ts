/** The filter of the leases in the URL. */
import { describe, expect, it } from 'vitest'
import { filterText, leaseFilter, searchOf } from './lease-filter.ts'

describe('the filter in the URL', () => {
  it('comes back as it was written', () => {
    const text = { address: '2001:db8::/64', duid: '00:03', subnet: 'a&b', state: 'active', kind: '' }
    expect(filterText(new URLSearchParams(searchOf(text).toString()))).toEqual(text)
  })

  it('asks nothing that the server would not know', () => {
    expect(leaseFilter(new URLSearchParams('state=asleep&kind=prefix&cursor=x&other=1'))).toEqual({
      kind: 'prefix',
      cursor: 'x',
    })
  })

  it('begins at the first page when it changes', () => {
    const search = searchOf(filterText(new URLSearchParams('subnet=labs&cursor=x')))
    expect(search.toString()).toBe('subnet=labs')
  })
})
