/** Two kea-dhcp6 with the HA hook in hot-standby, whose active one is made to fail. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startKeaPair, type KeaTimers } from '../leases-per-second/kea-pair.ts'
import { highAvailabilityLog } from '../leases-per-second/kea-server.ts'
import type { FailingPair } from './failing-pair.ts'

/** Those of the examples in Kea's manual; the hook's own defaults wait for 10 s and 10 clients instead of 5 and 5. */
const usual: KeaTimers = { heartbeatMs: 10_000, maxResponseMs: 60_000, maxAckMs: 5000, maxUnackedClients: 5 }

/** Heartbeats in vain for three seconds are enough, whatever clients say. */
const aggressive: KeaTimers = { heartbeatMs: 1000, maxResponseMs: 3000, maxAckMs: 1000, maxUnackedClients: 0 }

/** There is no floor. At these a stall of a third of a second is the death of the partner, and then both answer from one pool. */
const extreme: KeaTimers = { heartbeatMs: 100, maxResponseMs: 300, maxAckMs: 100, maxUnackedClients: 0 }

export const keaUsual = keaFailingPair('kea-usual', 'kea-dhcp6 HA hot-standby, heartbeat 10 s', usual, 130)
export const keaAggressive = keaFailingPair('kea-aggressive', 'kea-dhcp6 HA hot-standby, heartbeat 1 s', aggressive, 30)
export const keaExtreme = keaFailingPair('kea-extreme', 'kea-dhcp6 HA hot-standby, heartbeat 100 ms', extreme, 30)

function keaFailingPair(key: string, name: string, timers: KeaTimers, gapMaxSeconds: number): FailingPair {
  return {
    key,
    name,
    gapMaxSeconds,
    periodSeconds: timers.heartbeatMs / 1000,
    settings: { ...timers },
    async start(link, folder) {
      const [active, standby] = await startKeaPair(link, { folder, serves: { prefixes: false }, timers })
      // The folder that the pair gives its second server.
      const log = highAvailabilityLog(join(folder, 'server2'))
      return {
        active: active.program,
        // A lease is at the partner before its client hears of it.
        settle: () => Promise.resolve(),
        tookOverAtMs: (afterMs) =>
          Promise.resolve(existsSync(log) ? firstTransitionAfter(readFileSync(log, 'utf8'), afterMs) : undefined),
        stop: async () => void (await Promise.all([active.program.stop(), standby.program.stop()])),
      }
    },
  }
}

/** Milliseconds of the epoch, out of the log of the hook, whose times are local. */
export function firstTransitionAfter(log: string, afterMs: number): number | undefined {
  return log
    .split('\n')
    .filter((line) => line.includes('HA_STATE_TRANSITION'))
    .map((line) => new Date(line.slice(0, '2026-01-31 12:00:00.000'.length).replace(' ', 'T')).getTime())
    .find((atMs) => atMs > afterMs)
}
