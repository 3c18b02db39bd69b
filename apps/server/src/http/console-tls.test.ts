/** The certificate of the console is told, watched and replaced while the server runs. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeCertificates } from '../certificates/make-certificates.ts'
import type { LogFields } from '../observability/log.ts'
import { ConsoleTlsFiles, ConsoleTlsUnusable } from './console-tls.ts'

const NOW = Date.now()
const DAY_MS = 86_400_000

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-console-tls-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function watched(selfMade: { readonly names: readonly string[] } | undefined, name = 'alpha') {
  const lines: { readonly id: string; readonly fields: LogFields; readonly message: string }[] = []
  const clock = { nowMs: NOW }
  const tls = { certificateFile: join(folder, `${name}.pem`), keyFile: join(folder, `${name}.key`), selfMade }
  const log = {
    write: (_level: string, id: string, message: string, fields: LogFields = {}) =>
      void lines.push({ id, message, fields }),
  }
  const files = new ConsoleTlsFiles(tls, { server: name, host: '127.0.0.1' }, log, () => clock.nowMs)
  return { files, tls, clock, lines, ids: () => lines.map(({ id }) => id) }
}

describe('a certificate that the server makes', () => {
  it('is told with the fingerprint that a browser then sees', async () => {
    const { files, tls, lines, ids } = watched({ names: ['console.example.com'] })
    const texts = await files.load()
    expect(ids()).toEqual(['CONSOLE_CERTIFICATE_MADE', 'CONSOLE_CERTIFICATE'])
    expect(files.certificate).toMatchObject({ selfMade: true })
    expect(files.certificate?.names).toEqual(expect.arrayContaining(['alpha', 'console.example.com', '127.0.0.1']))
    const seen = await fingerprintSeen(texts, readFileSync(tls.certificateFile))
    expect(seen).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/)
    expect(lines[1]?.fields['fingerprint']).toBe(seen)
  })

  it('is the same at the next start, and replaced near its end while the server runs', async () => {
    const first = watched({ names: [] })
    await first.files.load()
    const again = watched({ names: [] })
    await again.files.load()
    expect(again.ids()).toEqual(['CONSOLE_CERTIFICATE'])
    expect(again.files.certificate).toEqual(first.files.certificate)
    expect(await again.files.look()).toBeUndefined()
    again.clock.nowMs += 800 * DAY_MS
    expect(await again.files.look()).toBeDefined()
    expect(again.files.certificate?.fingerprint).not.toBe(first.files.certificate?.fingerprint)
  })
})

describe("the operator's own certificate", () => {
  it('is taken anew when its files change, and kept when the new ones cannot be used', async () => {
    await makeCertificates({ folder, names: ['alpha', 'other'], nowMs: NOW })
    const { files, tls, ids } = watched(undefined)
    await files.load()
    const before = files.certificate?.fingerprint
    expect(await files.look()).toBeUndefined()
    writeFileSync(tls.certificateFile, readFileSync(join(folder, 'other.pem')))
    expect(await files.look()).toBeUndefined()
    expect(await files.look()).toBeUndefined()
    expect(files.certificate?.fingerprint).toBe(before)
    writeFileSync(tls.keyFile, readFileSync(join(folder, 'other.key')))
    expect(await files.look()).toBeDefined()
    expect(files.certificate).toMatchObject({ names: ['other'], selfMade: false })
    expect(ids()).toEqual(['CONSOLE_CERTIFICATE', 'CONSOLE_TLS_BROKEN', 'CONSOLE_TLS_GOOD', 'CONSOLE_CERTIFICATE'])
  })

  it('is said to end once a day, from thirty days before', async () => {
    await makeCertificates({ folder, names: ['alpha'], nowMs: NOW })
    const { files, clock, lines } = watched(undefined)
    await files.load()
    clock.nowMs = NOW + 3_630 * DAY_MS
    for (let look = 0; look < 3; look += 1) await files.look()
    clock.nowMs += 30 * DAY_MS
    await files.look()
    expect(lines.filter(({ id }) => id === 'CONSOLE_CERTIFICATE_ENDS').map(({ message }) => message)).toEqual([
      'the certificate of the console ends in 20 days',
      'the certificate of the console has expired: browsers refuse it',
    ])
  })

  it('that does not fit its key is refused at the start, with both files named', async () => {
    await makeCertificates({ folder, names: ['alpha', 'other'], nowMs: NOW })
    writeFileSync(join(folder, 'alpha.key'), readFileSync(join(folder, 'other.key')))
    const { files } = watched(undefined)
    await expect(files.load()).rejects.toThrow(ConsoleTlsUnusable)
    await expect(files.load()).rejects.toThrow(/alpha\.pem, .*alpha\.key\): the key is not that of the certificate/)
  })
})

async function fingerprintSeen(texts: { cert: Buffer; key: Buffer }, trusted: Buffer): Promise<string> {
  const server = createServer(texts, (_request, response) => response.end('here'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  try {
    return await new Promise<string>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, ca: trusted, agent: false }, (response) => {
        // Only TLS was spoken.
        resolve((response.socket as TLSSocket).getPeerCertificate().fingerprint256)
        response.resume()
      })
      asked.on('error', reject).end()
    })
  } finally {
    server.close()
  }
}
