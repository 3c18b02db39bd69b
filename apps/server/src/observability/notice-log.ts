/** Notices as log lines with stable identifiers; what the network can cause without end is written once in a window. */
import type { ConnectionChanged, Notice, StorageOlderThanTold } from '@tandem/engine'
import type { EngineService } from '../engine/engine-service.ts'
import type { LogCase } from './log-messages.ts'
import type { Log, LogFields } from './log.ts'

export type NoticeLine = LogCase & {
  readonly message: string
  readonly fields?: LogFields
  /** Lines with the same text here are written once a window, with the count of those left out. */
  readonly limitedAs?: string
  /** How long such a window is, if not the usual ten seconds. */
  readonly windowMs?: number
}

const WINDOW_MS = 10_000
const WINDOW_WHILE_AWAY_MS = 10 * 60_000

const CONNECTION_WORDS: Readonly<Record<ConnectionChanged['change'], string>> = {
  established: 'connected to the partner',
  lost: 'the connection to the partner is lost',
  refused: 'the connection was refused',
  'dial-failed': 'the partner cannot be reached',
  'rejected-peer': 'a caller was turned away',
}

/** Undefined: an everyday thing that counters show, and no line. */
export function lineOf(notice: Notice): NoticeLine | undefined {
  switch (notice.kind) {
    case 'datagram-answered':
    case 'lease-changed':
      return undefined
    case 'datagram-unanswered':
      if (notice.reason !== 'malformed') return undefined
      return {
        level: 'warning',
        id: 'DHCP_MALFORMED',
        message: `a datagram could not be read: ${notice.detail}`,
        limitedAs: 'datagram',
      }
    case 'allocation-failed':
      return {
        level: 'warning',
        id: 'ALLOC_FAILED',
        message: `no ${notice.leaseKind} for a client: ${notice.reason}`,
        fields: { subnet: notice.subnetId, client: notice.clientDuid },
        limitedAs: `${notice.leaseKind} ${notice.subnetId} ${notice.reason}`,
      }
    case 'failover-state-changed':
    case 'partner-state-changed':
    case 'connection-changed':
    case 'frame-malformed':
    case 'update-rejected':
    case 'storage-older-than-told':
    case 'clock-skew-seen':
    case 'dns-data-ignored':
    case 'reservations-differ':
      return failoverLineOf(notice)
    case 'listeners-changed':
      return listenersLine(notice)
    case 'clients-unanswered':
      return unansweredLine(notice)
    case 'pool-drain-changed':
      return drainLine(notice)
  }
}

type ClientNoticeKind =
  | 'datagram-answered'
  | 'lease-changed'
  | 'datagram-unanswered'
  | 'allocation-failed'
  | 'listeners-changed'
  | 'clients-unanswered'
  | 'pool-drain-changed'

function failoverLineOf(notice: Exclude<Notice, { readonly kind: ClientNoticeKind }>): NoticeLine {
  switch (notice.kind) {
    case 'failover-state-changed':
      return {
        level: notice.alarm ? 'warning' : 'info',
        id: 'FO_STATE_TRANSITION',
        message: `${notice.relationship}: ${notice.from} -> ${notice.to}: ${notice.cause}`,
        fields: { rule: notice.rule },
      }
    case 'partner-state-changed':
      return {
        level: 'info',
        id: 'FO_PARTNER_STATE',
        message: `${notice.relationship}: the partner is in ${notice.to}`,
        fields: { before: notice.from },
      }
    case 'connection-changed':
      return {
        level: notice.change === 'established' ? 'info' : 'warning',
        id: 'FO_CONNECTION',
        message: `${notice.relationship ?? 'no relationship'}: ${CONNECTION_WORDS[notice.change]}: ${notice.detail}`,
        limitedAs: `${notice.relationship} ${notice.change}`,
        // A partner that is away is called every few seconds, for hours: the first failure is news, its repetition is not.
        ...(notice.change === 'dial-failed' ? { windowMs: WINDOW_WHILE_AWAY_MS } : {}),
      }
    case 'frame-malformed':
      return {
        level: 'warning',
        id: 'FO_MALFORMED',
        message: `${notice.relationship ?? 'no relationship'}: a frame could not be read: ${notice.detail}`,
        limitedAs: `frame ${notice.relationship}`,
      }
    case 'update-rejected':
      return {
        level: 'warning',
        id: 'FO_UPDATE_REJECTED',
        message: `${notice.relationship}: ${notice.by === 'us' ? 'we' : 'the partner'} rejected an update: ${notice.detail}`,
        fields: { lease: notice.lease, status: notice.statusCode },
        limitedAs: `${notice.relationship} ${notice.by} ${notice.statusCode}`,
      }
    case 'reservations-differ':
      return {
        level: 'warning',
        id: 'FO_RESERVATIONS_DIFFER',
        message: `${notice.relationship}: the partner has other reservations, so each server gives reserved leases from its own part only`,
      }
    case 'storage-older-than-told':
      return oldStorageLine(notice)
    case 'clock-skew-seen':
      return {
        level: 'warning',
        id: 'FO_CLOCK_SKEW',
        message: notice.excessive
          ? `${notice.relationship}: a message was ${notice.skewMs} ms off; more than five seconds end the connection`
          : `${notice.relationship}: the clocks of the partners differ by ${notice.skewMs} ms; beyond five seconds they drop their connection`,
        limitedAs: `${notice.relationship} ${notice.excessive}`,
      }
    case 'dns-data-ignored':
      return {
        level: 'warning',
        id: 'FO_DNS_IGNORED',
        message: `${notice.relationship}: the partner keeps DNS records for its leases; this server takes the leases and leaves DNS alone`,
        limitedAs: notice.relationship,
      }
  }
}

