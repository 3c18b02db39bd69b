/** What the process runs with: the node section for the adapters, the service sections for the engine. */
import type { EngineConfiguration, FailoverTransport, Role } from '@tandem/engine'

export interface InterfaceListener {
  readonly id: string
  readonly kind: 'interface'
  readonly interfaceName: string
  readonly port: number
  readonly replyTo: 'relay-port' | 'source'
}

export interface UnicastListener {
  readonly id: string
  readonly kind: 'unicast'
  /** IPv6 address as text, with zone where it needs one. */
  readonly address: string
  readonly port: number
  readonly replyTo: 'relay-port' | 'source'
}

export type ClientListener = InterfaceListener | UnicastListener

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3'

export interface TlsFiles {
  readonly certificateFile: string
  readonly keyFile: string
  /** Certificates of the authorities that the peer's certificate must come from. */
  readonly authorityFile: string
  /** Names (subject alternative names) that a peer's certificate may carry; at least one. */
  readonly acceptedNames: readonly string[]
  /** The oldest version that is spoken. */
  readonly minimumVersion: TlsVersion
}

/** The private channel of a relationship: this server answers its partner on local, and asks it at partner (decision 0108). */
export interface PartnerChannel {
  readonly localAddress: string
  readonly localPort: number
  readonly partnerAddress: string
  readonly partnerPort: number
  /** Operators and API tokens are those of the partner too (decision 0103). */
  readonly sharesAccounts: boolean
}

/** Failover TCP of one relationship: the primary dials from local to partner, the secondary listens on local. */
export interface PartnerLink {
  readonly relationship: string
  readonly role: Role
  readonly localAddress: string
  readonly localPort: number
  readonly partnerAddress: string
  readonly partnerPort: number
  readonly transport: FailoverTransport
  readonly tls: TlsFiles | undefined
  /** Secured with tls, which is there wherever this is. */
  readonly channel: PartnerChannel | undefined
  /** Where the partner's console is, for the link on our pages. */
  readonly partnerConsoleUrl: string | undefined
}

export interface ApiListener {
  readonly host: string
  readonly port: number
  /** Certificate and key of the console; undefined: plain HTTP, loopback only. */
  readonly tls: ConsoleTls | undefined
}

export interface ConsoleTls {
  readonly certificateFile: string
  readonly keyFile: string
  /** The server makes both files itself, for these names beside those of the host; undefined: they are the operator's. */
  readonly selfMade: { readonly names: readonly string[] } | undefined
}

/** How much of what explains is kept; what is beyond age or count goes. */
export interface HistoryKept {
  readonly leaseSeconds: number
  readonly leaseRows: number
  readonly eventSeconds: number
  readonly eventRows: number
  readonly decisionSeconds: number
  readonly decisionRows: number
}

export interface NodeConfiguration {
  readonly name: string
  /** `file:/absolute/path.db`. */
  readonly storageUrl: string
  readonly clientListeners: readonly ClientListener[]
  readonly partnerLinks: readonly PartnerLink[]
  readonly api: ApiListener
  readonly metrics: {
    /** Read without a token. */
    readonly isOpen: boolean
    /** Also under the names that dashboards for Kea expect. */
    readonly keaNames: boolean
  }
  readonly history: HistoryKept
}

export interface ServerConfiguration {
  readonly node: NodeConfiguration
  /** Everything but the DUID, which storage holds. */
  readonly engine: Omit<EngineConfiguration, 'serverDuid'>
  readonly source: { readonly file: string; readonly text: string; readonly sha256: string }
  /** Said loudly at start and shown in the console, for example that short timers are allowed. */
  readonly warnings: readonly string[]
}
