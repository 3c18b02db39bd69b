/** The console's self-made certificate: made once, kept, and made anew only when it has to be. */
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ensureSelfMade } from './console-certificate.ts'

const NOW = Date.parse('2026-11-27T00:00:00.000Z')
const DAY_MS = 86_400_000
const names = { needed: ['alpha', 'alpha.example.com', '2001:db8::1'], welcome: ['localhost', '192.0.2.1', 'alpha'] }

let folder: string
let files: { readonly certificateFile: string; readonly keyFile: string }
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-console-certificate-'))
  files = { certificateFile: join(folder, 'made', 'alpha.pem'), keyFile: join(folder, 'made', 'alpha.key') }
})
afterEach(() => rmSync(folder, { recursive: true }))

const made = () => new X509Certificate(readFileSync(files.certificateFile))

describe('a self-made certificate', () => {
  it('is for all names, with a key that only its owner reads', async () => {
    expect(await ensureSelfMade(files, names, NOW)).toBe('there was none')
    const certificate = made()
    expect(certificate.subjectAltName).toBe(
      'DNS:alpha, DNS:alpha.example.com, IP Address:2001:DB8:0:0:0:0:0:1, DNS:localhost, IP Address:192.0.2.1',
    )
    expect(certificate.ca).toBe(false)
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.validToDate.getTime()).toBe(NOW + 825 * DAY_MS)
    expect(statSync(files.keyFile).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'made')).mode & 0o777).toBe(0o700)
  })

  it('stays while it is good, whatever addresses come and go', async () => {
    await ensureSelfMade(files, names, NOW)
    const { fingerprint256 } = made()
    const later = { ...names, welcome: ['192.0.2.99'] }
    expect(await ensureSelfMade(files, later, NOW + 700 * DAY_MS)).toBeUndefined()
    expect(made().fingerprint256).toBe(fingerprint256)
  })

  it('is made anew near its end, for another name, and where its key is gone', async () => {
    await ensureSelfMade(files, names, NOW)
    expect(await ensureSelfMade(files, names, NOW + 796 * DAY_MS)).toBe('the one before is near its end')
    const renamed = { needed: ['console.example.com'], welcome: [] }
    expect(await ensureSelfMade(files, renamed, NOW + 796 * DAY_MS)).toBe(
      'the one before is not for console.example.com',
    )
    expect(made().subjectAltName).toBe('DNS:console.example.com')
    rmSync(files.keyFile)
    expect(await ensureSelfMade(files, renamed, NOW + 797 * DAY_MS)).toBe('there was none')
  })
})
