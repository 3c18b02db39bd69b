/** What a server's sockets tell its engine: events of its connections, stamped when they are read. */
import type { EngineConfiguration, EngineEvent, Instant } from '@tandem/engine'
import { formatIpv6Address } from '@tandem/protocol'
import type { StreamProcess } from './stream-network.ts'

export interface SocketParts {
  readonly configuration: EngineConfiguration
  /** Name in the certificate of the partner. */
  readonly partner: string
  readonly now: () => Instant
  readonly post: (event: EngineEvent) => void
  /** Now, or once the process goes on after a suspension. */
  readonly whenAwake: (act: () => void) => void
}

export function streamEvents({ configuration, partner, now, post, whenAwake }: SocketParts): StreamProcess {
  const peerAddress = formatIpv6Address(configuration.relationships[0]?.partnerAddress ?? noAddress())
  return {
    opened: (connection, direction, relationship) => {
      post({ kind: 'stream-opened', connection, direction, peerAddress, relationship })
    },
    dialFailed: (relationship, reason) => {
      post({ kind: 'dial-failed', relationship, reason })
    },
    secured: (connection) => {
      post({ kind: 'stream-secured', connection, peerCertificate: partner })
    },
    frame: (connection, bytes) => {
      whenAwake(() => {
        post({ kind: 'frame-received', connection, bytes: bytes.subarray(2), arrivedAt: now() })
      })
    },
    closed: (connection, reason) => {
      whenAwake(() => {
        post({ kind: 'stream-closed', connection, reason })
      })
    },
  }
}

function noAddress(): never {
  throw new Error('a simulated server has one relationship')
}
