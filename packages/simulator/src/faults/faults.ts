/** Every fault that comes and goes during a run; differing clocks are set before it. */
import { connectionReset } from './connection-reset.ts'
import { crash } from './crash.ts'
import { datagramDisorder } from './datagram-disorder.ts'
import { datagramLoss } from './datagram-loss.ts'
import { diskLoss } from './disk-loss.ts'
import type { Fault } from './fault.ts'
import { partition } from './partition.ts'
import { slowCommit } from './slow-commit.ts'
import { slowWire } from './slow-wire.ts'

export const faults: readonly Fault[] = [
  crash,
  diskLoss,
  partition,
  connectionReset,
  slowCommit,
  slowWire,
  datagramLoss,
  datagramDisorder,
]
