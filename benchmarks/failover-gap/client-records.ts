/** What became of each client that began in a repeat, out of what the clients told. */
import type { ClientEvent } from './client-event.ts'

export interface ClientRecord {
  readonly kind: 'new' | 'rebinding'
  readonly startedAtMs: number
  /** SOLICITs or REBINDs until the answer, or so far. */
  readonly messages: number
  /** The first ADVERTISE or REPLY with a lease in it; undefined: none yet. */
  readonly answeredAtMs: number | undefined
  readonly answeredBy: string | undefined
  /** The REPLY with its lease. */
  readonly grantedAtMs: number | undefined
  /** Answers without a lease. */
  readonly refusals: number
}

export class ClientRecords {
  readonly #records = new Map<string, ClientRecord>()
  readonly #holderServers = new Set<string>()

  note(event: ClientEvent): void {
    if (event.kind === 'holder') {
      if (event.event === 'granted' && event.server !== undefined) this.#holderServers.add(event.server)
      return
    }
    const key = `${event.kind} ${event.client}`
    const known = this.#records.get(key) ?? unheard(event.kind, event.atMs)
    this.#records.set(key, after(known, event))
  }

  all(): readonly ClientRecord[] {
    return [...this.#records.values()]
  }

  /** The servers that gave the holders their leases. */
  get holderServers(): readonly string[] {
    return [...this.#holderServers]
  }
}

function unheard(kind: ClientRecord['kind'], startedAtMs: number): ClientRecord {
  const nothing = { answeredAtMs: undefined, answeredBy: undefined, grantedAtMs: undefined }
  return { kind, startedAtMs, messages: 0, refusals: 0, ...nothing }
}

function after(record: ClientRecord, { event, question, atMs, server }: ClientEvent): ClientRecord {
  switch (event) {
    case 'asked':
      return question === 'request' ? record : { ...record, messages: record.messages + 1 }
    case 'offered':
      return { ...record, answeredAtMs: atMs, answeredBy: server }
    case 'granted':
      return question === 'rebind'
        ? { ...record, answeredAtMs: atMs, answeredBy: server, grantedAtMs: atMs }
        : { ...record, grantedAtMs: atMs }
    case 'refused':
      return { ...record, refusals: record.refusals + 1 }
    case 'gave-up':
      return record
  }
}