function listenersLine({ down, blind }: Extract<Notice, { kind: 'listeners-changed' }>): NoticeLine {
  const reasons = down.map(({ reason }) => reason).join('; ')
  if (blind) {
    const message = `no client can be heard (${reasons}): the partner is left, so that it serves`
    return { level: 'error', id: 'NO_CLIENT_HEARD', message }
  }
  return down.length === 0
    ? { level: 'info', id: 'LISTENERS_UP', message: 'clients can be heard on every listener' }
    : { level: 'warning', id: 'LISTENER_DOWN', message: `clients cannot be heard: ${reasons}` }
}

function unansweredLine({ relationship, count, alarm }: Extract<Notice, { kind: 'clients-unanswered' }>): NoticeLine {
  return alarm
    ? {
        level: 'warning',
        id: 'CLIENTS_UNANSWERED',
        message: `${relationship}: ${count} clients keep asking and get no lease: perhaps the primary does not hear or answer them, though it is in contact`,
        limitedAs: relationship,
      }
    : {
        level: 'info',
        id: 'CLIENTS_ANSWERED_AGAIN',
        message: `${relationship}: hardly any client keeps asking the primary in vain now (${count})`,
        limitedAs: relationship,
      }
}

function drainLine(notice: Extract<Notice, { kind: 'pool-drain-changed' }>): NoticeLine {
  const { pool, isDraining, operator, reason, leasesLeft } = notice
  const fields = { operator, leasesLeft }
  return isDraining
    ? { level: 'info', id: 'POOL_DRAINING', message: `${pool} is being drained: ${reason}`, fields }
    : {
        level: 'info',
        id: 'POOL_NOT_DRAINING',
        message: `${pool} gives leases to new clients again: ${reason}`,
        fields,
      }
}

function oldStorageLine({ relationship, lease, clientHeardAt }: StorageOlderThanTold): NoticeLine {
  return {
    level: 'error',
    id: 'STORAGE_OLDER_THAN_TOLD',
    message:
      `${relationship}: the partner knows of a promise of ours that is not in our storage, which seems to be an old copy: ` +
      'stop this server, run "tandem restore", and start it again',
    fields: { lease, clientHeardAt: new Date(clientHeardAt).toISOString() },
    limitedAs: relationship,
    windowMs: WINDOW_WHILE_AWAY_MS,
  }
}

/** Writes the first line of each kind at once, and the count of the others when their window ends. */
export class LimitedLog {
  private readonly windows = new Map<string, { readonly untilMs: number; readonly of: LogCase; leftOut: number }>()

  constructor(
    private readonly log: Log,
    private readonly clock: () => number,
  ) {}

  write(line: NoticeLine): void {
    if (line.limitedAs === undefined) {
      this.log.write(line.level, line.id, line.message, line.fields)
      return
    }
    const key = `${line.id} ${line.limitedAs}`
    const nowMs = this.clock()
    const open = this.windows.get(key)
    if (open !== undefined && nowMs < open.untilMs) {
      open.leftOut += 1
      return
    }
    const leftOut = open?.leftOut ?? 0
    this.windows.set(key, { untilMs: nowMs + (line.windowMs ?? WINDOW_MS), of: line, leftOut: 0 })
    this.log.write(line.level, line.id, line.message, { ...line.fields, ...(leftOut > 0 ? { leftOut } : {}) })
  }

  /** Called now and then: says what was left out when nothing more came, and forgets windows that are over. */
  flush(): void {
    const nowMs = this.clock()
    for (const [key, { untilMs, of, leftOut }] of this.windows) {
      if (nowMs < untilMs) continue
      this.windows.delete(key)
      if (leftOut > 0) this.log.write(of.level, of.id, `the same ${leftOut} times more`, { leftOut })
    }
  }
}

/** Answers the function that ends it. */
export function logNotices(engine: EngineService, log: Log, clock: () => number): () => void {
  const limited = new LimitedLog(log, clock)
  const stop = engine.onNotices((notices) => {
    for (const { notice } of notices) {
      const line = lineOf(notice)
      if (line !== undefined) limited.write(line)
    }
  })
  const timer = setInterval(() => limited.flush(), WINDOW_MS)
  timer.unref()
  return () => {
    stop()
    clearInterval(timer)
  }
}
