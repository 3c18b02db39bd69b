/** Servers that an operator has told to answer nobody: they shut down, or are handed over for maintenance (decision 0089). */
import type { EngineEvent, Instant } from '@tandem/engine'
import type { Onlooker } from './onlooker.ts'

/** For so long the partner is told what it is owed; then the server has left, or goes on serving. */
const TELLING_MAX_MS = 1_000

export class Leaving {
  readonly #onlooker: Onlooker
  readonly #until = new Map<string, number>()

  constructor(onlooker: Onlooker) {
    this.#onlooker = onlooker
  }

  started(server: string): void {
    this.#until.delete(server)
  }

  decided(server: string, event: EngineEvent, now: Instant): void {
    if (event.kind !== 'command-received') return
    if (event.command.kind === 'shut-down') this.#until.set(server, Infinity)
    if (event.command.kind === 'hand-over') this.#until.set(server, now + TELLING_MAX_MS)
  }

  has(server: string, now: Instant): boolean {
    return now <= (this.#until.get(server) ?? 0) || this.#onlooker.endpointOf(server)?.handedOver !== undefined
  }
}
