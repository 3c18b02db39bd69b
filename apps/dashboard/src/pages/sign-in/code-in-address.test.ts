/** The code in the address of who comes from the partner's console. */
import { expect, it } from 'vitest'
import { codeInAddress } from './code-in-address.ts'

it('is read with the relationship that it is of, and only with it', () => {
  expect(codeInAddress('#relationship=alpha+beta&code=a-_b')).toEqual({ relationship: 'alpha beta', code: 'a-_b' })
  expect(codeInAddress('#code=a')).toBeUndefined()
  expect(codeInAddress('#relationship=pair')).toBeUndefined()
  expect(codeInAddress('')).toBeUndefined()
})
