/** A private authority and a certificate for each server, for failover over TLS (RFC 8156 section 9.1: peers are known by certificate). */
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { ALGORITHM, makeKeys, pemOfKey, serialNumber } from './keys.ts'

const VALID_DAYS = 3650
const DAY_MS = 86_400_000
/** The partner's clock may be behind ours when the files are first used. */
const BACKDATED_MS = DAY_MS
/** Keys, and certificates beside them, are for the owner only. */
const FILE_MODE = 0o600

export interface CertificateFiles {
  readonly authority: string
  readonly servers: readonly { readonly name: string; readonly certificate: string; readonly key: string }[]
}

export interface CertificateRequest {
  readonly folder: string
  /** Names of the servers: each becomes the only DNS name of its certificate. */
  readonly names: readonly string[]
  readonly nowMs: number
}

/** A key once replaced is gone, so this is for the user to decide. */
export class CertificatesExist extends Error {
  constructor(file: string) {
    super(`${file} exists already; choose another folder, or move the old files away first.`)
  }
}

/** Makes the authority anew, so all certificates of a pair are made in one go; existing files are refused, never replaced. */
export async function makeCertificates({ folder, names, nowMs }: CertificateRequest): Promise<CertificateFiles> {
  const existing = ['authority', ...names]
    .flatMap((name) => [`${name}.pem`, `${name}.key`])
    .find((file) => existsSync(join(folder, file)))
  if (existing !== undefined) throw new CertificatesExist(join(folder, existing))
  const validity = { notBefore: new Date(nowMs - BACKDATED_MS), notAfter: new Date(nowMs + VALID_DAYS * DAY_MS) }
  const authorityKeys = await makeKeys()
  const authority = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=Tandem failover authority',
      keys: authorityKeys,
      serialNumber: serialNumber(),
      signingAlgorithm: ALGORITHM,
      ...validity,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
      ],
    },
    webcrypto,
  )
  mkdirSync(folder, { recursive: true })
  const authorityFile = join(folder, 'authority.pem')
  write(authorityFile, authority.toString('pem'))
  write(join(folder, 'authority.key'), await pemOfKey(authorityKeys.privateKey))
  const servers: { name: string; certificate: string; key: string }[] = []
  for (const name of names) {
    const keys = await makeKeys()
    const certificate = await certify(name, keys, authority, authorityKeys, validity)
    const files = { name, certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) }
    write(files.certificate, certificate.toString('pem'))
    write(files.key, await pemOfKey(keys.privateKey))
    servers.push(files)
  }
  return { authority: authorityFile, servers }
}

async function certify(
  name: string,
  keys: webcrypto.CryptoKeyPair,
  authority: x509.X509Certificate,
  authorityKeys: webcrypto.CryptoKeyPair,
  validity: { readonly notBefore: Date; readonly notAfter: Date },
): Promise<x509.X509Certificate> {
  return await x509.X509CertificateGenerator.create(
    {
      subject: `CN=${name}`,
      issuer: authority.subject,
      publicKey: keys.publicKey,
      signingKey: authorityKeys.privateKey,
      signingAlgorithm: ALGORITHM,
      serialNumber: serialNumber(),
      ...validity,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        // Each server is client of one connection and server of another.
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
      ],
    },
    webcrypto,
  )
}

function write(file: string, pem: string): void {
  writeFileSync(file, pem.endsWith('\n') ? pem : `${pem}\n`, { mode: FILE_MODE, flag: 'wx' })
}
