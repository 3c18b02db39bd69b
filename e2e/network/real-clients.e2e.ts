/** Clients that are not ours, served by the pair on its link and through a relay, keep what they have when the primary is killed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { itemsOf, type Lease, type Relationship } from '@tandem/api-contract'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { alphaPlace, betaPlace, buildClientLinks, farSubnet, nearSubnet } from '../topology/client-links.ts'
import type { ClientLinks } from '../topology/client-links.ts'
import { RELATIONSHIP, writePairConfiguration } from '../topology/pair-configuration.ts'
import { runPerfdhcp } from '../topology/perfdhcp.ts'
import type { RunningProgram } from '../topology/program.ts'
import { startTandemServer, type TandemServer } from '../topology/tandem-server.ts'
import { waitUntil } from '../topology/wait-until.ts'
import { startDhclient } from './clients/dhclient.ts'
import { startDhcp6c } from './clients/dhcp6c.ts'
import { startDhcpcd } from './clients/dhcpcd.ts'
import { isSatisfied, leasesOf } from './clients/real-client.ts'
import type { ClientPlace, RealClient } from './clients/real-client.ts'

/** A client comes to any server 18 s after it was served; dhcp6c, which lifts T2 to the preferred lifetime, after 30 s. */
const lifetimes = { valid: '60s', preferred: '30s', t1: 0.4, t2: 0.6 }
const VALID_MS = 60_000
const BOUND_LIMIT_MS = 30_000

const programs: Readonly<Record<string, (place: ClientPlace) => RealClient>> = {
  'dhclient -N': (place) => startDhclient(place, 'address'),
  'dhclient -P': (place) => startDhclient(place, 'prefix'),
  dhcpcd: startDhcpcd,
  dhcp6c: startDhcp6c,
}
const links = ['on the servers’ link', 'behind the relay'] as const
const everyClient = links.flatMap((link) => Object.keys(programs).map((program) => ({ link, program })))

const folder = mkdtempSync(join(tmpdir(), 'tandem-real-clients-'))
const clients = new Map<string, RealClient>()
let network: ClientLinks
let relay: RunningProgram
let alpha: TandemServer
let beta: TandemServer
let hasFailed = false

beforeAll(async () => {
  network = buildClientLinks()
  const subnets = [nearSubnet, farSubnet]
  const pair = { alpha: alphaPlace, beta: betaPlace, subnets, transport: 'insecure', lifetimes } as const
  const files = writePairConfiguration(folder, pair)
  const start = (name: 'alpha' | 'beta') =>
    startTandemServer({
      configurationFile: files[name],
      logFile: join(folder, `${name}.log`),
      namespace: network[name],
    })
  relay = await network.startRelay(join(folder, 'relay.log'))
  ;[alpha, beta] = await Promise.all([start('alpha'), start('beta')])
  for (const server of [alpha, beta]) {
    await waitUntil('both in NORMAL', 30_000, async () => (await relationshipOf(server)).state === 'normal')
  }
})

afterEach(({ task }) => {
  if (task.result?.state !== 'fail') return
  hasFailed = true
  console.error(`logs and leases: ${folder}`)
})

afterAll(async () => {
  await Promise.all([...clients.values()].map((client) => client.stop()))
  const servers = [alpha, beta].filter((server) => server !== undefined)
  await Promise.all([...servers.map(({ program }) => program), relay].map((program) => program?.stop()))
  network?.remove()
  if (!hasFailed) rmSync(folder, { recursive: true })
})

async function relationshipOf(server: TandemServer): Promise<Relationship> {
  return server.api.getRelationship({ params: { name: RELATIONSHIP } })
}

async function activeLeasesOf(server: TandemServer): Promise<ReadonlyMap<string, Lease>> {
  const leases = new Map<string, Lease>()
  const active = itemsOf((cursor) => server.api.listLeases({ query: { state: 'active', limit: 500, cursor } }))
  for await (const lease of active) leases.set(lease.lease, lease)
  return leases
}

function theClient(name: string): RealClient {
  const client = clients.get(name)
  if (client === undefined) throw new Error(`${name} was not started`)
  return client
}

