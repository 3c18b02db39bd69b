/** One server with two partners: each relationship has its own state and connection, and the loss of one partner leaves the other alone. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Relationship } from '@tandem/api-contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTandemServer, type TandemServer } from '../topology/tandem-server.ts'
import { waitUntil } from '../topology/wait-until.ts'

type Name = 'alpha' | 'hub' | 'beta'

const names: readonly Name[] = ['alpha', 'hub', 'beta']
const folder = mkdtempSync(join(tmpdir(), 'tandem-many-'))
const servers = new Map<Name, TandemServer>()
let hasFailed = false

/** The hub is secondary of one and primary of the other. */
const relationshipText = {
  north:
    '  - { name: north, primary: alpha, secondary: hub, transport: insecure, keepalive: 8s, startup: 5s, reconnect: 1s }\n',
  south:
    '  - { name: south, primary: hub, secondary: beta, transport: insecure, keepalive: 8s, startup: 5s, reconnect: 1s }\n',
}
const subnetText = {
  north:
    "  - { prefix: '2001:db8:1::/64', relationship: north, addressPools: ['2001:db8:1::1000-2001:db8:1::10ff'] }\n",
  south:
    "  - { prefix: '2001:db8:2::/64', relationship: south, addressPools: ['2001:db8:2::1000-2001:db8:2::10ff'] }\n",
}
const relationshipsOf: Readonly<Record<Name, readonly (keyof typeof relationshipText)[]>> = {
  alpha: ['north'],
  hub: ['north', 'south'],
  beta: ['south'],
}

async function freePorts(count: number): Promise<readonly number[]> {
  const held = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, '::1', resolve))
      return server
    }),
  )
  const ports = held.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

function configurationText(name: Name, ports: Readonly<Record<string, number>>): string {
  const own = relationshipsOf[name]
  const partnerIn = { north: name === 'hub' ? 'alpha' : 'hub', south: name === 'hub' ? 'beta' : 'hub' }
  const partners = own.map(
    (relationship) =>
      `    - { relationship: ${relationship}, local: '[::1]:${ports[`${name} ${relationship}`]}', partner: '[::1]:${ports[`${partnerIn[relationship]} ${relationship}`]}' }\n`,
  )
  return [
    `node:\n  name: ${name}\n  storage: file:./${name}.db\n`,
    `  listeners: [{ address: '::1', port: ${ports[`${name} clients`]}, replyTo: source }]\n`,
    `  api: { listen: '127.0.0.1:${ports[`${name} api`]}' }\n`,
    `  partners:\n${partners.join('')}`,
    `relationships:\n${own.map((relationship) => relationshipText[relationship]).join('')}`,
    `subnets:\n${own.map((relationship) => subnetText[relationship]).join('')}`,
  ].join('')
}

async function relationshipsSeenBy(name: Name): Promise<readonly Relationship[]> {
  const server = servers.get(name)
  if (server === undefined) throw new Error(`${name} was not started`)
  return (await server.api.listRelationships()).items
}

async function southOfHub(): Promise<Relationship> {
  const found = (await relationshipsSeenBy('hub')).find(({ name }) => name === 'south')
  if (found === undefined) throw new Error('the hub has a relationship named south')
  return found
}

async function untilStates(name: Name, expected: Readonly<Record<string, string>>): Promise<void> {
  await waitUntil(`${name} with ${JSON.stringify(expected)}`, 60_000, async () => {
    const states = Object.fromEntries((await relationshipsSeenBy(name)).map((seen) => [seen.name, seen.state]))
    if (JSON.stringify(states) === JSON.stringify(expected)) return true
    throw new Error(JSON.stringify(states))
  })
}

beforeAll(async () => {
  const wanted = names.flatMap((name) => [`${name} clients`, `${name} api`, `${name} north`, `${name} south`])
  const free = await freePorts(wanted.length)
  const ports = Object.fromEntries(wanted.map((what, index) => [what, free[index] ?? 0]))
  for (const name of names) {
    const configurationFile = join(folder, `${name}.yaml`)
    writeFileSync(configurationFile, configurationText(name, ports))
    servers.set(name, await startTandemServer({ configurationFile, logFile: join(folder, `${name}.log`) }))
  }
})

afterAll(async () => {
  await Promise.all([...servers.values()].map(({ program }) => program.stop()))
  if (hasFailed) console.log(`logs in ${folder}`)
  else rmSync(folder, { recursive: true })
})

test('one process runs both relationships to NORMAL, in the role that it has in each', async ({ onTestFailed }) => {
  onTestFailed(() => void (hasFailed = true))
  await untilStates('hub', { north: 'normal', south: 'normal' })
  const seen = await relationshipsSeenBy('hub')
  expect(seen.map(({ name, role, partnerName }) => ({ name, role, partnerName }))).toEqual([
    { name: 'north', role: 'secondary', partnerName: 'alpha' },
    { name: 'south', role: 'primary', partnerName: 'beta' },
  ])
  expect((await relationshipsSeenBy('alpha')).map(({ name }) => name)).toEqual(['north'])
  expect((await relationshipsSeenBy('beta')).map(({ name }) => name)).toEqual(['south'])
})

test('the loss of one partner interrupts its relationship and not the other', async ({ onTestFailed }) => {
  onTestFailed(() => void (hasFailed = true))
  const before = await southOfHub()
  servers.get('alpha')?.program.kill('SIGKILL')
  await untilStates('hub', { north: 'communications-interrupted', south: 'normal' })
  await untilStates('beta', { south: 'normal' })
  const { state, stateSince, communicationsOk, connection } = await southOfHub()
  expect({ state, stateSince, communicationsOk, connection }).toEqual({
    state: 'normal',
    stateSince: before.stateSince,
    communicationsOk: true,
    connection: before.connection,
  })
})
