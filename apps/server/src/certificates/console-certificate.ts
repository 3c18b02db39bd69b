/** The console's own certificate where nobody gave it one: made by the server, known by its fingerprint, kept until it nearly ends. */
import 'reflect-metadata'
import { webcrypto, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { dirname } from 'node:path'
import * as x509 from '@peculiar/x509'
import { ALGORITHM, makeKeys, pemOfKey, serialNumber } from './keys.ts'

const DAY_MS = 86_400_000
/** More is refused by some systems even where the user trusts the certificate. */
const VALID_DAYS = 825
/** A browser's clock may be behind ours. */
const BACKDATED_MS = DAY_MS
export const RENEW_DAYS = 30

export interface SelfMadeFiles {
  readonly certificateFile: string
  readonly keyFile: string
}

export interface SelfMadeNames {
  /** Without one of these a certificate that lies there is replaced. */
  readonly needed: readonly string[]
  /** In a new certificate too; that one of them is gone or new replaces none. */
  readonly welcome: readonly string[]
}

/** Answers why a certificate was made; undefined: the one that lies there is good. Rejects with errors of the file system. */
export async function ensureSelfMade(
  files: SelfMadeFiles,
  names: SelfMadeNames,
  nowMs: number,
): Promise<string | undefined> {
  const why = whyAnew(files, names.needed, nowMs)
  if (why !== undefined) await makeSelfSigned(files, [...new Set([...names.needed, ...names.welcome])], nowMs)
  return why
}

function whyAnew({ certificateFile, keyFile }: SelfMadeFiles, needed: readonly string[], nowMs: number) {
  const certificate = readIfThere(certificateFile)
  if (certificate === undefined || readIfThere(keyFile) === undefined) return 'there was none'
  const parsed = new X509Certificate(certificate)
  if (parsed.validToDate.getTime() - nowMs < RENEW_DAYS * DAY_MS) return 'the one before is near its end'
  const missing = needed.find(
    (name) => (isIP(name) === 0 ? parsed.checkHost(name) : parsed.checkIP(name)) === undefined,
  )
  return missing === undefined ? undefined : `the one before is not for ${missing}`
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function makeSelfSigned(files: SelfMadeFiles, names: readonly string[], nowMs: number): Promise<void> {
  const keys = await makeKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${names[0] ?? 'Tandem'}`,
      keys,
      serialNumber: serialNumber(),
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(nowMs - BACKDATED_MS),
      notAfter: new Date(nowMs + VALID_DAYS * DAY_MS),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const),
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    webcrypto,
  )
  // The key first: whoever looks in between finds a pair that does not belong together, and the next look makes it anew.
  put(files.keyFile, await pemOfKey(keys.privateKey), 0o600)
  put(files.certificateFile, certificate.toString('pem'), 0o644)
}

/** Whole or not at all. */
function put(file: string, pem: string, mode: number): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const half = `${file}.new`
  writeFileSync(half, pem.endsWith('\n') ? pem : `${pem}\n`, { mode })
  renameSync(half, file)
}
