/** For tests: a certificate of the pair's own authority as the command for certificates would not make it (RFC 8156 section 9.1). */
import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

export interface Validity {
  readonly notBefore: Date
  readonly notAfter: Date
}

export interface OddCertificateWish {
  /** With `authority.pem` and `authority.key`. */
  readonly authorityFolder: string
  readonly name: string
  readonly validity: Validity
  /** Named as places where revocation could be asked for. */
  readonly urls: readonly string[]
}

/** Both in PEM form. */
export async function makeOddCertificate({ authorityFolder, name, validity, urls }: OddCertificateWish) {
  const authority = new x509.X509Certificate(readFileSync(join(authorityFolder, 'authority.pem'), 'utf8'))
  const pem = readFileSync(join(authorityFolder, 'authority.key'), 'utf8')
  const pkcs8 = Buffer.from(pem.replaceAll(/-----.*-----|\s/gu, ''), 'base64')
  const signingKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign'])
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject: `CN=${name}`,
      issuer: authority.subject,
      publicKey: keys.publicKey,
      signingKey,
      signingAlgorithm: ALGORITHM,
      serialNumber: `01${randomBytes(8).toString('hex')}`,
      ...validity,
      extensions: [
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
        ...urls.flatMap((url) => [
          new x509.AuthorityInfoAccessExtension({ ocsp: [url], caIssuers: [url] }),
          new x509.CRLDistributionPointsExtension([url]),
        ]),
      ],
    },
    webcrypto,
  )
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { certificate: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') }
}
