/** What may happen to the engine: the inward vocabulary of the door. */
import type { Ipv6Prefix } from '@tandem/protocol'
import type { LeaseKind } from './bindings/binding.ts'
import type { Instant } from './time/instant.ts'

export type ConnectionId = number

/** UDP peer; the address is text with its zone, exactly as the socket gave it. */
export interface DatagramPeer {
  readonly address: string
  readonly port: number
}

export interface DatagramReceived {
  readonly kind: 'datagram-received'
  readonly listenerId: string
  readonly from: DatagramPeer
  readonly bytes: Uint8Array
  readonly arrivedAt: Instant
}

/** A TCP connection stands: dialled at the engine's request, or accepted from a partner's address. */
export interface StreamOpened {
  readonly kind: 'stream-opened'
  readonly connection: ConnectionId
  readonly direction: 'dialled' | 'accepted'
  /** Address of the peer without zone. */
  readonly peerAddress: string
  /** Only when dialled: what it was dialled for. */
  readonly relationship: string | undefined
}

export interface DialFailed {
  readonly kind: 'dial-failed'
  readonly relationship: string
  readonly reason: string
}

/** The TLS handshake is done and the peer's certificate is one that the relationship accepts. */
export interface StreamSecured {
  readonly kind: 'stream-secured'
  readonly connection: ConnectionId
  readonly peerCertificate: string
}

export interface StreamClosed {
  readonly kind: 'stream-closed'
  readonly connection: ConnectionId
  readonly reason: string
}

/** One whole frame without its two size octets. */
export interface FrameReceived {
  readonly kind: 'frame-received'
  readonly connection: ConnectionId
  readonly bytes: Uint8Array
  /** When its last octet arrived, taken in the socket handler. */
  readonly arrivedAt: Instant
}

export interface DeadlineReached {
  readonly kind: 'deadline-reached'
}

/** The clock passed what was durably promised as "running until": stall, suspension. All connections are gone. */
export interface TimeGap {
  readonly kind: 'time-gap'
  readonly from: Instant
}

export interface ListenerDown {
  readonly listenerId: string
  /** In words, for example `interface eth0 has no carrier`. */
  readonly reason: string
}

/** What the sockets for clients, and the interfaces under them, have come to. */
export interface ListenersChanged {
  readonly kind: 'listeners-changed'
  /** All that hear nobody now, not only those that have just fallen silent. */
  readonly down: readonly ListenerDown[]
}

export interface DeclarePartnerDown {
  readonly kind: 'declare-partner-down'
  readonly relationship: string
  readonly reason: string
  /** The state that the operator saw; a different present state refuses the command. */
  readonly seenState: string
  /** Go on although the partner is in contact, or although leases may be missing here (decision 0071). */
  readonly force: boolean
  /** Since when the operator knows that the partner has not been running; undefined: only since now (decision 0072). */
  readonly downSince?: Instant | undefined
}

/** An ABANDONED lease becomes RESET: the operator has found out that nothing on the link uses it (RFC 8156 section 7.2). */
export interface ResetLease {
  readonly kind: 'reset-lease'
  readonly leaseKind: LeaseKind
  readonly prefix: Ipv6Prefix
  readonly reason: string
}

/** An ACTIVE lease ends: the operator knows that its client is gone and will not use it any more (decision 0115). */
export interface ReleaseLease {
  readonly kind: 'release-lease'
  readonly leaseKind: LeaseKind
  readonly prefix: Ipv6Prefix
  readonly reason: string
}

/** The partner is told of a lease once more, whatever it has acknowledged before: its record is another one (decision 0128). */
export interface ResendLease {
  readonly kind: 'resend-lease'
  readonly leaseKind: LeaseKind
  readonly prefix: Ipv6Prefix
  readonly reason: string
}

/** Of one lease. */
export type LeaseCommand = ResetLease | ReleaseLease | ResendLease

/** Service goes to the partner for maintenance, until it is taken back (decision 0089). */
export interface HandOverService {
  readonly kind: 'hand-over'
  readonly relationship: string
  readonly reason: string
}

export interface TakeServiceBack {
  readonly kind: 'take-back'
  readonly relationship: string
  readonly reason: string
}

/** Ask the partner for all that it has: UPDREQALL (RFC 8156 section 5.3.6). */
export interface Resynchronize {
  readonly kind: 'resync'
  readonly relationship: string
  readonly reason: string
}

/** Even out every proportional pool to the configured share now, however little it is off (RFC 8156 section 4.2.2). */
export interface Rebalance {
  readonly kind: 'rebalance'
  readonly relationship: string
  readonly reason: string
}

/** Of a whole relationship, told apart by whether the state allows it and by nothing else. */
export type ServiceCommand = HandOverService | TakeServiceBack | Resynchronize | Rebalance

/** Nothing new is given from a pool, and what its clients have of it is not extended (decision 0117). Of this server only. */
export interface DrainPool {
  readonly kind: 'drain-pool'
  /** Its id. */
  readonly pool: string
  readonly reason: string
}

export interface StopDraining {
  readonly kind: 'stop-draining'
  readonly pool: string
  readonly reason: string
}

/** Of one pool. */
export type PoolCommand = DrainPool | StopDraining

/** Send what is owed, then DISCONNECT (ServerShuttingDown) on every connection. */
export interface ShutDown {
  readonly kind: 'shut-down'
}

export type Command = DeclarePartnerDown | ServiceCommand | LeaseCommand | PoolCommand | ShutDown

export interface CommandReceived {
  readonly kind: 'command-received'
  readonly commandId: string
  readonly operator: string
  readonly command: Command
}

export type EngineEvent =
  | DatagramReceived
  | StreamOpened
  | DialFailed
  | StreamSecured
  | StreamClosed
  | FrameReceived
  | DeadlineReached
  | TimeGap
  | ListenersChanged
  | CommandReceived
