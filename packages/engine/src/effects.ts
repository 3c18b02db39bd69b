/** What the engine answers: what to make durable, then what to release, in this order. */
import type { PoolDrain } from './allocation/pool-drains.ts'
import type { Binding } from './bindings/binding.ts'
import type { ConnectionId, DatagramPeer } from './events.ts'
import type { EndpointRecord, EndpointState } from './failover/endpoint-record.ts'
import type { ReservationRecord } from './failover/reservation-agreement.ts'
import type { Notice } from './notices.ts'
import type { Instant } from './time/instant.ts'

export interface BindingPut {
  readonly kind: 'binding-put'
  readonly binding: Binding
}

export interface EndpointPut {
  readonly kind: 'endpoint-put'
  readonly endpoint: EndpointRecord
}

export interface ReservationsPut {
  readonly kind: 'reservations-put'
  readonly reservations: ReservationRecord
}

/** All drains that there are now; the ones before are void. */
export interface DrainsPut {
  readonly kind: 'drains-put'
  readonly drains: readonly PoolDrain[]
}

/** One line of an endpoint's history: why it moved, by which rule, from which inputs. */
export interface TransitionRecord {
  readonly relationship: string
  readonly at: Instant
  readonly from: EndpointState
  readonly to: EndpointState
  readonly cause: string
  /** Section that governs it, for example `RFC 8156 8.9.2`. */
  readonly rule: string
  readonly inputs: Readonly<Record<string, string | number | boolean>>
  readonly operator: string | undefined
}

export interface TransitionAdded {
  readonly kind: 'transition-added'
  readonly transition: TransitionRecord
}

export interface AuditRecord {
  readonly at: Instant
  readonly operator: string
  readonly action: string
  readonly target: string
  readonly reason: string
  readonly commandId: string
  readonly outcome: 'done' | 'refused'
  readonly detail: string
}

export interface AuditAdded {
  readonly kind: 'audit-added'
  readonly audit: AuditRecord
}

export type StorageChange = BindingPut | EndpointPut | ReservationsPut | DrainsPut | TransitionAdded | AuditAdded

export interface SendDatagram {
  readonly kind: 'send-datagram'
  readonly listenerId: string
  readonly to: DatagramPeer
  readonly bytes: Uint8Array
  /** When the request arrived that this answers: the adapter drops an answer older than two seconds. */
  readonly requestArrivedAt: Instant
}

export interface DialStream {
  readonly kind: 'dial-stream'
  readonly relationship: string
}

/** Start TLS on the connection; the answer is `stream-secured` or `stream-closed`. */
export interface SecureStream {
  readonly kind: 'secure-stream'
  readonly connection: ConnectionId
  readonly as: 'client' | 'server'
  readonly relationship: string
}

/** A whole frame with its size octets; the adapter stamps sent-time when the socket takes it. */
export interface SendFrame {
  readonly kind: 'send-frame'
  readonly connection: ConnectionId
  readonly bytes: Uint8Array
}

/** Close after everything sent before has left. No `stream-closed` follows. */
export interface CloseStream {
  readonly kind: 'close-stream'
  readonly connection: ConnectionId
  readonly reason: string
}

export type CommandRefusal =
  | 'unknown-relationship'
  | 'state-changed'
  | 'state-does-not-allow'
  | 'partner-in-contact'
  | 'hears-no-client'
  | 'leases-may-be-missing'
  | 'down-since-impossible'
  | 'unknown-lease'
  | 'unknown-pool'
  | 'lease-not-quarantined'
  | 'lease-not-active'
  | 'lease-not-shared'
  | 'client-just-heard'
  | 'shutting-down'
  | 'partner-not-told'

export type CommandResult =
  | { readonly ok: true; readonly detail: string }
  | {
      readonly ok: false
      readonly refusal: CommandRefusal
      readonly detail: string
      readonly currentState: EndpointState | undefined
    }

export interface CommandAnswered {
  readonly kind: 'command-answered'
  readonly commandId: string
  readonly result: CommandResult
}

/** After `shut-down`: nothing more will come; the process may end. */
export interface ShutDownComplete {
  readonly kind: 'shut-down-complete'
}

export type Output =
  | SendDatagram
  | DialStream
  | SecureStream
  | SendFrame
  | CloseStream
  | CommandAnswered
  | ShutDownComplete

export interface Effects {
  /** All or nothing, in this order. */
  readonly commit: readonly StorageChange[]
  /** Only after the commit, in this order. */
  readonly afterCommit: readonly Output[]
  /** For live pages, log and metrics; released last. */
  readonly notices: readonly Notice[]
}
