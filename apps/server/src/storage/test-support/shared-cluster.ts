/** One cluster for a whole run of the storage tests; each test has a database of its own in it. */
import type { TestProject } from 'vitest/node'
import { startPostgresqlCluster } from './postgresql-cluster.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder of the cluster's socket; absent in a run that is about files. */
    readonly postgresqlSocket: string | undefined
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startPostgresqlCluster()
  project.provide('postgresqlSocket', cluster.folder)
  return () => cluster.remove()
}
