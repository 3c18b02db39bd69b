/** The figures of RFC 8156 that show a whole conversation, played by two real servers and read from the wire by other decoders. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Relationship } from '@tandem/api-contract'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { departures, listMessages, story, type MessageOrder, type Step } from '../capture/message-order.ts'
import { nearSubnet } from '../topology/client-links.ts'
import { buildFailoverLinks, type FailoverLinks } from '../topology/failover-links.ts'
import { RELATIONSHIP, serverNames, writePairConfiguration, type ServerName } from '../topology/pair-configuration.ts'
import { startProgram, type RunningProgram } from '../topology/program.ts'
import { startTandemServer, type TandemServer } from '../topology/tandem-server.ts'
import { waitUntil } from '../topology/wait-until.ts'
import { startDhclient } from './clients/dhclient.ts'
import { isSatisfied, leasesOf, type RealClient } from './clients/real-client.ts'

const SECONDARY_PORT = 647

/** What follows on a connection once both are agreed on it (digest, section 1.5). */
const agreed: readonly (readonly Step[])[] = [['primary CONNECT', 'secondary CONNECTREPLY']]

/** Figure 8: the link between the servers fails and comes back; meanwhile each gave leases of its own. */
const linkFlap: MessageOrder = {
  once: [
    'primary CONNECT',
    'secondary CONNECTREPLY',
    'secondary STATE COMMUNICATIONS-INTERRUPTED',
    'primary STATE COMMUNICATIONS-INTERRUPTED',
    'primary STATE NORMAL',
    'secondary STATE NORMAL',
    'secondary POOLREQ',
    'primary POOLRESP',
  ],
  chains: [
    ...agreed,
    ['secondary CONNECTREPLY', 'secondary STATE COMMUNICATIONS-INTERRUPTED', 'primary STATE NORMAL', 'primary BNDUPD'],
    ['secondary CONNECTREPLY', 'primary STATE COMMUNICATIONS-INTERRUPTED', 'secondary STATE NORMAL'],
    ['secondary STATE NORMAL', 'secondary BNDUPD', 'secondary POOLREQ', 'primary POOLRESP'],
    ['primary BNDUPD', 'secondary BNDREPLY'],
    ['secondary BNDUPD', 'primary BNDREPLY'],
  ],
}

/**
 * Figure 9: both went on alone; the primary is told everything first, then the secondary. In CONFLICT-DONE the primary may
 * tell what it owes before it is asked for it (decision 0026).
 */
const potentialConflict: MessageOrder = {
  once: [
    'primary CONNECT',
    'secondary CONNECTREPLY',
    'secondary STATE PARTNER-DOWN',
    'primary STATE PARTNER-DOWN',
    'primary STATE POTENTIAL-CONFLICT',
    'secondary STATE POTENTIAL-CONFLICT',
    'primary UPDREQ',
    'secondary UPDDONE',
    'primary STATE CONFLICT-DONE',
    'secondary UPDREQ',
    'primary UPDDONE',
    'secondary STATE NORMAL',
    'primary STATE NORMAL',
    'secondary POOLREQ',
    'primary POOLRESP',
  ],
  chains: [
    ...agreed,
    ['secondary CONNECTREPLY', 'secondary STATE PARTNER-DOWN', 'primary STATE POTENTIAL-CONFLICT'],
    ['secondary CONNECTREPLY', 'primary STATE PARTNER-DOWN', 'secondary STATE POTENTIAL-CONFLICT'],
    [
      'primary STATE POTENTIAL-CONFLICT',
      'primary UPDREQ',
      'secondary BNDUPD',
      'primary BNDREPLY',
      'secondary UPDDONE',
      'primary STATE CONFLICT-DONE',
      'primary BNDUPD',
      'secondary BNDREPLY',
      'primary UPDDONE',
      'secondary STATE NORMAL',
      'primary STATE NORMAL',
    ],
    ['primary STATE CONFLICT-DONE', 'secondary UPDREQ', 'primary UPDDONE'],
    ['secondary STATE NORMAL', 'secondary POOLREQ', 'primary POOLRESP'],
  ],
}

