/** A Tandem pair: the survivor has been in NORMAL with all leases acknowledged, the other one is in RECOVER and asks with UPDREQALL. */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { storageFile } from '../../e2e/topology/pair-configuration.ts'
import { startProgram } from '../../e2e/topology/program.ts'
import { startTandemServer, tandemProgram } from '../../e2e/topology/tandem-server.ts'
import { waitUntil } from '../../e2e/topology/wait-until.ts'
import { countLeases, writeFilledStore } from '../filled-stores/tandem-store.ts'
import { conditionOf, usualTimers, writeTandemPair, type Transport } from '../leases-per-second/tandem-pair.ts'
import type { ResyncContestant, Returned } from './contestant.ts'
import { tandemLogTime } from './log-times.ts'

const START_LIMIT_MS = 300_000
const ALONE_LIMIT_MS = 60_000
const TABLES_LIMIT_MS = 600_000
const STANDS_STILL_MS = 3000

/** `maxUnackedUpdates`: as the configuration of both has it; undefined: as it is without a word. */
export function tandemResync(transport: Transport, maxUnackedUpdates?: number): ResyncContestant {
  const relationship = { ...usualTimers, ...(maxUnackedUpdates === undefined ? {} : { maxUnackedUpdates }) }
  return {
    key: 'tandem-pair',
    name: `Tandem pair, failover ${transport === 'tls' ? 'over TLS' : 'without TLS'}`,
    async startSurvivor(link, folder, leases) {
      const files = writeTandemPair({ folder, transport, serves: { prefixes: false }, relationship })
      writeFilledStore({ file: storageFile(folder, 'alpha'), leases, role: 'primary', stoppedAtMs: Date.now() })
      const alpha = await startTandemServer({
        configurationFile: files.alpha,
        logFile: join(folder, 'alpha.log'),
        namespace: link.one,
        startLimitMs: START_LIMIT_MS,
      })
      await waitUntil('alpha serves alone', ALONE_LIMIT_MS, async () => {
        return (await conditionOf(alpha)).state === 'communications-interrupted'
      })
      return {
        program: alpha.program,
        returnPartner: () =>
          returned(
            link.two.inside(tandemProgram, 'serve', '--config', files.beta),
            storageFile(folder, 'beta'),
            folder,
          ),
        stop: async () => void (await alpha.program.stop()),
      }
    },
  }
}

/** The tables follow the commit log in their own time; they have when the count stands still. */
async function countOnceFollowed(store: string): Promise<number> {
  let count = -1
  await waitUntil('the tables hold what was synchronised', TABLES_LIMIT_MS, async () => {
    const before = count
    count = countLeases(store)
    await delay(STANDS_STILL_MS)
    return count === before
  })
  return count
}

function returned(command: readonly string[], store: string, folder: string): Returned {
  const program = startProgram({ command, logFile: join(folder, 'beta.log') })
  return {
    program,
    synchronised() {
      const log = program.output()
      const askedAtMs = tandemLogTime(log, 'STARTUP -> RECOVER:')
      const endedAtMs = tandemLogTime(log, 'RECOVER -> RECOVER-WAIT:') ?? tandemLogTime(log, 'RECOVER -> RECOVER-DONE:')
      return askedAtMs === undefined || endedAtMs === undefined ? undefined : { askedAtMs, endedAtMs }
    },
    countLeases: () => countOnceFollowed(store),
  }
}
