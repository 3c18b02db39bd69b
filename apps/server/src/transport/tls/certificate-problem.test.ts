/** A failed handshake in words: reason, remedy, and what the library said behind them. */
import { expect, test } from 'vitest'
import { handshakeProblem } from './certificate-problem.ts'

const failed = (code: string, message = 'as the library says it', more: object = {}): Error =>
  Object.assign(new Error(message), { code, ...more })

test.each([
  ['CERT_HAS_EXPIRED', "TLS: the partner's certificate has expired; renew it there (CERT_HAS_EXPIRED)"],
  [
    'CERT_NOT_YET_VALID',
    "TLS: the partner's certificate is not valid yet; check the clocks of both servers (CERT_NOT_YET_VALID)",
  ],
  ['ERR_SSL_WRONG_VERSION_NUMBER', /^TLS: what answers there does not speak TLS; check address and port/u],
  ['ECONNRESET', /^TLS: the partner closed the connection during the handshake; it may not accept our certificate; /u],
] as const)('%s has a reason, a remedy and its code', (code, says) => {
  const told = handshakeProblem(failed(code, 'raw:error:0A:SSL routines::'))
  expect(told).toMatch(says)
  expect(told).toContain(`(${code})`)
  expect(told).not.toContain('raw:error')
})

test('a verification that has only a code is told in the same words', () => {
  expect(handshakeProblem('DEPTH_ZERO_SELF_SIGNED_CERT')).toBe(
    "TLS: the partner's certificate is not of the authority that is configured here; " +
      'give both servers certificates of one authority (DEPTH_ZERO_SELF_SIGNED_CERT)',
  )
})

test('what has no words here is told as the library says it, without its numbers and lines', () => {
  const message = '40173A:error:0A000123:SSL routines:ssl_choose:odd thing:../deps/openssl/ssl/a.c:12:\n'
  expect(handshakeProblem(failed('ERR_SSL_ODD_THING', message, { reason: 'odd thing' }))).toBe(
    'TLS: the handshake failed (ERR_SSL_ODD_THING: odd thing)',
  )
  expect(handshakeProblem(failed('ERR_ODD', 'first line\nsecond'))).toBe(
    'TLS: the handshake failed (ERR_ODD: first line)',
  )
  expect(handshakeProblem('ODD_VERIFICATION')).toBe('TLS: the handshake failed (ODD_VERIFICATION)')
})

test('a sentence of our own stays as it is', () => {
  expect(handshakeProblem(new Error("the partner's certificate is for alpha; accepted are beta"))).toBe(
    "TLS: the partner's certificate is for alpha; accepted are beta",
  )
  expect(handshakeProblem(undefined)).toBe('TLS: the certificate could not be verified')
})
