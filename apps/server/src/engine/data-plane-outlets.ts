/** What is released goes to sockets and to the main thread; an answer that waited too long is dropped and counted (architecture section 5). */
import type { PartnerConnections } from '../transport/tcp/partner-connections.ts'
import type { ClientListeners } from '../transport/udp/client-listeners.ts'
import type { FromDataPlane } from './data-plane-messages.ts'
import type { DataPlaneMeters } from './data-plane-meters.ts'
import { DATAGRAM_AGE_MAX_MS } from './inbox.ts'
import type { Outlets } from './outlets.ts'
import type { Publisher } from './publisher.ts'
import type { Recorder } from './recorder.ts'
import type { Clock } from './steady-clock.ts'

export interface OutletParts {
  readonly clients: Pick<ClientListeners, 'send'>
  readonly partners: Pick<PartnerConnections, 'dial' | 'secure' | 'sendFrame' | 'closeStream' | 'dropAll'>
  readonly clock: Clock
  readonly meters: DataPlaneMeters
  readonly publisher: Pick<Publisher, 'notice'>
  readonly recorder: Pick<Recorder, 'note'>
  post(message: FromDataPlane): void
}

export function createOutlets(parts: OutletParts): Outlets {
  const { clients, partners, clock, meters, publisher, recorder } = parts
  return {
    sendDatagram(output) {
      if (clock.now() - output.requestArrivedAt > DATAGRAM_AGE_MAX_MS) {
        meters.unanswered('answer-too-old')
        return
      }
      clients.send(output)
      meters.datagramSent(output.bytes)
    },
    dial: (output) => partners.dial(output),
    secure: (output) => partners.secure(output),
    sendFrame: (output) => partners.sendFrame(output),
    closeStream: (output) => partners.closeStream(output),
    closeAllStreams: () => partners.dropAll(),
    answerCommand: (commandId, result) => parts.post({ kind: 'answer', commandId, result }),
    tell(commitNumber, notices) {
      for (const notice of notices) {
        meters.noticed(notice)
        publisher.notice(commitNumber, notice)
        recorder.note(commitNumber, notice, clock.now())
      }
    },
  }
}
