/** What main thread and data plane say to each other; plain values, since they cross between threads. */
import type { MessagePort } from 'node:worker_threads'
import type { Command, CommandResult, EngineConfiguration } from '@tandem/engine'
import type { ClientListener, PartnerLink } from '../configuration/server-configuration.ts'
import type { PublishedNotice, PublishedView } from './engine-service.ts'

export interface DataPlaneStart {
  readonly dataPlane: true
  readonly storageUrl: string
  readonly storagePort: MessagePort
  readonly engine: EngineConfiguration
  readonly clientListeners: readonly ClientListener[]
  readonly partnerLinks: readonly PartnerLink[]
}

export type ToDataPlane =
  | { readonly kind: 'command'; readonly commandId: string; readonly operator: string; readonly command: Command }
  | { readonly kind: 'shut-down' }

export type LogLevel = 'information' | 'warning' | 'alarm'

export type FromDataPlane =
  | { readonly kind: 'ready'; readonly listeners: readonly string[] }
  | { readonly kind: 'view'; readonly view: PublishedView }
  | { readonly kind: 'notices'; readonly notices: readonly PublishedNotice[] }
  | { readonly kind: 'answer'; readonly commandId: string; readonly result: CommandResult }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly message: string }
  /** Storage has failed for so long that nobody is served, or does so no more. */
  | { readonly kind: 'storage'; readonly fails: boolean }
  /** In order; nothing comes after it. */
  | { readonly kind: 'stopped' }
  /** The process has to end with this reason. */
  | { readonly kind: 'failed'; readonly reason: string }
