/** The shape of a checker: it watches a world and reports what must never be seen. */
import type { Role } from '@tandem/engine'
import type { World, WorldObserver } from '../world/world.ts'
import type { Onlooker } from './onlooker.ts'

export interface Violation {
  readonly checker: string
  readonly atMs: number
  readonly text: string
}

export interface CheckerContext {
  readonly world: World
  /** Both servers as they were before the present step. */
  readonly onlooker: Onlooker
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
