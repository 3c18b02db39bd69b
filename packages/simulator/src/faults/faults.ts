/** Every fault that comes and goes during a run; differing clocks are set before it. */
import { bothAlone } from './both-alone.ts'
import { clientLinkDown } from './client-link-down.ts'
import { clockStep } from './clock-step.ts'
import { configurationDrift } from './configuration-drift.ts'
import { connectionReset } from './connection-reset.ts'
import { crash } from './crash.ts'
import { crashInCommit } from './crash-in-commit.ts'
import { datagramDisorder } from './datagram-disorder.ts'
import { datagramLoss } from './datagram-loss.ts'
import { diskLoss } from './disk-loss.ts'
import { failingCommit } from './failing-commit.ts'
import type { Fault } from './fault.ts'
import { leaseReset } from './lease-reset.ts'
import { maintenance } from './maintenance.ts'
import { oneWayPartition } from './one-way-partition.ts'
import { partition } from './partition.ts'
import { powerLoss } from './power-loss.ts'
import { restoredCopy } from './restored-copy.ts'
import { slowCommit } from './slow-commit.ts'
import { slowWire } from './slow-wire.ts'
import { strangePartner } from './strange-partner.ts'
import { suspension } from './suspension.ts'
import { wrongClock } from './wrong-clock.ts'
import { wrongPartnerDown } from './wrong-partner-down.ts'

export const faults: readonly Fault[] = [
  crash,
  crashInCommit,
  powerLoss,
  maintenance,
  suspension,
  diskLoss,
  restoredCopy,
  slowCommit,
  failingCommit,
  partition,
  oneWayPartition,
  connectionReset,
  slowWire,
  strangePartner,
  datagramLoss,
  datagramDisorder,
  clientLinkDown,
  clockStep,
  configurationDrift,
  leaseReset,
  wrongClock,
  wrongPartnerDown,
  bothAlone,
]