const roles = { alpha: 'primary', beta: 'secondary' } as const

/** Figure 7: one server failed in NORMAL, which is what it still has on record, its partner was told to serve alone, and the failed one comes back. */
function rejoin(failed: ServerName): MessageOrder {
  const [A, B] = failed === 'alpha' ? (['primary', 'secondary'] as const) : (['secondary', 'primary'] as const)
  return {
    once: [
      'primary CONNECT',
      'secondary CONNECTREPLY',
      `${A} STATE NORMAL, starting`,
      `${B} STATE PARTNER-DOWN`,
      `${A} STATE RECOVER`,
      `${A} UPDREQ`,
      `${B} UPDDONE`,
      `${A} STATE RECOVER-WAIT`,
      `${A} STATE RECOVER-DONE`,
      `${B} STATE NORMAL`,
      `${A} STATE NORMAL`,
      'secondary POOLREQ',
      'primary POOLRESP',
    ],
    chains: [
      ...agreed,
      ['secondary CONNECTREPLY', `${A} STATE NORMAL, starting`, `${A} STATE RECOVER`],
      [
        `${B} STATE PARTNER-DOWN`,
        `${A} STATE RECOVER`,
        `${A} UPDREQ`,
        `${B} BNDUPD`,
        `${A} BNDREPLY`,
        `${B} UPDDONE`,
        `${A} STATE RECOVER-WAIT`,
        `${A} STATE RECOVER-DONE`,
        `${B} STATE NORMAL`,
        `${A} STATE NORMAL`,
      ],
      ['secondary STATE NORMAL', 'secondary POOLREQ', 'primary POOLRESP'],
    ],
  }
}

const folder = mkdtempSync(join(tmpdir(), 'tandem-figures-'))
const clients: RealClient[] = []
const servers = new Map<ServerName, TandemServer>()
let links: FailoverLinks
let configuration: Readonly<Record<ServerName, string>>
let dump: RunningProgram | undefined
let hasFailed = false

beforeAll(async () => {
  links = buildFailoverLinks()
  const place = (letter: string) => ({
    interfaces: ['lan'],
    apiListen: '127.0.0.1:8067',
    failover: `[2001:db8:ff::${letter}]:${SECONDARY_PORT}`,
  })
  configuration = writePairConfiguration(folder, {
    alpha: place('a'),
    beta: place('b'),
    subnets: [nearSubnet],
    transport: 'insecure',
    // Long, so that what the clients say by themselves does not come into the figures.
    lifetimes: { valid: '1h', preferred: '1h', t1: 0.5, t2: 0.8 },
    relationship: { mclt: '10s', keepalive: '4s', contactsPerKeepalive: 4, startup: '20s', reconnect: '1s' },
  })
  await Promise.all(serverNames.map(start))
  await untilSettled()
})

beforeEach(({ onTestFailed }) => {
  onTestFailed(() => {
    hasFailed = true
  })
})

afterAll(async () => {
  await Promise.all([...clients.map((client) => client.stop()), dump?.stop()])
  await Promise.all([...servers.values()].map(({ program }) => program.stop()))
  links.remove()
  if (hasFailed) console.log(`captures and logs in ${folder}`)
  else rmSync(folder, { recursive: true, force: true })
})

test('Figure 8, the link between the servers fails and comes back', async () => {
  links.sync.beta.cut()
  for (const name of serverNames) await untilState(name, 'communications-interrupted')
  for (const name of serverNames) await letClientIn(name)
  await expectOrder('figure-8', linkFlap, async () => links.sync.beta.mend())
})

test.for(['beta', 'alpha'] as const)(
  'Figure 7, %s fails and comes back to a partner that serves alone',
  async (failed) => {
    const survivor = failed === 'alpha' ? 'beta' : 'alpha'
    server(failed).program.kill('SIGKILL')
    await server(failed).program.exited
    await goOnAlone(survivor)
    await letClientIn(survivor)
    await expectOrder(`figure-7-${failed}`, rejoin(failed), () => start(failed))
  },
)

