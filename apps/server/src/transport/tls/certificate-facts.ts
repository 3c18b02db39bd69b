/** What is worth knowing of a certificate: its names, its end, its fingerprint. */
import { X509Certificate } from 'node:crypto'
import type { PeerCertificate } from 'node:tls'
import type { CertificateFacts } from '../../engine/engine-service.ts'

export type { CertificateFacts }

/** Names are subject alternative names only: the common name is no longer an identity (RFC 9525). */
export function factsOf(certificate: X509Certificate): CertificateFacts {
  return {
    names: namesIn(certificate.subjectAltName),
    endsAtMs: Date.parse(certificate.validTo),
    fingerprint: certificate.fingerprint256,
  }
}

export function factsOfPeer(certificate: PeerCertificate): CertificateFacts {
  return factsOf(new X509Certificate(certificate.raw))
}

export function describeCertificate({ names, fingerprint }: CertificateFacts): string {
  return `${names.join(', ')} (SHA-256 ${fingerprint})`
}

export function namesIn(subjectAlternativeNames: string | undefined): readonly string[] {
  return (subjectAlternativeNames ?? '').split(', ').flatMap((entry) => {
    const name = /^(?:DNS|IP Address):(.+)$/u.exec(entry)?.[1]
    return name === undefined ? [] : [name]
  })
}
