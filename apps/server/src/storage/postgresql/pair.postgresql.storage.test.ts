/** A pair of which one server has its storage in a PostgreSQL that goes away: the other one takes over, and both come together again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageType } from '@tandem/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseConfiguration } from '../../configuration/load-configuration.ts'
import { startDataPlane, type DataPlane } from '../../engine/start-data-plane.ts'
import { EMPTY_IA_NA, freeUdpPort, openRelayedClient } from '../../engine/test-support/relayed-client.ts'
import { openStorage } from '../open-storage.ts'
import { startPostgresqlCluster, type PostgresqlCluster } from '../test-support/postgresql-cluster.ts'
import { restoreWhole } from '../test-support/test-storage.ts'

/** On a machine that does much else. */
const WITHIN = { timeout: 60_000 }

interface Place {
  readonly storageUrl: string
  readonly clients: number
  readonly failover: number
}

let folder: string
let cluster: PostgresqlCluster
const running: DataPlane[] = []
const failures: string[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-pair-'))
  cluster = await startPostgresqlCluster()
})

afterEach(async () => {
  for (const plane of running.splice(0)) await plane.stop()
  await cluster.remove()
  rmSync(folder, { recursive: true, force: true })
  expect(failures.splice(0)).toEqual([])
})

async function start(name: 'alpha' | 'beta', own: Place, partner: Place): Promise<DataPlane> {
  const loaded = parseConfiguration(
    `
node:
  name: ${name}
  storage: '${own.storageUrl}'
  listeners: [{ address: '::1', port: ${own.clients}, replyTo: source }]
  partners: [{ relationship: alpha-beta, local: '[::1]:${own.failover}', partner: '[::1]:${partner.failover}' }]
relationships:
  - name: alpha-beta
    primary: alpha
    secondary: beta
    transport: insecure
    mclt: 10s
    startup: 2s
    reconnect: 1s
    reconnectAfterRefusal: 1s
defaults: { lifetimes: { valid: 120s, preferred: 100s } }
testing: { shortTimers: true }
subnets:
  - prefix: '2001:db8:100::/64'
    relationship: alpha-beta
    addressPools: ['2001:db8:100::1000-2001:db8:100::ffff']
`,
    '/etc/tandem/pair.yaml',
  )
  if (!('configuration' in loaded)) throw new Error(JSON.stringify(loaded))
  const storage = await openStorage(own.storageUrl, Date.now())
  await storage.close()
  const plane = await startDataPlane({
    configuration: loaded.configuration,
    serverDuid: storage.serverDuid,
    log: () => undefined,
    failed: (reason) => void failures.push(`${name}: ${reason}`),
  })
  running.push(plane)
  return plane
}

const stateOf = (plane: DataPlane): string | undefined => plane.view().snapshot.relationships[0]?.state

test('the partner takes over while the database is away, and is joined again when it is back', async () => {
  const alphaPlace: Place = {
    storageUrl: await cluster.databaseUrl('alpha'),
    clients: await freeUdpPort(),
    failover: await freeUdpPort(),
  }
  const betaPlace: Place = {
    storageUrl: `file:${join(folder, 'beta.db')}`,
    clients: await freeUdpPort(),
    failover: await freeUdpPort(),
  }
  const alpha = await start('alpha', alphaPlace, betaPlace)
  const beta = await start('beta', betaPlace, alphaPlace)
  await expect.poll(() => [stateOf(alpha), stateOf(beta)], WITHIN).toEqual(['NORMAL', 'NORMAL'])
  await cluster.stop('immediate')
  await expect.poll(() => stateOf(beta), WITHIN).toBe('COMMUNICATIONS-INTERRUPTED')
  const atBeta = await openRelayedClient(betaPlace.clients)
  const atAlpha = await openRelayedClient(alphaPlace.clients)
  await atBeta.lease()
  expect(await atAlpha.ask(MessageType.Solicit, EMPTY_IA_NA, 1500)).toBeUndefined()
  await cluster.start()
  await expect.poll(() => [stateOf(alpha), stateOf(beta)], WITHIN).toEqual(['NORMAL', 'NORMAL'])
  await expect
    .poll(async () => (await restoreWhole(alphaPlace.storageUrl)).bindings.map(({ status }) => status), WITHIN)
    .toEqual(['ACTIVE'])
  atBeta.close()
  atAlpha.close()
})
