/** The copy of the engine's tables that lies in the API's contract, and how it is written. */
import type { FailoverStates } from '../../packages/api-contract/src/resources/failover-states.ts'

export { failoverStateMachine as writtenStates } from '../../packages/api-contract/src/failover-states/transition-table.ts'

export const WRITTEN_FILE = 'packages/api-contract/src/failover-states/transition-table.ts'

export function tableText(states: FailoverStates): string {
  return `/** The ten failover states and every way from one to another: written from the engine's tables by tooling/failover-states, do not edit. */
import type { FailoverStates } from '../resources/failover-states.ts'

export const failoverStateMachine: FailoverStates = ${JSON.stringify(states, undefined, 2)}
`
}
