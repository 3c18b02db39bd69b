/** No way out of the console through the address bar. */
import { expect, it } from 'vitest'
import { placeAfterSignIn } from './place-after-sign-in.ts'

it('leads back to the page that was asked for, and never out of the console', () => {
  expect(placeAfterSignIn('/leases?state=active')).toBe('/leases?state=active')
  expect(placeAfterSignIn(null)).toBe('/')
  expect(placeAfterSignIn('https://elsewhere.example')).toBe('/')
  expect(placeAfterSignIn('//elsewhere.example')).toBe('/')
  expect(placeAfterSignIn('/\\elsewhere.example')).toBe('/')
})
