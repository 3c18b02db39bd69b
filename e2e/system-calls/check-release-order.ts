/** Nothing that promises is sent between its question's arrival and a completed flush: REPLY, BNDREPLY and STATE, from system calls alone. */
import {
  decodeDatagram,
  decodeStreamMessage,
  findOption,
  fromDhcpTime,
  MessageType,
  messageTypeName,
  serverFlagsOption,
  ServerStateCode,
  serverStateName,
  serverStateOption,
  startTimeOfStateOption,
  StreamFramer,
  type StreamMessage,
} from '@tandem/protocol'
import { unwrapped } from '../loopback-pair/relayed-message.ts'
import type { Flush, LogWrite, StreamTrace, SystemCalls, Transfer } from './read-trace.ts'
import { recordedStatesIn, type RecordedState } from './recorded-states.ts'

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
  /** Undefined: nothing came that it could answer. */
  readonly arrivedAt: number | undefined
  readonly sentAt: number
  /** What has to be in the log by then; absent: whatever was written since the question came. */
  readonly record?: RecordedState
  /** Is that record made because of the question, or may it be older? */
  readonly recordIsOlder?: boolean
}

export function checkReleaseOrder(calls: SystemCalls): ReleaseVerdict {
  const promised = [...repliesIn(calls.datagrams), ...calls.streams.flatMap((stream) => promisesIn(stream))]
  const inLog = calls.logWrites.map((write) => ({ ...write, states: recordedStatesIn(write) }))
  const of = (kind: PromisingMessage): readonly Promised[] => promised.filter((each) => each.kind === kind)
  const early = (kind: PromisingMessage): readonly string[] =>
    of(kind)
      .filter((each) => !isDurable(each, inLog, calls.flushes))
      .map(({ what, arrivedAt, sentAt }) =>
        arrivedAt === undefined
          ? `${what}: sent without a known reason`
          : `${what}: sent ${((sentAt - arrivedAt) * 1000).toFixed(3)} ms after its question, not flushed`,
      )
  return {
    sent: { REPLY: of('REPLY').length, BNDREPLY: of('BNDREPLY').length, STATE: of('STATE').length },
    tooEarly: { REPLY: early('REPLY'), BNDREPLY: early('BNDREPLY'), STATE: early('STATE') },
  }
}

interface WriteWithStates extends LogWrite {
  readonly states: readonly RecordedState[]
}

/** A write to the log after the question came, and a flush that began after that write and ended before the answer left. */
function isDurable(promised: Promised, inLog: readonly WriteWithStates[], flushes: readonly Flush[]): boolean {
  const { arrivedAt, sentAt, record, recordIsOlder = false } = promised
  if (arrivedAt === undefined) return false
  const isFlushed = (write: LogWrite): boolean =>
    flushes.some(({ startedAt, completedAt }) => startedAt >= write.completedAt && completedAt <= sentAt)
  const since = inLog.filter(({ startedAt, completedAt }) => startedAt >= arrivedAt && completedAt <= sentAt)
  if (record === undefined) return since.some(isFlushed)
  const holding = (recordIsOlder ? inLog : since).filter(({ states }) => states.some((each) => isSame(each, record)))
  return holding.some(isFlushed) && since.some(isFlushed)
}

function isSame(a: RecordedState, b: RecordedState): boolean {
  return a.state === b.state && a.sinceSeconds === b.sinceSeconds
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

function promisesIn({ pieces }: StreamTrace): readonly Promised[] {
  const messages = messagesIn(pieces)
  return [...acknowledgementsIn(messages), ...statesIn(messages)]
}

function acknowledgementsIn(messages: readonly TracedMessage[]): readonly Promised[] {
  const updates = new Map<number, number>()
  return messages.flatMap(({ direction, message, at }): readonly Promised[] => {
    if (direction === 'in') {
      if (message.type === MessageType.Bndupd) updates.set(message.transactionId, at)
      return []
    }
    const arrivedAt = updates.get(message.transactionId)
    if (message.type !== MessageType.Bndreply || arrivedAt === undefined) return []
    return [{ kind: 'BNDREPLY', what: describe(message), arrivedAt, sentAt: at }]
  })
}

/**
 * The partner's STATEs that make an endpoint change from one state to the other (RFC 8156 section 8): the first of them
 * does it, whatever else arrives while the new state is on its way to disk. Only what these sessions go through; a change
 * that is not here has no reason, and counts as told too early.
 */
const changes: readonly { readonly from: number; readonly to: number; readonly partner: ReadonlySet<number> }[] = [
  {
    from: ServerStateCode.CommunicationsInterrupted,
    to: ServerStateCode.Normal,
    partner: new Set([ServerStateCode.Normal, ServerStateCode.CommunicationsInterrupted, ServerStateCode.RecoverDone]),
  },
]

/** The first STATE of a connection answers CONNECT or CONNECTREPLY (RFC 8156 section 6.3), each further one tells a change. */
function statesIn(messages: readonly TracedMessage[]): readonly Promised[] {
  const promised: Promised[] = []
  let told: number | undefined
  let lookFrom = 0
  for (const { direction, message, at } of messages) {
    if (direction !== 'out' || message.type !== MessageType.State) continue
    const record = recordToldBy(message, at)
    const isReason = (each: TracedMessage): boolean =>
      told === undefined ? opensConversation(each) : changesState(each, told, record.state)
    const found = messages.findIndex((each, index) => index >= lookFrom && each.at <= at && isReason(each))
    const arrivedAt = messages[found]?.at
    promised.push({
      kind: 'STATE',
      what: `${describe(message)} ${serverStateName(record.state)}`,
      arrivedAt,
      sentAt: at,
      record,
      recordIsOlder: told === undefined,
    })
    if (found >= 0) lookFrom = found + 1
    told = record.state
  }
  return promised
}

function opensConversation({ direction, message: { type } }: TracedMessage): boolean {
  return direction === 'in' && (type === MessageType.Connect || type === MessageType.Connectreply)
}

function changesState({ direction, message }: TracedMessage, from: number, to: number): boolean {
  if (direction !== 'in' || message.type !== MessageType.State) return false
  const partner = findOption(message.options, serverStateOption)
  const isStarting = findOption(message.options, serverFlagsOption)?.startup ?? true
  if (partner === undefined || isStarting) return false
  return changes.some((change) => change.from === from && change.to === to && change.partner.has(partner))
}

function recordToldBy({ options }: StreamMessage, at: number): RecordedState {
  const state = findOption(options, serverStateOption)
  const since = findOption(options, startTimeOfStateOption)
  if (state === undefined || since === undefined) throw new Error('a STATE without its state, or without its time')
  return { state, sinceSeconds: Math.floor(fromDhcpTime(since, at * 1000) / 1000) }
}

function describe({ type, transactionId }: StreamMessage): string {
  return `${messageTypeName(type)} ${transactionId.toString(16)}`
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
