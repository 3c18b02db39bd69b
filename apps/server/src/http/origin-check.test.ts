/** What a browser sends from another site's page is told from what our own pages send. */
import { describe, expect, it } from 'vitest'
import { isForgeable, originVerdict } from './origin-check.ts'

const host = 'console.example.com:8067'

describe('the origin of a request', () => {
  it.each([
    [{ host, origin: `https://${host}` }, true, 'own'],
    [{ host, origin: `http://${host}` }, true, 'foreign'],
    // TLS ends in a proxy before us.
    [{ host, origin: `https://${host}` }, false, 'own'],
    [{ host, origin: `http://${host}` }, false, 'own'],
    [{ host, origin: 'https://console.example.com' }, true, 'foreign'],
    [{ host, origin: 'https://console.example.com:8067.evil.example' }, true, 'foreign'],
    [{ host, origin: 'null' }, false, 'foreign'],
    [{ host, origin: 'not a URL' }, false, 'foreign'],
    [{ origin: `https://${host}` }, true, 'foreign'],
    [{ host }, true, 'absent'],
    [{ host, 'sec-fetch-site': 'same-origin' }, true, 'absent'],
    [{ host, 'sec-fetch-site': 'none' }, true, 'absent'],
    [{ host, 'sec-fetch-site': 'same-site' }, true, 'foreign'],
    [{ host, 'sec-fetch-site': 'cross-site' }, true, 'foreign'],
  ] as const)('%j, with TLS of our own: %s, is %s', (headers, ownTls, verdict) => {
    expect(originVerdict(headers, ownTls)).toBe(verdict)
  })

  it('matters for what changes something and rides on a cookie', () => {
    expect(['GET', 'HEAD', 'OPTIONS'].some((method) => isForgeable(method, {}))).toBe(false)
    expect(['POST', 'PUT', 'PATCH', 'DELETE'].every((method) => isForgeable(method, {}))).toBe(true)
    expect(isForgeable('POST', { authorization: 'Bearer x' })).toBe(false)
  })
})
