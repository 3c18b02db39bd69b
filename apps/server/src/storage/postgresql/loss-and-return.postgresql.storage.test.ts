/** A server whose PostgreSQL goes away and comes back: silent meanwhile, and afterwards with everything that it told. */
import { setTimeout as pause } from 'node:timers/promises'
import { MessageType } from '@tandem/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startDataPlane, type DataPlane } from '../../engine/start-data-plane.ts'
import {
  configurationAlone,
  EMPTY_IA_NA,
  freeUdpPort,
  openRelayedClient,
  type RelayedClient,
} from '../../engine/test-support/relayed-client.ts'
import { openStorage } from '../open-storage.ts'
import { startPostgresqlCluster, type PostgresqlCluster } from '../test-support/postgresql-cluster.ts'
import { restoreWhole } from '../test-support/test-storage.ts'

let cluster: PostgresqlCluster
let storageUrl: string
let plane: DataPlane
let client: RelayedClient
let said: string[]
let failures: string[]

beforeEach(async () => {
  cluster = await startPostgresqlCluster()
  storageUrl = await cluster.databaseUrl('alone')
  said = []
  failures = []
  const port = await freeUdpPort()
  client = await openRelayedClient(port)
  const storage = await openStorage(storageUrl, Date.now())
  await storage.close()
  plane = await startDataPlane({
    configuration: configurationAlone(storageUrl, port),
    serverDuid: storage.serverDuid,
    log: (level, message) => void said.push(`${level} ${message}`),
    failed: (reason) => void failures.push(reason),
  })
})

afterEach(async () => {
  client.close()
  // A plane that has ended by itself stops at once.
  await plane.stop()
  await cluster.remove()
})

test('no client is answered without a commit, an alarm is raised, and service goes on by itself with the same lease', async () => {
  const before = await client.lease()
  await cluster.stop('immediate')
  // A SOLICIT promises nothing, so it may still be answered until "running until" has passed.
  await pause(8000)
  expect(await client.ask(MessageType.Solicit, EMPTY_IA_NA, 1500)).toBeUndefined()
  expect(said).toContainEqual(expect.stringMatching(/^alarm storage has failed for three seconds/u))
  await expect(
    plane.command('c1', 'admin', { kind: 'shut-down' }),
    'a command that cannot be made durable is refused at once',
  ).rejects.toThrow('storage fails')
  await cluster.start()
  await expect
    .poll(() => said, { timeout: 20_000 })
    .toContainEqual(expect.stringMatching(/^warning storage answers again/u))
  await expect
    .poll(async () => (await client.ask(MessageType.Solicit, EMPTY_IA_NA, 500))?.[0], { timeout: 20_000 })
    .toBe(MessageType.Advertise)
  expect(await client.lease()).toEqual(before)
  expect((await restoreWhole(storageUrl)).bindings).toHaveLength(1)
  expect(said).toContainEqual(expect.stringMatching(/^alarm time passed us by/u))
  expect(failures).toEqual([])
})

test('an older copy that comes back in its place is not served from, and no server starts on it before tandem restore', async () => {
  const startCopy = await cluster.takeCopy()
  await client.lease()
  await cluster.stop('immediate')
  await startCopy()
  await expect.poll(() => failures, { timeout: 60_000 }).toEqual([expect.stringContaining('has forgotten the commits')])
  expect(await client.ask(MessageType.Solicit, EMPTY_IA_NA, 1500)).toBeUndefined()
  const opened = await openStorage(storageUrl, Date.now())
  await expect(opened.mustBeNoBackup()).rejects.toThrow('tandem restore')
  await opened.close()
})

test('after the promotion of a synchronous standby the server goes on, and what it told is there', async () => {
  const promote = await cluster.startStandby()
  await cluster.administer(`ALTER SYSTEM SET synchronous_standby_names = '*'`)
  await cluster.administer('SELECT pg_reload_conf()')
  const before = await client.lease()
  await cluster.stop('immediate')
  // A moment in which nothing is there, and one in which it is a standby: both are waited for. The first commit after the
  // end may come two seconds late, and storage has failed for three before the server says so.
  await pause(8000)
  await promote()
  await expect
    .poll(() => said, { timeout: 60_000 })
    .toContainEqual(expect.stringMatching(/^warning storage answers again/u))
  await expect
    .poll(async () => (await client.ask(MessageType.Solicit, EMPTY_IA_NA, 500))?.[0], { timeout: 20_000 })
    .toBe(MessageType.Advertise)
  expect(await client.lease()).toEqual(before)
  expect((await restoreWhole(storageUrl)).bindings).toHaveLength(1)
  expect(failures).toEqual([])
})
