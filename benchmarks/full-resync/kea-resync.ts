/** A Kea pair, hot-standby: the active server is alone in partner-down, the standby comes back and fetches all leases in pages. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { waitUntil } from '../../e2e/topology/wait-until.ts'
import { writeKeaLeaseFile } from '../filled-stores/kea-lease-file.ts'
import { keaPairPlaces, stateOf, type KeaTimers } from '../leases-per-second/kea-pair.ts'
import { highAvailabilityLog, keaLeaseFile, launchKea, startKea } from '../leases-per-second/kea-server.ts'
import type { ResyncContestant } from './contestant.ts'
import { keaLogTime } from './log-times.ts'

/** It shall find out within seconds that it is alone. */
const quick: KeaTimers = { heartbeatMs: 1000, maxResponseMs: 3000, maxAckMs: 1000, maxUnackedClients: 0 }

const START_LIMIT_MS = 300_000
const ALONE_LIMIT_MS = 60_000

export const keaResync: ResyncContestant = {
  key: 'kea-pair',
  name: 'kea-dhcp6 pair, HA hot-standby',
  async startSurvivor(link, folder, leases) {
    const places = keaPairPlaces(link, { folder, serves: { prefixes: false }, timers: quick })
    for (const place of Object.values(places)) mkdirSync(place.folder, { recursive: true })
    writeKeaLeaseFile({ file: keaLeaseFile(places.server1.folder), leases, writtenAtMs: Date.now() })
    const active = await startKea(places.server1, START_LIMIT_MS)
    await waitUntil('Kea serves alone', ALONE_LIMIT_MS, async () => (await stateOf(active)) === 'partner-down')
    return {
      program: active.program,
      returnPartner() {
        const standby = launchKea(places.server2)
        const log = highAvailabilityLog(places.server2.folder)
        return {
          program: standby.program,
          synchronised() {
            const text = existsSync(log) ? readFileSync(log, 'utf8') : ''
            if (text.includes('HA_SYNC_FAILED')) throw new Error(`Kea's synchronisation failed:\n${text.slice(-2000)}`)
            const askedAtMs = keaLogTime(text, 'HA_SYNC_START')
            const endedAtMs = keaLogTime(text, 'HA_SYNC_SUCCESSFUL')
            return askedAtMs === undefined || endedAtMs === undefined ? undefined : { askedAtMs, endedAtMs }
          },
          // Its file has a line for each lease that it took, also for one that came twice.
          countLeases: () => Promise.resolve(leasesIn(readFileSync(keaLeaseFile(places.server2.folder), 'utf8'))),
        }
      },
      stop: async () => void (await active.program.stop()),
    }
  },
}

/** Different addresses in a lease file of Kea. */
export function leasesIn(text: string): number {
  const lines = text.trimEnd().split('\n').slice(1)
  return new Set(lines.map((line) => line.slice(0, line.indexOf(',')))).size
}
