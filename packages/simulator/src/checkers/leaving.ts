/** Servers that an operator has told to answer nobody: they shut down, or are handed over for maintenance (decision 0089). */
import type { Effects, EngineEvent } from '@tandem/engine'
import type { Onlooker } from './onlooker.ts'

export class Leaving {
  readonly #onlooker: Onlooker
  readonly #shuttingDown = new Set<string>()
  /** The command that a server works on: the partner is told what it is owed, and then the operator is answered. */
  readonly #handingOver = new Map<string, string>()

  constructor(onlooker: Onlooker) {
    this.#onlooker = onlooker
  }

  started(server: string): void {
    this.#shuttingDown.delete(server)
    this.#handingOver.delete(server)
  }

  decided(server: string, event: EngineEvent, effects: Effects): void {
    if (event.kind === 'command-received') {
      if (event.command.kind === 'shut-down') this.#shuttingDown.add(server)
      if (event.command.kind === 'hand-over') this.#handingOver.set(server, event.commandId)
    }
    // By no clock: behind a slow disk the time for it passes before the server can look at it.
    for (const output of effects.afterCommit) {
      const isAnswer = output.kind === 'command-answered' && output.commandId === this.#handingOver.get(server)
      if (isAnswer) this.#handingOver.delete(server)
    }
  }

  has(server: string): boolean {
    if (this.#shuttingDown.has(server) || this.#handingOver.has(server)) return true
    return this.#onlooker.endpointOf(server)?.handedOver !== undefined
  }
}
