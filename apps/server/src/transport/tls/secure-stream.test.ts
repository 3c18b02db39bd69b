/** Which versions of TLS a partner may speak (RFC 7525 section 3.1.1, RFC 8996). */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCertificates } from '../../certificates/make-certificates.ts'
import { secureStream } from './secure-stream.ts'
import { TlsMaterialInForce } from './tls-material.ts'

let folder = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-tls-'))
  await makeCertificates({ folder, names: ['alpha', 'beta'], nowMs: Date.now() })
})

afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string): string => join(folder, name)

/** Two ends of a TCP connection. */
async function socketPair(): Promise<readonly [Socket, Socket]> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '::1', resolve))
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve))
  const dialled = connect((server.address() as AddressInfo).port, '::1')
  const pair = [dialled, await accepted] as const
  server.close()
  return pair
}

/** What the server makes of a partner that speaks this version and no other. */
async function spokenTo(version: tls.SecureVersion) {
  const [client, server] = await socketPair()
  const secured = secureStream(
    server,
    'server',
    new TlsMaterialInForce({
      certificateFile: file('alpha.pem'),
      keyFile: file('alpha.key'),
      authorityFile: file('authority.pem'),
      acceptedNames: ['beta'],
      minimumVersion: 'TLSv1.2',
    }).current(),
  )
  const stream = tls.connect({
    socket: client,
    cert: readFileSync(file('beta.pem')),
    key: readFileSync(file('beta.key')),
    ca: readFileSync(file('authority.pem')),
    checkServerIdentity: () => undefined,
    minVersion: version,
    maxVersion: version,
    // Else the library of this test would not even speak the old versions.
    ciphers: 'DEFAULT:@SECLEVEL=0',
  })
  stream.on('error', () => undefined)
  const outcome = await secured
  const protocol = stream.getProtocol()
  stream.destroy()
  server.destroy()
  return { outcome, protocol }
}

test.each(['TLSv1', 'TLSv1.1'] as const)('a partner that speaks only %s is refused', async (version) => {
  const { outcome } = await spokenTo(version)
  expect(outcome).toMatchObject({ ok: false })
  expect(outcome.ok ? '' : outcome.reason).toMatch(/^TLS: .*(version|protocol)/i)
})

test('a partner that speaks TLS 1.3 is taken', async () => {
  const { outcome, protocol } = await spokenTo('TLSv1.3')
  expect(outcome.ok).toBe(true)
  expect(protocol).toBe('TLSv1.3')
})
