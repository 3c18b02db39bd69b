/** Turns a plain connection into a mutually authenticated TLS one, after STARTTLS (RFC 8156 section 9.1, RFC 7653 section 8.2). */
import type { Socket } from 'node:net'
import tls from 'node:tls'
import type { PeerCertificate, TLSSocket } from 'node:tls'
import { factsOfPeer, namesIn, type CertificateFacts } from './certificate-facts.ts'
import { handshakeProblem } from './certificate-problem.ts'
import type { TlsMaterial } from './tls-material.ts'

const HANDSHAKE_MAX_MS = 15_000
const CLOSED = 'TLS: the partner closed the connection during the handshake; it may not accept our certificate'

export type Secured =
  | { readonly ok: true; readonly stream: TLSSocket; readonly peer: CertificateFacts }
  | { readonly ok: false; readonly reason: string }

/** Settles once; afterwards the plain socket belongs to TLS, or is destroyed. */
export function secureStream(socket: Socket, as: 'client' | 'server', material: TlsMaterial): Promise<Secured> {
  return as === 'client' ? secureAsClient(socket, material) : secureAsServer(socket, material)
}

/**
 * The options of both ends. None of them asks a revocation server: neither `requestOCSP` nor `crl` is among them, and
 * Node follows no address that a certificate names, so a pair does not depend on a third machine.
 */
function commonOptions({ cert, key, ca, minimumVersion }: TlsMaterial) {
  return { cert, key, ca, minVersion: minimumVersion } as const
}

function secureAsClient(socket: Socket, material: TlsMaterial): Promise<Secured> {
  return new Promise((resolve) => {
    const stream = tls.connect({
      socket,
      ...commonOptions(material),
      rejectUnauthorized: true,
      // Replaces the comparison with a host name: a partner is known by the names that the configuration accepts.
      checkServerIdentity: (_host, certificate) => nameProblem(certificate, material.acceptedNames),
    })
    const timer = setTimeout(() => refuse('the TLS handshake took too long'), HANDSHAKE_MAX_MS)
    const refuse = (reason: string): void => {
      clearTimeout(timer)
      stream.destroy()
      resolve({ ok: false, reason })
    }
    const failed = (error: Error): void => refuse(handshakeProblem(error))
    const closed = (): void => refuse(CLOSED)
    stream.once('error', failed)
    stream.once('close', closed)
    stream.once('secureConnect', () => {
      clearTimeout(timer)
      stream.off('error', failed)
      stream.off('close', closed)
      resolve({ ok: true, stream, peer: factsOfPeer(stream.getPeerCertificate()) })
    })
  })
}

/** A server that never listens: handing it the socket makes Node check the client's certificate as it does for any other. */
function secureAsServer(socket: Socket, material: TlsMaterial): Promise<Secured> {
  return new Promise((resolve) => {
    const refuse = (reason: string): void => {
      socket.destroy()
      resolve({ ok: false, reason })
    }
    const server = tls.createServer({
      ...commonOptions(material),
      requestCert: true,
      // Judged below: Node would end the connection without a word of why.
      rejectUnauthorized: false,
      handshakeTimeout: HANDSHAKE_MAX_MS,
    })
    const closed = (): void => refuse(CLOSED)
    socket.once('close', closed)
    server.once('tlsClientError', (error) => refuse(handshakeProblem(error)))
    server.once('secureConnection', (stream) => {
      socket.off('close', closed)
      if (!stream.authorized) {
        refuse(authorizationProblem(stream))
        return
      }
      const certificate = stream.getPeerCertificate()
      const problem = nameProblem(certificate, material.acceptedNames)
      if (problem === undefined) resolve({ ok: true, stream, peer: factsOfPeer(certificate) })
      else refuse(`TLS: ${problem.message}`)
    })
    server.emit('connection', socket)
  })
}

function authorizationProblem(stream: TLSSocket): string {
  const { authorizationError } = stream
  // A text with a code, though the types say Error.
  const isSilent = Object.keys(stream.getPeerCertificate()).length === 0
  return isSilent ? 'TLS: the partner showed no certificate' : handshakeProblem(authorizationError)
}

function nameProblem(certificate: PeerCertificate, acceptedNames: readonly string[]): Error | undefined {
  const names = namesIn(certificate.subjectaltname)
  if (names.some((name) => acceptedNames.includes(name))) return undefined
  const shown = names.length === 0 ? 'no name' : names.join(', ')
  return new Error(`the partner's certificate is for ${shown}; accepted are ${acceptedNames.join(', ')}`)
}