describe('while both servers run', () => {
  test('dhclient, dhcpcd and dhcp6c get what they ask for, by multicast on the link and through the relay', async () => {
    for (const [index, { link, program }] of everyClient.entries()) {
      const role = `client-${index + 1}`
      const namespace = link === 'behind the relay' ? network.addFarClient(role) : network.addNearClient(role)
      const name = `${program} ${link}`
      const start = programs[program]
      clients.set(name, start!({ name, namespace, folder: join(folder, role) }))
    }
    for (const client of clients.values()) {
      const what = `${client.name} has a lease`
      await waitUntil(what, BOUND_LIMIT_MS, () => isSatisfied(client, leasesOf(client, 'bound')))
    }
    const leases = [...clients.values()].flatMap((client) => leasesOf(client))
    expect(new Set(leases).size, 'no lease is given twice').toBe(leases.length)
    expect(leases).toHaveLength(12)
  })

  test('each lease comes from the subnet of the link that its client is on', () => {
    for (const [name, client] of clients) {
      const inside = name.endsWith(links[0]) ? /^2001:db8:(1::|80)/ : /^2001:db8:(2::|90)/
      for (const lease of leasesOf(client)) expect(lease, name).toMatch(inside)
    }
  })

  test('both servers hold every lease, active, for the same clients', async () => {
    const expected = [...clients.values()].flatMap((client) => leasesOf(client)).toSorted()
    const held = await waitUntil('beta holds every lease', 10_000, async () => {
      const leases = await activeLeasesOf(beta)
      return expected.every((lease) => leases.has(lease)) && leases
    })
    const heldByAlpha = await activeLeasesOf(alpha)
    for (const lease of expected) {
      expect(heldByAlpha.get(lease)?.client, lease).toEqual(held.get(lease)?.client)
    }
  })

  test('perfdhcp completes every 4-way exchange', async () => {
    const namespace = network.addNearClient('load')
    namespace.run('ip', '-6', 'address', 'add', '2001:db8:1::c/64', 'dev', 'v0', 'nodad')
    const rate = { interfaceName: 'v0', exchangesPerSecond: 100, seconds: 4 }
    const { solicits, requests } = await runPerfdhcp(namespace, {
      ...rate,
      firstMac: '00:0c:01:02:00:00',
      // Other suites may keep the machine busy meanwhile.
      lostAfterSeconds: 3,
    })
    expect(solicits.sent).toBeGreaterThan(200)
    expect(solicits).toMatchObject({ drops: 0, rejected: 0, received: solicits.sent })
    expect(requests).toMatchObject({ drops: 0, rejected: 0, received: requests.sent, sent: solicits.sent })
  })
})

describe('after kill -9 of alpha', () => {
  const before = new Map<string, readonly string[]>()
  let killedAtMs: number

  beforeAll(async () => {
    for (const client of clients.values()) before.set(client.name, leasesOf(client))
    killedAtMs = Date.now()
    alpha.program.kill('SIGKILL')
    await alpha.program.exited
  })

  test('beta notices that it is alone', async () => {
    await waitUntil('beta is in COMMUNICATIONS-INTERRUPTED', 15_000, async () => {
      return (await relationshipOf(beta)).state === 'communications-interrupted'
    })
  })

  test.for(everyClient)('$program $link rebinds with beta and keeps all that it has', async ({ program, link }) => {
    const client = theClient(`${program} ${link}`)
    const kept = before.get(client.name)
    const leaseEndsInMs = killedAtMs + VALID_MS - Date.now()
    await waitUntil(`${client.name} has rebound everything before its lease ends`, leaseEndsInMs, () => {
      return isSatisfied(client, leasesOf(client, 'rebound'))
    })
    expect(leasesOf(client, 'rebound')).toEqual(kept)
    expect(leasesOf(client), 'nothing else was ever given to it').toEqual(kept)
    expect(leasesOf(client, 'ended'), 'nothing was lost in between').toEqual([])
    const held = await activeLeasesOf(beta)
    for (const lease of kept ?? []) {
      const heardAt = held.get(lease)?.clientHeardAt ?? ''
      expect(Date.parse(heardAt), `beta heard the client of ${lease} after the kill`).toBeGreaterThan(killedAtMs)
    }
  })

  test('what the clients use on their interfaces is what they were given', () => {
    for (const client of clients.values()) {
      if (client.name.startsWith('dhclient -P')) continue
      const [address = ''] = leasesOf(client).filter((lease) => !lease.includes('/'))
      expect(client.interfaceAddresses(), client.name).toContain(address)
    }
  })

  test('a client that was never seen before is served by beta alone', async () => {
    const namespace = network.addFarClient('newcomer')
    const place = { name: 'newcomer', namespace, folder: join(folder, 'newcomer') }
    const newcomer = startDhcpcd(place)
    clients.set(place.name, newcomer)
    await waitUntil('the newcomer has address and prefix', BOUND_LIMIT_MS, () => {
      return isSatisfied(newcomer, leasesOf(newcomer, 'bound'))
    })
    const all = [...clients.values()].flatMap((client) => leasesOf(client))
    expect(new Set(all).size, 'no lease is given twice').toBe(all.length)
  })

  test('the relay carried the rebinds', () => {
    expect(readFileSync(join(folder, 'relay.log'), 'utf8')).toContain('Relaying Rebind from')
  })
})
