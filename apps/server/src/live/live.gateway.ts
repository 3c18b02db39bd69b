/** The WebSocket under /api/v1/live: greets, resumes, keeps alive, and ends with the sign-in that opened it. */
import type { IncomingMessage } from 'node:http'
import { Inject } from '@nestjs/common'
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common'
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets'
import type { OnGatewayConnection, OnGatewayDisconnect } from '@nestjs/websockets'
import { LIVE_PATH, LiveClientMessage, LiveCloseCode } from '@tandem/api-contract'
import type { WebSocket } from 'ws'
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import { CONFIGURATION } from '../http/injection-tokens.ts'
import { principalOf } from '../http/principal.ts'
import { isoOf } from '../http/view-values.ts'
import { Access } from '../sessions/access.ts'
import { LiveConnection } from './live-connection.ts'
import { LiveFeed } from './live-feed.ts'
import { LivePublisher } from './live-publisher.ts'

const HEARTBEAT_SECONDS = 15
/** Who neither resumes nor subscribes within this gets events all the same. */
const START_AFTER_MS = 500
/** A database that is slow keeps nobody from being greeted. */
const GREET_WITHIN_MS = 2_000

/** Each may keep half a megabyte waiting before it is let go. */
const CONNECTIONS_MAX = 500

interface Watcher {
  readonly connection: LiveConnection
  readonly endings: (() => void)[]
  /** While this listener wants single leases. */
  endSingleLeases?: (() => void) | undefined
}

@WebSocketGateway({ path: LIVE_PATH })
export class LiveGateway
  implements
    OnGatewayConnection<WebSocket>,
    OnGatewayDisconnect<WebSocket>,
    OnApplicationBootstrap,
    OnApplicationShutdown
{
  private readonly watchers = new Map<WebSocket, Watcher>()
  private readonly stops: (() => void)[] = []

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: ServerConfiguration,
    @Inject(LiveFeed) private readonly feed: LiveFeed,
    @Inject(LivePublisher) private readonly publisher: LivePublisher,
    @Inject(Access) private readonly access: Access,
  ) {}

  onApplicationBootstrap(): void {
    const timer = setInterval(() => void this.beat(), HEARTBEAT_SECONDS * 1000)
    this.stops.push(
      () => clearInterval(timer),
      this.access.onEnd((principalId) => this.closeAllOf(principalId)),
    )
  }

  onApplicationShutdown(): void {
    for (const stop of this.stops.splice(0)) stop()
    for (const { connection } of this.watchers.values()) connection.close(LiveCloseCode.shuttingDown, 'shutting down')
  }

  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    const principal = principalOf(request)
    if (principal === undefined) {
      socket.terminate()
      return
    }
    if (this.watchers.size >= CONNECTIONS_MAX) {
      socket.close(LiveCloseCode.tooMany, 'too many live connections')
      return
    }
    const connection = new LiveConnection(socket, principal, this.feed, Date.now)
    const watcher: Watcher = { connection, endings: [() => connection.end(), this.publisher.watch()] }
    this.watchers.set(socket, watcher)
    socket.on('pong', () => {
      connection.answeredPing = true
    })
    void this.greet(socket, watcher)
  }

  /** What happened while nobody listened gets its number before the newcomer is told where the stream stands. */
  private async greet(socket: WebSocket, { connection, endings }: Watcher): Promise<void> {
    await Promise.race([this.publisher.refresh(), afterMs(GREET_WITHIN_MS)])
    if (!this.watchers.has(socket)) return
    const { epoch, sequence } = this.feed
    const serverName = this.configuration.node.name
    connection.say({ event: 'hello', data: { epoch, sequence, serverName, heartbeatSeconds: HEARTBEAT_SECONDS } })
    const timer = setTimeout(() => void this.startFresh(connection, sequence), START_AFTER_MS)
    endings.push(() => clearTimeout(timer))
  }

  handleDisconnect(socket: WebSocket): void {
    const watcher = this.watchers.get(socket)
    for (const end of watcher?.endings ?? []) end()
    watcher?.endSingleLeases?.()
    this.watchers.delete(socket)
  }

  @SubscribeMessage('resume')
  async resume(@ConnectedSocket() socket: WebSocket, @MessageBody() data: unknown): Promise<void> {
    const message = LiveClientMessage.safeParse({ event: 'resume', data })
    const connection = this.watchers.get(socket)?.connection
    if (connection === undefined || connection.isStarted) return
    if (!message.success || message.data.event !== 'resume') return this.refuse(connection, 'resume')
    // Nothing was put together while nobody listened: what changed meanwhile gets its number now.
    await this.publisher.refresh()
    const { epoch, fromSequence } = message.data.data
    if (connection.isStarted) return
    if (epoch === this.feed.epoch && this.feed.since(fromSequence) !== undefined) {
      connection.say({ event: 'resumed', data: { epoch, fromSequence } })
      connection.startAfter(fromSequence)
      return
    }
    connection.askToRefetch(epoch === this.feed.epoch ? 'that is too long ago' : 'the server has been started since')
    connection.start()
  }

  @SubscribeMessage('subscribe')
  subscribe(@ConnectedSocket() socket: WebSocket, @MessageBody() data: unknown): void {
    const message = LiveClientMessage.safeParse({ event: 'subscribe', data })
    const watcher = this.watchers.get(socket)
    if (watcher === undefined) return
    const { connection } = watcher
    if (!message.success || message.data.event !== 'subscribe') return this.refuse(connection, 'subscribe')
    const { singleLeases } = message.data.data
    connection.singleLeases = singleLeases
    if (!singleLeases) {
      watcher.endSingleLeases?.()
      watcher.endSingleLeases = undefined
    } else watcher.endSingleLeases ??= this.publisher.watchSingleLeases()
  }

  private async startFresh(connection: LiveConnection, since: number): Promise<void> {
    await this.publisher.refresh()
    if (!connection.isStarted) connection.startFresh(since)
  }

  private refuse(connection: LiveConnection, event: string): void {
    connection.say({
      event: 'problem',
      data: { detail: `The message ${event} is not as the contract has it.`, remedy: 'See /api/asyncapi.json.' },
    })
  }

  private async beat(): Promise<void> {
    const at = isoOf(Date.now())
    for (const { connection } of this.watchers.values()) {
      if (!connection.answeredPing) {
        connection.terminate()
        continue
      }
      connection.ping()
      connection.say({ event: 'heartbeat', data: { at, sequence: this.feed.sequence } })
      if (!(await this.isStillValid(connection))) connection.close(LiveCloseCode.sessionEnded, 'the sign-in has ended')
    }
  }

  private async isStillValid(connection: LiveConnection): Promise<boolean> {
    try {
      return await this.access.isStillValid(connection.principal)
    } catch {
      // A database that is busy for a moment ends nobody's sign-in; the next beat asks again.
      return true
    }
  }

  private closeAllOf(principalId: string): void {
    for (const { connection } of this.watchers.values()) {
      if (connection.principal.id === principalId) connection.close(LiveCloseCode.sessionEnded, 'the sign-in has ended')
    }
  }
}

async function afterMs(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms).unref())
}