test('Figure 9, both servers went on alone', async () => {
  links.sync.beta.cut()
  for (const name of serverNames) await goOnAlone(name)
  for (const name of serverNames) await letClientIn(name)
  await expectOrder('figure-9', potentialConflict, async () => links.sync.beta.mend())
})

test('an order that is not kept is found out', async () => {
  const messages = await listMessages(join(folder, 'figure-9.pcap'), SECONDARY_PORT)
  expect(departures(messages, potentialConflict)).toEqual([])
  const swapped = messages.map((message, at) => messages[messages.length - 1 - at] ?? message)
  expect(departures(swapped, potentialConflict).length).toBeGreaterThan(potentialConflict.chains.length - 1)
  for (const step of ['UPDREQ', 'UPDDONE', 'STATE', 'POOLREQ', 'BNDREPLY']) {
    expect(
      departures(
        messages.filter(({ type }) => type !== step),
        potentialConflict,
      ),
      step,
    ).not.toEqual([])
  }
  expect(departures([...messages, ...messages.slice(-1)], linkFlap)).not.toEqual([])
})

/** What passes on the new connection until both are NORMAL and nothing is owed. */
async function expectOrder(name: string, order: MessageOrder, begin: () => Promise<void>): Promise<void> {
  const file = join(folder, `${name}.pcap`)
  const command = links.alpha.inside('dumpcap', '-P', '-i', 'sync', '-f', `tcp port ${SECONDARY_PORT}`, '-w', file)
  const running = startProgram({ command, logFile: `${file}.log` })
  dump = running
  await waitUntil('dumpcap', 10_000, () => running.output().includes('File:'))
  await begin()
  await untilSettled()
  // POOLREQ, and what is given then, follows at once.
  await delay(2000)
  running.kill('SIGINT')
  await running.exited
  const messages = await listMessages(file, SECONDARY_PORT)
  console.log(`${name}:\n${story(messages)}`)
  expect(departures(messages, order)).toEqual([])
}

function server(name: ServerName): TandemServer {
  const found = servers.get(name)
  if (found === undefined) throw new Error(`${name} was never started`)
  return found
}

async function start(name: ServerName): Promise<void> {
  const place = { configurationFile: configuration[name], logFile: join(folder, `${name}.log`), namespace: links[name] }
  servers.set(name, await startTandemServer(place))
}

async function viewOf(name: ServerName): Promise<Relationship> {
  return server(name).api.getRelationship({ params: { name: RELATIONSHIP } })
}

async function untilState(name: ServerName, state: string): Promise<void> {
  await waitUntil(`${name} in ${state}`, 30_000, async () => (await viewOf(name)).state === state)
}

async function untilSettled(): Promise<void> {
  await waitUntil('both in NORMAL, nothing owed', 60_000, async () => {
    const views = await Promise.all(serverNames.map(viewOf))
    if (views.every(({ state, updatesOwed }) => state === 'normal' && updatesOwed === '0')) return true
    throw new Error(JSON.stringify(views.map(({ state, updatesOwed }) => ({ state, updatesOwed }))))
  })
}

async function goOnAlone(name: ServerName): Promise<void> {
  await untilState(name, 'communications-interrupted')
  // On the wire times are whole seconds: the declaration must be later than anything the partner did.
  await delay(2000)
  const body = { reason: 'the test has cut them apart', seenState: 'communications-interrupted' as const }
  await server(name).api.declarePartnerDown({ params: { name: RELATIONSHIP }, body })
  await untilState(name, 'partner-down')
}

/** A new client whose link only this server hears. */
async function letClientIn(name: ServerName): Promise<void> {
  const other = name === 'alpha' ? 'beta' : 'alpha'
  links.lan[other].cut()
  const role = `client-${clients.length + 1}`
  const place = { name: role, namespace: links.addClient(role), folder: join(folder, role) }
  const client = startDhclient(place, 'address')
  clients.push(client)
  await waitUntil(`${role} has a lease of ${roles[name]} ${name}`, 30_000, () => {
    return isSatisfied(client, leasesOf(client, 'bound'))
  })
  links.lan[other].mend()
}
