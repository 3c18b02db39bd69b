/** A failover partner that says what a story makes it say: for the many situations into which two right servers seldom get. */
import {
  connectFlagsOption,
  decodeStreamMessage,
  encodeStreamMessage,
  keepaliveTimeOption,
  maxUnackedBndupdOption,
  mcltOption,
  MessageType,
  messageTypeName,
  option,
  partnerDownTimeOption,
  protocolVersionOption,
  relationshipNameOption,
  serverFlagsOption,
  serverStateFromName,
  serverStateOption,
  stampSentTime,
  startTimeOfStateOption,
  toDhcpTime,
  type FailoverMessageType,
  type OptionInstance,
  type Options,
  type StreamMessage,
} from '@tandem/protocol'
import type { ConnectionId, Role } from '@tandem/engine'
import type { World } from '../world/world.ts'
import type { Transcript } from './transcript.ts'

const CONTACT_EVERY_MS = 2_000

export interface SaidState {
  readonly state: string
  readonly isStarting?: boolean
  /** It has talked to us before. */
  readonly knowsUs?: boolean
}

export class ScriptedPartner {
  readonly role: Role
  readonly #world: World
  readonly #transcript: Transcript
  #connection: ConnectionId | undefined
  #isReachable = false
  #asked: number | undefined
  #state = ''
  #stateSince = 0
  #nextTransactionId = 1

  constructor(world: World, role: Role, transcript: Transcript) {
    this.#world = world
    this.role = role
    this.#transcript = transcript
  }

  /** From now on it can be reached, and in the handshake says this; a scripted primary dials at once. */
  connect(first: SaidState): void {
    this.become(first.state)
    this.#isReachable = true
    this.#world.streams.attach(this.role, {
      opened: (connection) => {
        this.#connection = connection
        if (this.role === 'primary') this.#send(MessageType.Connect, this.#offer(true))
      },
      dialFailed: () => undefined,
      secured: () => undefined,
      frame: (connection, bytes) => {
        const decoded = decodeStreamMessage(bytes.subarray(2))
        if (decoded.ok && connection === this.#connection) this.#receive(decoded.value)
      },
      closed: () => {
        this.#connection = undefined
      },
    })
    if (this.role === 'primary') this.#world.streams.dial('primary', 'secondary', 'pair')
    this.#keepContact()
  }

  /** Its machine is switched off. */
  vanish(): void {
    this.#connection = undefined
    this.#world.streams.detach(this.role)
  }

  /** Without telling anyone; a state that it is in already goes on. */
  become(state: string): void {
    if (state === this.#state) return
    this.#state = state
    this.#stateSince = this.#world.schedule.now
  }

  say({ state, isStarting = false, knowsUs = true }: SaidState): void {
    this.become(state)
    const code = serverStateFromName(state)
    if (code === undefined) throw new Error(`there is no state ${state}`)
    const since = toDhcpTime(this.#stateSince)
    const options: OptionInstance[] = [
      option(serverStateOption, code),
      option(serverFlagsOption, { startup: isStarting, ackStartup: false, communicated: knowsUs }),
      option(startTimeOfStateOption, since),
    ]
    if (state === 'PARTNER-DOWN') options.push(option(partnerDownTimeOption, since))
    this.#send(MessageType.State, options)
    this.#transcript.note(`the partner says STATE ${state}${isStarting ? ' (starting)' : ''}`)
  }

  /** UPDDONE, without a single update before it. */
  tellAll(): void {
    if (this.#asked === undefined) throw new Error('the scripted partner was not asked for anything')
    this.#send(MessageType.Upddone, [], this.#asked)
    this.#asked = undefined
    this.#transcript.note('the partner says UPDDONE')
  }

  #receive(message: StreamMessage): void {
    switch (message.type) {
      case MessageType.Connect:
        this.#send(MessageType.Connectreply, this.#offer(false), message.transactionId)
        this.#sayFirst()
        break
      case MessageType.Connectreply:
        this.#sayFirst()
        break
      case MessageType.Updreq:
      case MessageType.Updreqall:
        this.#asked = message.transactionId
        break
      default:
        break
    }
  }

  #sayFirst(): void {
    if (this.#isReachable) this.say({ state: this.#state })
  }

  #offer(isConnect: boolean): Options {
    const { mcltSeconds, keepaliveSeconds, maxUnackedUpdates } = this.#world.settings
    return [
      option(protocolVersionOption, { major: 1, minor: 0 }),
      option(mcltOption, mcltSeconds),
      option(keepaliveTimeOption, keepaliveSeconds),
      option(maxUnackedBndupdOption, maxUnackedUpdates),
      option(connectFlagsOption, { fixedPdLength: true }),
      ...(isConnect ? [option(relationshipNameOption, 'pair')] : []),
    ]
  }

  #send(type: FailoverMessageType, options: Options, transactionId = this.#takeId()): void {
    if (this.#connection === undefined) throw new Error(`no connection to send ${messageTypeName(type)} on`)
    const sentTime = toDhcpTime(this.#world.schedule.now)
    const frame = encodeStreamMessage({ kind: 'failover', type, transactionId, sentTime, options })
    stampSentTime(frame, sentTime)
    this.#world.streams.send(this.role, this.#connection, frame)
  }

  #keepContact(): void {
    this.#world.schedule.after(CONTACT_EVERY_MS, () => {
      if (this.#connection !== undefined) this.#send(MessageType.Contact, [])
      this.#keepContact()
    })
  }

  #takeId(): number {
    this.#nextTransactionId += 1
    return this.#nextTransactionId
  }
}
