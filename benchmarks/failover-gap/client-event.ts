/** What a client of this benchmark tells of itself: one line of JSON for each message that it sends, and each answer that it takes. */

/** `holder`: gets its lease before the failure; as `rebinding` it comes back later. */
export type ClientKind = 'holder' | 'new' | 'rebinding'

export type Question = 'solicit' | 'request' | 'rebind'

export interface ClientEvent {
  /** `offered` and `granted` only with a lease in it: an answer without one is `refused`, and the client goes on asking. */
  readonly event: 'asked' | 'offered' | 'granted' | 'refused' | 'gave-up'
  readonly kind: ClientKind
  /** Its number among all clients; a rebinding client has that of the holder that it was. */
  readonly client: number
  readonly question: Question
  /** Of the machine's monotonic clock, which is the same in all processes. */
  readonly atMs: number
  /** The DUID of who answered, in hex. */
  readonly server?: string
}

/** Milliseconds of the clock that `atMs` is of. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

const words = {
  event: ['asked', 'offered', 'granted', 'refused', 'gave-up'],
  kind: ['holder', 'new', 'rebinding'],
  question: ['solicit', 'request', 'rebind'],
} as const

/** Throws for a line that is none. */
export function readClientEvent(line: string): ClientEvent {
  const value: unknown = JSON.parse(line)
  const fields = new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : [])
  const oneOf = <T extends string>(name: string, known: readonly T[]): T => {
    const found = known.find((word) => word === fields.get(name))
    if (found === undefined) throw new Error(`no ${name} in ${line}`)
    return found
  }
  const number = (name: string): number => {
    const found = fields.get(name)
    if (typeof found !== 'number') throw new Error(`no ${name} in ${line}`)
    return found
  }
  const server = fields.get('server')
  return {
    event: oneOf('event', words.event),
    kind: oneOf('kind', words.kind),
    client: number('client'),
    question: oneOf('question', words.question),
    atMs: number('atMs'),
    ...(typeof server === 'string' ? { server } : {}),
  }
}
