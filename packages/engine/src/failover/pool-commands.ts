/** An operator drains a pool, or gives leases from it again: on this server, in whatever state, since it only gives less (decision 0117). */
import type { PoolDrains } from '../allocation/pool-drains.ts'
import type { CommandResult } from '../effects.ts'
import type { PoolCommand } from '../events.ts'
import type { Step } from '../step.ts'

export function commandPool(step: Step, operator: string, command: PoolCommand, drains: PoolDrains): CommandResult {
  const { kind, pool, reason } = command
  if (!drains.isConfigured(pool)) {
    return { ok: false, refusal: 'unknown-pool', detail: `There is no pool ${pool}.`, currentState: undefined }
  }
  const isDraining = drains.of(pool) !== undefined
  if (isDraining === (kind === 'drain-pool')) {
    return { ok: true, detail: isDraining ? `${pool} is being drained already.` : `${pool} is not being drained.` }
  }
  const leasesLeft = drains.snapshot(pool)?.leasesLeft
  if (kind === 'drain-pool') drains.begin({ pool, since: step.now, operator, reason })
  else drains.end(pool)
  step.putDrains(drains.all)
  const left = leasesLeft ?? drains.snapshot(pool)?.leasesLeft ?? 0
  const told = { pool, operator, reason, leasesLeft: left }
  step.notice({ kind: 'pool-drain-changed', isDraining: kind === 'drain-pool', ...told })
  return { ok: true, detail: kind === 'drain-pool' ? begun(pool, left) : `${pool} gives leases to new clients again.` }
}

function begun(pool: string, left: number): string {
  if (left === 0) return `${pool} is being drained, and is empty.`
  return `${pool} is being drained: ${left === 1 ? 'one lease runs' : `${left} leases run`} to the end of what was promised.`
}
