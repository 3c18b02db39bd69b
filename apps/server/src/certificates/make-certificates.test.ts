/** Certificates as TLS itself judges them (RFC 8156 section 9.1). */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { makeCertificates, type CertificateFiles } from './make-certificates.ts'

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

async function make(
  ...names: readonly string[]
): Promise<{ readonly folder: string; readonly files: CertificateFiles }> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-certificates-'))
  folders.push(folder)
  return { folder, files: await makeCertificates({ folder, names, nowMs: Date.now() }) }
}

/** One TLS connection with certificates on both sides; resolves to the names that each side saw, or rejects. */
async function handshake(server: CertificateFiles, client: CertificateFiles): Promise<readonly string[]> {
  const [alpha, beta] = [server.servers[0]!, client.servers[1]!]
  const seen: string[] = []
  const listener = createServer({
    cert: readFileSync(alpha.certificate),
    key: readFileSync(alpha.key),
    ca: readFileSync(server.authority),
    requestCert: true,
    rejectUnauthorized: true,
  })
  const serverSide = new Promise<TLSSocket>((resolve, reject) => {
    listener.once('secureConnection', resolve)
    listener.once('tlsClientError', reject)
  })
  await new Promise<void>((resolve) => listener.listen(0, '::1', resolve))
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const socket = connect({
    host: '::1',
    port: address.port,
    cert: readFileSync(beta.certificate),
    key: readFileSync(beta.key),
    ca: readFileSync(client.authority),
    servername: alpha.name,
  })
  try {
    const clientSide = new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve)
      socket.once('error', reject)
    })
    const [accepted] = await Promise.all([serverSide, clientSide])
    seen.push(socket.getPeerCertificate().subjectaltname ?? '', accepted.getPeerCertificate().subjectaltname ?? '')
    accepted.destroy()
  } finally {
    socket.destroy()
    listener.close()
  }
  return seen
}

test('the two certificates of a pair verify each other, each under its own name', async () => {
  const { files } = await make('alpha', 'beta')
  expect(await handshake(files, files)).toEqual(['DNS:alpha', 'DNS:beta'])
})

test('a certificate of another authority is refused', async () => {
  const { files } = await make('alpha', 'beta')
  const { files: stranger } = await make('alpha', 'beta')
  const mixed = { ...stranger, authority: files.authority }
  await expect(handshake(files, mixed)).rejects.toThrow()
})

test('keys are readable by their owner only, and existing files are never replaced', async () => {
  const { folder, files } = await make('alpha')
  expect(statSync(files.servers[0]!.key).mode & 0o777).toBe(0o600)
  expect(statSync(join(folder, 'authority.key')).mode & 0o777).toBe(0o600)
  const before = readFileSync(files.authority, 'utf8')
  await expect(makeCertificates({ folder, names: ['alpha'], nowMs: Date.now() })).rejects.toThrow('exists already')
  expect(readFileSync(files.authority, 'utf8')).toBe(before)
})
