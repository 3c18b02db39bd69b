/** Nothing that promises is sent between its question's arrival and a completed flush: REPLY, BNDREPLY and STATE, from system calls alone. */
import {
  decodeDatagram,
  decodeStreamMessage,
  findOption,
  fromDhcpTime,
  MessageType,
  messageTypeName,
  startTimeOfStateOption,
  StreamFramer,
  type StreamMessage,
} from '@tandem/protocol'
import { unwrapped } from '../loopback-pair/relayed-message.ts'
import type { StreamTrace, SystemCalls, Transfer } from './read-trace.ts'

export const promisingMessages = ['REPLY', 'BNDREPLY', 'STATE'] as const
export type PromisingMessage = (typeof promisingMessages)[number]

export interface ReleaseVerdict {
  /** How many of each were sent and held against the flushes. */
  readonly sent: Readonly<Record<PromisingMessage, number>>
  readonly tooEarly: Readonly<Record<PromisingMessage, readonly string[]>>
}

/** A promise on its way out, and the moment when the question that it answers was in our hands. */
interface Promised {
  readonly kind: PromisingMessage
  readonly what: string
  readonly arrivedAt: number
  readonly sentAt: number
  /** Durable only if flushed after that moment, too: when the state that it tells began. */
  readonly notBefore: number
}

export function checkReleaseOrder(calls: SystemCalls): ReleaseVerdict {
  const promised = [...repliesIn(calls.datagrams), ...calls.streams.flatMap((stream) => promisesIn(stream))]
  const of = (kind: PromisingMessage): readonly Promised[] => promised.filter((each) => each.kind === kind)
  const early = (kind: PromisingMessage): readonly string[] =>
    of(kind)
      .filter((each) => !isFlushed(calls, each))
      .map(
        ({ what, arrivedAt, sentAt }) =>
          `${what}: sent ${((sentAt - arrivedAt) * 1000).toFixed(3)} ms after its question, not flushed`,
      )
  return {
    sent: { REPLY: of('REPLY').length, BNDREPLY: of('BNDREPLY').length, STATE: of('STATE').length },
    tooEarly: { REPLY: early('REPLY'), BNDREPLY: early('BNDREPLY'), STATE: early('STATE') },
  }
}

/** A write to the log after the question came, and a flush that began after that write and ended before the answer left. */
function isFlushed({ logWrites, flushes }: SystemCalls, { arrivedAt, sentAt, notBefore }: Promised): boolean {
  return flushes.some(
    (flush) =>
      flush.startedAt >= arrivedAt &&
      flush.completedAt <= sentAt &&
      flush.completedAt >= notBefore &&
      logWrites.some((write) => write.startedAt >= arrivedAt && write.completedAt <= flush.startedAt),
  )
}

function repliesIn(datagrams: readonly Transfer[]): readonly Promised[] {
  const questions = new Map<number, Transfer[]>()
  const promised: Promised[] = []
  for (const datagram of datagrams) {
    if (!decodeDatagram(datagram.bytes).ok) continue
    const message = unwrapped(datagram.bytes)
    if (message === undefined) continue
    const { transactionId } = message
    if (datagram.direction === 'in') {
      questions.set(transactionId, [...(questions.get(transactionId) ?? []), datagram])
    } else if (message.type === MessageType.Reply) {
      // A repeated question is answered again: the answers go out in the order of the questions.
      const question = questions.get(transactionId)?.shift()
      if (question === undefined) continue
      promised.push({
        kind: 'REPLY',
        what: `REPLY ${transactionId.toString(16)}`,
        arrivedAt: question.completedAt,
        sentAt: datagram.startedAt,
        notBefore: 0,
      })
    }
  }
  return promised
}

interface TracedMessage {
  readonly direction: Transfer['direction']
  readonly message: StreamMessage
  /** In: when its last octet was read. Out: when the call began that wrote its last octet. */
  readonly at: number
}

/** What makes an endpoint say its state (RFC 8156 section 6.3); a change by a clock is seen by the time in the STATE itself. */
const reasonsForState: ReadonlySet<number> = new Set([
  MessageType.Connect,
  MessageType.Connectreply,
  MessageType.State,
  MessageType.Upddone,
])

function promisesIn({ pieces }: StreamTrace): readonly Promised[] {
  const updates = new Map<number, number>()
  const promised: Promised[] = []
  // A STATE may be on its way to disk for one reason while the next one arrives: each goes with the oldest unanswered.
  let reasonsAt: readonly number[] = []
  for (const { direction, message, at } of messagesIn(pieces)) {
    const what = `${messageTypeName(message.type)} ${message.transactionId.toString(16)}`
    if (direction === 'in') {
      if (message.type === MessageType.Bndupd) updates.set(message.transactionId, at)
      if (reasonsForState.has(message.type)) reasonsAt = [...reasonsAt, at]
    } else if (message.type === MessageType.Bndreply) {
      const arrivedAt = updates.get(message.transactionId)
      if (arrivedAt === undefined) continue
      promised.push({ kind: 'BNDREPLY', what, arrivedAt, sentAt: at, notBefore: 0 })
    } else if (message.type === MessageType.State && reasonsAt[0] !== undefined) {
      const [arrivedAt] = reasonsAt
      // A reason may also lead to no STATE at all, so only the newest of the others is kept for the next one.
      reasonsAt = reasonsAt.length > 1 ? reasonsAt.slice(-1) : reasonsAt
      const since = findOption(message.options, startTimeOfStateOption)
      const notBefore = since === undefined ? Number.POSITIVE_INFINITY : fromDhcpTime(since, at * 1000) / 1000
      promised.push({ kind: 'STATE', what, arrivedAt, sentAt: at, notBefore })
    }
  }
  return promised
}

function messagesIn(pieces: readonly Transfer[]): readonly TracedMessage[] {
  const framers = { in: new StreamFramer(), out: new StreamFramer() }
  return pieces.flatMap(({ direction, startedAt, completedAt, bytes }) =>
    framers[direction].push(bytes).flatMap((octets): readonly TracedMessage[] => {
      const decoded = decodeStreamMessage(octets)
      return decoded.ok ? [{ direction, message: decoded.value, at: direction === 'in' ? completedAt : startedAt }] : []
    }),
  )
}
