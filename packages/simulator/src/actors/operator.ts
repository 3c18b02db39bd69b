/** A person at a console: declares a partner down only when that server is known to be dead (RFC 8156 section 8.4). */
import type { CommandResult, Instant } from '@tandem/engine'
import type { ServerProcess } from '../world/server-process.ts'
import type { NamedLease } from './client-message.ts'

export class Operator {
  readonly name: string
  #nextCommand = 1
  readonly #asked = new Map<string, ServerProcess>()

  constructor(name: string) {
    this.name = name
  }

  /** The answer is found under the returned id once it is released. */
  declarePartnerDown(server: ServerProcess, force = false, downSince?: Instant): string {
    const commandId = this.#newCommand(server)
    server.command(commandId, this.name, {
      kind: 'declare-partner-down',
      relationship: 'pair',
      reason: 'its machine does not run',
      seenState: server.publishedState ?? 'unknown',
      force,
      downSince,
    })
    return commandId
  }

  /** For maintenance, and back; refused where the state does not allow it. */
  service(server: ServerProcess, kind: 'hand-over' | 'take-back' | 'resync' | 'rebalance'): string {
    const commandId = this.#newCommand(server)
    server.command(commandId, this.name, { kind, relationship: 'pair', reason: 'new memory' })
    return commandId
  }

  /** Of a declined address, once nothing on its link uses it any more. */
  resetLease(server: ServerProcess, { kind, prefix }: NamedLease): string {
    const commandId = this.#newCommand(server)
    const reason = 'whatever used it is gone'
    server.command(commandId, this.name, { kind: 'reset-lease', leaseKind: kind, prefix, reason })
    return commandId
  }

  /** Of a client that is gone. */
  releaseLease(server: ServerProcess, { kind, prefix }: NamedLease): string {
    const commandId = this.#newCommand(server)
    const reason = 'its client is gone'
    server.command(commandId, this.name, { kind: 'release-lease', leaseKind: kind, prefix, reason })
    return commandId
  }

  /** Nothing new from it, or again as ever. */
  pool(server: ServerProcess, kind: 'drain-pool' | 'stop-draining', pool: string): string {
    const commandId = this.#newCommand(server)
    server.command(commandId, this.name, { kind, pool, reason: 'its range goes to another site' })
    return commandId
  }

  #newCommand(server: ServerProcess): string {
    const commandId = `${this.name}-${this.#nextCommand}`
    this.#nextCommand += 1
    this.#asked.set(commandId, server)
    return commandId
  }

  shutDown(server: ServerProcess): void {
    server.command(`${this.name}-shut-down-${this.#nextCommand}`, this.name, { kind: 'shut-down' })
    this.#nextCommand += 1
  }

  answerTo(commandId: string): CommandResult | undefined {
    return this.#asked.get(commandId)?.answers.get(commandId)
  }
}
