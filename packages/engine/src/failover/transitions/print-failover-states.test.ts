/** The page of the state machine is current. `vitest run -u` writes it anew. */
import { expect, it } from 'vitest'
import { printFailoverStates } from '../../../test-support/print-failover-states.ts'

it('docs/generated/failover-states.md shows the tables that the engine runs with', async () => {
  await expect(printFailoverStates()).toMatchFileSnapshot('../../../../../docs/generated/failover-states.md')
})
