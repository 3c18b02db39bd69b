/**
 * One client, without a socket or a clock: a new one asks for an address (SOLICIT, REQUEST), one that holds a lease and is
 * past T2 asks any server for more of it (REBIND). Until it is answered it asks again as RFC 9915 section 15 says, with the
 * time that it has really waited in its message.
 */
import {
  clientIdOption,
  duidFromHex,
  elapsedTimeOption,
  encodeDatagram,
  findOption,
  iaAddressOption,
  iaNaOption,
  MessageType,
  option,
  OptionCode,
  optionRequestOption,
  serverIdOption,
  type ClientServerMessage,
  type Duid,
  type Ipv6Address,
  type OptionInstance,
} from '@tandem/protocol'
import type { ClientEvent, ClientKind, Question } from './client-event.ts'
import { nextWaitMs, rebindRule, requestRule, solicitRule, type RetransmissionRule } from './retransmission.ts'

const rules: Readonly<Record<Question, RetransmissionRule>> = {
  solicit: solicitRule,
  request: requestRule,
  rebind: rebindRule,
}

const messageTypes: Readonly<Record<Question, number>> = {
  solicit: MessageType.Solicit,
  request: MessageType.Request,
  rebind: MessageType.Rebind,
}

const ELAPSED_MAX = 0xffff
const IAID = 1

export interface AskingClientParts {
  readonly kind: ClientKind
  readonly client: number
  /** Of a rebinding client: its address. */
  readonly held?: Ipv6Address
  readonly send: (octets: Uint8Array) => void
  readonly report: (event: ClientEvent) => void
  /** 0 to 1. */
  readonly random: () => number
}

interface Exchange {
  readonly question: Question
  readonly transactionId: number
  readonly beganAtMs: number
  readonly more: readonly OptionInstance[]
  readonly messages: number
  readonly waitMs: number
  readonly dueAtMs: number
}

export function clientDuid(client: number): Duid {
  return duidFromHex(`0003000102${client.toString(16).padStart(10, '0')}`)
}

export class AskingClient {
  readonly #parts: AskingClientParts
  #exchange: Exchange | undefined
  #held: Ipv6Address | undefined

  constructor(parts: AskingClientParts) {
    this.#parts = parts
    this.#held = parts.held
  }

  /** Undefined: it waits for nothing. */
  get dueAtMs(): number | undefined {
    return this.#exchange?.dueAtMs
  }

  get held(): Ipv6Address | undefined {
    return this.#held
  }

  begin(nowMs: number): void {
    const { held } = this.#parts
    if (held === undefined) this.#ask('solicit', [associationWith([])], nowMs)
    else this.#ask('rebind', [associationWith([held])], nowMs)
  }

  /** Asks again what is due; before that it does nothing. */
  act(nowMs: number): void {
    const exchange = this.#exchange
    if (exchange === undefined || nowMs < exchange.dueAtMs) return
    const { question, messages, waitMs } = exchange
    const rule = rules[question]
    if (messages >= (rule.messagesMax ?? Number.POSITIVE_INFINITY)) {
      this.#exchange = undefined
      this.#report('gave-up', question, nowMs)
      return
    }
    const nextMs = nextWaitMs(rule, waitMs, this.#parts.random())
    this.#say({ ...exchange, messages: messages + 1, waitMs: nextMs, dueAtMs: nowMs + nextMs }, nowMs)
  }

  receive(answer: ClientServerMessage, nowMs: number): void {
    const exchange = this.#exchange
    if (exchange === undefined || answer.transactionId !== exchange.transactionId) return
    const { question } = exchange
    const awaited = question === 'solicit' ? MessageType.Advertise : MessageType.Reply
    const server = findOption(answer.options, serverIdOption)
    if (answer.type !== awaited || server === undefined) return
    const address = addressIn(answer)
    if (address === undefined) {
      this.#report('refused', question, nowMs, server)
    } else if (question === 'solicit') {
      this.#report('offered', question, nowMs, server)
      // At once: how long a client waits for better offers is its own affair.
      this.#ask('request', [option(serverIdOption, server), associationWith([address])], nowMs)
    } else {
      this.#held = address
      this.#exchange = undefined
      this.#report('granted', question, nowMs, server)
    }
  }

  #ask(question: Question, more: readonly OptionInstance[], nowMs: number): void {
    const { random } = this.#parts
    const waitMs = nextWaitMs(rules[question], undefined, random())
    const transactionId = Math.floor(random() * 0x1_00_00_00)
    this.#say({ question, transactionId, beganAtMs: nowMs, more, messages: 1, waitMs, dueAtMs: nowMs + waitMs }, nowMs)
  }

  #say(exchange: Exchange, nowMs: number): void {
    this.#exchange = exchange
    const { question, transactionId, beganAtMs, more } = exchange
    const hundredths = Math.min(ELAPSED_MAX, Math.floor((nowMs - beganAtMs) / 10))
    const octets = encodeDatagram({
      kind: 'client-server',
      type: messageTypes[question],
      transactionId,
      options: [
        option(clientIdOption, clientDuid(this.#parts.client)),
        option(elapsedTimeOption, hundredths),
        option(optionRequestOption, [OptionCode.DnsServers, OptionCode.DomainList]),
        ...more,
      ],
    })
    this.#report('asked', question, nowMs)
    this.#parts.send(octets)
  }

  #report(event: ClientEvent['event'], question: Question, atMs: number, server?: Duid): void {
    const { kind, client, report } = this.#parts
    report({ event, kind, client, question, atMs, ...(server === undefined ? {} : { server }) })
  }
}

function associationWith(addresses: readonly Ipv6Address[]): OptionInstance {
  const options = addresses.map((address) =>
    option(iaAddressOption, { address, preferredLifetime: 0, validLifetime: 0, options: [] }),
  )
  return option(iaNaOption, { iaid: IAID, t1: 0, t2: 0, options })
}

/** The address that an answer grants or offers: a lifetime of zero takes one away. */
function addressIn(answer: ClientServerMessage): Ipv6Address | undefined {
  const association = findOption(answer.options, iaNaOption)
  const lease = association === undefined ? undefined : findOption(association.options, iaAddressOption)
  return lease === undefined || lease.validLifetime === 0 ? undefined : lease.address
}
