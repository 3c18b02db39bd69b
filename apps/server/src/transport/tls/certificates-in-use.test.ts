/** Certificates while the server runs: renewed, broken, expired, of an old version; and nobody else is asked about them (RFC 8156 section 9.1). */
import { X509Certificate } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import tls from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeOddCertificate, type Validity } from '../../certificates/test-support/odd-certificate.ts'
import type { TlsFiles } from '../../configuration/server-configuration.ts'
import { secureStream } from './secure-stream.ts'
import { TlsMaterialInForce } from './tls-material.ts'
import { PartnerSides } from '../test-support/partner-sides.ts'

const DAY_MS = 86_400_000
const sides = new PartnerSides()
const { secured, securedAgain, tlsFiles } = sides

beforeAll(() => sides.makeFiles())
afterAll(() => sides.removeFiles())
afterEach(() => sides.stop())

/** Files of beta that a test may change. */
let own: TlsFiles
let copies = 0

beforeEach(() => {
  copies += 1
  const folder = join(sides.folder, `own-${copies}`)
  mkdirSync(folder)
  own = { ...tlsFiles('beta', 'alpha'), certificateFile: join(folder, 'own.pem'), keyFile: join(folder, 'own.key') }
  put('beta')
})

/** Certificate and key of this name lie there from now on. */
function put(name: string): void {
  const { certificateFile, keyFile } = tlsFiles(name, 'alpha')
  copyFileSync(certificateFile, own.certificateFile)
  copyFileSync(keyFile, own.keyFile)
}

async function makeOdd(validity: Validity, urls: readonly string[] = []): Promise<void> {
  const authorityFolder = dirname(tlsFiles('beta', 'alpha').authorityFile)
  const { certificate, key } = await makeOddCertificate({ authorityFolder, name: 'beta', validity, urls })
  writeFileSync(own.certificateFile, certificate)
  writeFileSync(own.keyFile, key)
}

describe('a certificate that is replaced', () => {
  test('is used for the next connection, without a restart', async () => {
    const alphaTls = { ...tlsFiles('alpha', 'beta'), acceptedNames: ['beta', 'gamma'] }
    const { alpha, beta } = await secured({ tls: alphaTls }, { tls: own })
    expect((await alpha.heard('stream-secured')).peerCertificate).toMatch(/^beta /u)
    put('gamma')
    const again = await securedAgain(alpha, beta)
    expect((await again.alpha.heard('stream-secured')).peerCertificate).toMatch(/^gamma /u)
    expect(alpha.connections.certificates()[0]?.partner?.names).toEqual(['gamma'])
    expect(beta.connections.certificates()[0]).toMatchObject({ own: { names: ['gamma'] }, problem: undefined })
  })

  test.each([
    { what: 'by rubbish', write: () => writeFileSync(own.certificateFile, 'no certificate'), says: 'in PEM form' },
    {
      what: 'without its key',
      write: () => copyFileSync(tlsFiles('gamma', 'alpha').certificateFile, own.certificateFile),
      says: 'does not belong to the certificate',
    },
    { what: 'by nothing', write: () => writeFileSync(own.keyFile, ''), says: 'holds no key' },
  ])('$what leaves the old one in force, with the problem told', async ({ write, says }) => {
    const { alpha, beta } = await secured({}, { tls: own })
    await beta.heard('stream-secured')
    await alpha.heard('stream-secured')
    write()
    const again = await securedAgain(alpha, beta)
    expect((await again.alpha.heard('stream-secured')).peerCertificate).toMatch(/^beta /u)
    expect(beta.connections.certificates()[0]).toMatchObject({
      own: { names: ['beta'] },
      problem: expect.stringContaining(says) as string,
    })
    put('beta')
    beta.connections.refreshTls()
    expect(beta.connections.certificates()[0]?.problem).toBeUndefined()
  })

  test('and was never usable fails the start with its sentence', async () => {
    writeFileSync(own.certificateFile, 'no certificate')
    const beta = sides.side({ role: 'secondary', tls: own })
    await expect(beta.connections.listen()).rejects.toThrow(`${own.certificateFile} holds no certificate in PEM form`)
  })
})

