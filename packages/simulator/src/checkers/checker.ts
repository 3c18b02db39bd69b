/** The shape of a checker: it watches a world and reports what must never be seen. */
import type { EndpointState, Role } from '@tandem/engine'
import type { World, WorldObserver } from '../world/world.ts'

export interface Violation {
  readonly checker: string
  readonly atMs: number
  readonly text: string
}

export interface CheckerContext {
  readonly world: World
  readonly report: (text: string) => void
}

export interface Checker {
  readonly name: string
  readonly property: string
  readonly watch: (context: CheckerContext) => WorldObserver
}

export function defineChecker(checker: Checker): Checker {
  return checker
}

export function roleOf(server: string): Role {
  return server === 'primary' ? 'primary' : 'secondary'
}

/** The endpoint state of each server as its engine has decided it, step by step. */
export class DecidedStates implements WorldObserver {
  readonly #states = new Map<string, EndpointState>()

  of(server: string): EndpointState {
    return this.#states.get(server) ?? 'STARTUP'
  }

  started(server: string): void {
    this.#states.set(server, 'STARTUP')
  }

  move(server: string, to: EndpointState): void {
    this.#states.set(server, to)
  }

  decided: NonNullable<WorldObserver['decided']> = (server, _event, effects) => {
    for (const change of effects.commit) {
      if (change.kind === 'transition-added') this.#states.set(server, change.transition.to)
    }
  }
}
