/** What is sent once more because the connection that carried it ended first: TCP loses and doubles nothing by itself. */
import { decodeStreamMessage, MessageType, messageTypeName } from '@tandem/protocol'
import { nameOf } from '../actors/client-message.ts'
import { updatedLeases } from '../world/read-frame.ts'
import type { StreamObserver } from '../world/stream-network.ts'

/** `seen` is told the name of each message that was lost with its connection and has come over a later one. */
export function watchRepeats(seen: (type: string) => void): StreamObserver {
  /** By receiver and type: the leases of which an update spoke, or nothing for any other message. */
  const lost = new Map<string, Set<string>>()
  return {
    frameLost(bytes, towards) {
      const place = `${towards} ${typeOf(bytes)}`
      const names = lost.get(place) ?? new Set<string>()
      for (const name of subjectsOf(bytes)) names.add(name)
      lost.set(place, names)
    },
    frameArrived(bytes, _lateMs, towards) {
      const place = `${towards} ${typeOf(bytes)}`
      const names = lost.get(place)
      if (names === undefined || !subjectsOf(bytes).some((name) => names.has(name))) return
      lost.delete(place)
      seen(messageTypeName(typeOf(bytes)))
    },
  }
}

const ANYTHING = ['']

function subjectsOf(bytes: Uint8Array): readonly string[] {
  const type = typeOf(bytes)
  if (type !== MessageType.Bndupd && type !== MessageType.Bndreply) return ANYTHING
  const decoded = decodeStreamMessage(bytes.subarray(2))
  return decoded.ok ? updatedLeases(decoded.value.options).map(nameOf) : []
}

/** Behind the two size octets. */
function typeOf(bytes: Uint8Array): number {
  return bytes[2] ?? 0
}
