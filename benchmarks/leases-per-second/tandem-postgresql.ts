/** The same as `tandem-alone.ts` with its leases in a PostgreSQL of its own, on the same disk and by a socket: no network between, no standby. */
import { startPostgresqlCluster } from '../../apps/server/src/storage/test-support/postgresql-cluster.ts'
import type { Contestant } from './contestant.ts'
import { startTandemAlone } from './tandem-alone.ts'

/** Only the server's processor time is told: PostgreSQL has a process for each connection. */
export const tandemPostgresql: Contestant = {
  key: 'tandem-postgresql',
  name: 'Tandem alone on PostgreSQL, full sync',
  async start(link, folder, serves) {
    const cluster = await startPostgresqlCluster()
    try {
      const storage = await cluster.databaseUrl('alpha')
      const { program } = await startTandemAlone(link, { folder, serves, storage })
      return {
        processes: [{ name: 'alpha', program }],
        settle: () => Promise.resolve(0),
        stop: async () => {
          await program.stop()
          await cluster.remove()
        },
      }
    } catch (error) {
      await cluster.remove()
      throw error
    }
  },
}