describe('a certificate that has expired', () => {
  const past = () => ({ notBefore: new Date(Date.now() - 9 * DAY_MS), notAfter: new Date(Date.now() - DAY_MS) })

  test('is refused by a primary, which says whose it is', async () => {
    await makeOdd(past())
    const { alpha, beta } = await secured({}, { tls: own })
    expect((await alpha.heard('stream-closed')).reason).toContain("TLS: the partner's certificate has expired")
    await beta.heard('stream-closed')
    expect(beta.connections.certificates()[0]?.own?.endsAtMs).toBeLessThan(Date.now())
  })

  test('is refused by a secondary, which says whose it is', async () => {
    await makeOdd(past())
    const { beta } = await secured(
      { tls: { ...own, acceptedNames: ['alpha'] } },
      { tls: { ...tlsFiles('alpha', 'beta') } },
    )
    expect((await beta.heard('stream-closed')).reason).toContain("the partner's certificate has expired")
    expect(beta.events.map(({ kind }) => kind)).not.toContain('stream-secured')
  })
})

describe('the version of TLS', () => {
  /** A partner of another maker, with these limits of its own. */
  async function handshakeWith(limits: tls.SecureContextOptions, minimumVersion: TlsFiles['minimumVersion']) {
    const theirs = new TlsMaterialInForce(tlsFiles('beta', 'alpha')).current()
    const partner = tls.createServer({
      cert: theirs.cert,
      key: theirs.key,
      ca: theirs.ca,
      requestCert: true,
      ...limits,
    })
    partner.on('tlsClientError', () => undefined)
    await new Promise<void>((resolve) => partner.listen(0, '::1', resolve))
    const { port } = partner.address() as AddressInfo
    const socket = connect({ host: '::1', port })
    await new Promise((resolve) => socket.once('connect', resolve))
    const material = new TlsMaterialInForce({ ...tlsFiles('alpha', 'beta'), minimumVersion }).current()
    const secured = await secureStream(socket, 'client', material)
    const version = secured.ok ? secured.stream.getProtocol() : secured.reason
    if (secured.ok) secured.stream.destroy()
    await new Promise((resolve) => partner.close(resolve))
    return version
  }

  test('is 1.3 with every partner that speaks it, whatever the oldest allowed is', async () => {
    expect(await handshakeWith({}, 'TLSv1.3')).toBe('TLSv1.3')
    expect(await handshakeWith({}, 'TLSv1.2')).toBe('TLSv1.3')
  })

  test('is 1.2 with a partner that knows no other, only where that is allowed, and the refusal says how', async () => {
    expect(await handshakeWith({ maxVersion: 'TLSv1.2' }, 'TLSv1.2')).toBe('TLSv1.2')
    expect(await handshakeWith({ maxVersion: 'TLSv1.2' }, 'TLSv1.3')).toContain('set tls.minimumVersion to 1.2')
  })
})

test('no revocation server is asked, though certificates name one', async () => {
  const asked: string[] = []
  const server = createServer((socket) => {
    asked.push('somebody called')
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/revoked`
  await makeOdd({ notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) }, [url])
  expect(new X509Certificate(readFileSync(own.certificateFile)).infoAccess).toContain(url)
  const { alpha, beta } = await secured({}, { tls: own })
  await Promise.all([alpha.heard('stream-secured'), beta.heard('stream-secured')])
  const other = await secured({ tls: own }, { tls: { ...tlsFiles('alpha', 'beta') } })
  await Promise.all([other.alpha.heard('stream-secured'), other.beta.heard('stream-secured')])
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(asked).toEqual([])
  await new Promise((resolve) => server.close(resolve))
})
