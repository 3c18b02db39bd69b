/** Cuts a TCP or TLS octet stream into messages by their two-octet message-size (RFC 5460 §5.1, RFC 8156 §5.1). */
import type { DecodeError } from './decode-error.ts'

const SIZE_OCTETS = 2
/** msg-type and transaction-id: the shortest message that can travel on a stream (STARTTLS). */
const MESSAGE_SIZE_MIN = 4
const MESSAGE_SIZE_MAX = 0xffff
export const FRAME_OCTETS_MAX: number = SIZE_OCTETS + MESSAGE_SIZE_MAX

export class StreamFramer {
  private pending: Uint8Array = new Uint8Array(0)
  private fault: DecodeError | undefined = undefined
  private consumed = 0

  /** Set once the stream cannot be followed any more; from then on `push` answers nothing. */
  get error(): DecodeError | undefined {
    return this.fault
  }

  /** Octets held back for a message that is not complete yet; never more than one frame. */
  get pendingOctets(): number {
    return this.pending.length
  }

  /** Answers the messages that this chunk completes, without their size octets, as copies. */
  push(chunk: Uint8Array): readonly Uint8Array[] {
    if (this.fault !== undefined) return []
    const bytes = this.pending.length === 0 ? chunk : joined(this.pending, chunk)
    const messages: Uint8Array[] = []
    let at = 0
    while (bytes.length - at >= SIZE_OCTETS) {
      const size = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
      if (size < MESSAGE_SIZE_MIN) {
        this.fault = {
          reason: 'message-size-too-small',
          offset: this.consumed + at,
          detail: `a message-size of ${size} cannot hold a message`,
        }
        this.pending = new Uint8Array(0)
        return messages
      }
      const end = at + SIZE_OCTETS + size
      if (end > bytes.length) break
      messages.push(bytes.slice(at + SIZE_OCTETS, end))
      at = end
    }
    this.consumed += at
    this.pending = bytes.slice(at)
    return messages
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}
