/** Certificates for the servers of a pair: as `tandem certificates` makes them, of another authority, for another name, expired. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tandemProgram } from '../topology/tandem-server.ts'
import type { ServerPlace, ServerName } from '../topology/pair-configuration.ts'

type TlsFiles = NonNullable<ServerPlace['tls']>

export interface PairCertificates {
  good(name: ServerName): TlsFiles
  ofAnotherAuthority(name: ServerName): TlsFiles
  forAnotherName(name: ServerName): TlsFiles
  expired(name: ServerName): TlsFiles
}

export function makePairCertificates(folder: string): PairCertificates {
  const ours = join(folder, 'ours')
  const others = join(folder, 'others')
  const make = (into: string, names: string): void => {
    execFileSync(tandemProgram, ['certificates', '--folder', into, '--names', names])
  }
  mkdirSync(folder, { recursive: true })
  make(ours, 'alpha,beta,gamma')
  make(others, 'alpha,beta')
  const authority = join(ours, 'authority.pem')
  const files = (from: string, name: string): TlsFiles => ({
    authority,
    certificate: join(from, `${name}.pem`),
    key: join(from, `${name}.key`),
  })
  return {
    good: (name) => files(ours, name),
    ofAnotherAuthority: (name) => files(others, name),
    forAnotherName: () => files(ours, 'gamma'),
    expired: (name) => ({ ...files(ours, name), certificate: makeExpired(ours, name) }),
  }
}

/** Signed by the same authority with the same key, over since yesterday. */
function makeExpired(folder: string, name: ServerName): string {
  const at = (file: string): string => join(folder, file)
  const certificate = at(`${name}-expired.pem`)
  writeFileSync(at(`${name}-expired.cnf`), `subjectAltName=DNS:${name}\nextendedKeyUsage=serverAuth,clientAuth\n`)
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', [...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  }
  openssl('req', '-new', '-key', at(`${name}.key`), '-subj', `/CN=${name}`, '-out', at(`${name}-expired.csr`))
  const authority = ['-CA', at('authority.pem'), '-CAkey', at('authority.key'), '-CAcreateserial', '-days', '-1']
  const files = ['-in', at(`${name}-expired.csr`), '-extfile', at(`${name}-expired.cnf`), '-out', certificate]
  openssl('x509', '-req', ...authority, ...files)
  return certificate
}
