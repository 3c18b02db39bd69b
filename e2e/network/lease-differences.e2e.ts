/** Two real servers compare their leases by hashes: alike while all is well, owed while the failover link is cut, and marked, in the console too, where one record is another. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { AxeBuilder } from '@axe-core/playwright'
import { leaseKeyOf } from '@tandem/api-contract'
import type { LeaseComparisons } from '@tandem/api-contract'
import { parseIpv6Address, ipv6AddressToBytes } from '@tandem/protocol'
import { afterAll, expect, test } from 'vitest'
import { firstSignIn, openBrowser } from '../console/first-sign-in.ts'
import { AskingClient } from '../loopback-pair/asking-client.ts'
import { leaseText } from '../loopback-pair/client-message.ts'
import { FailoverMiddleman } from '../loopback-pair/failover-middleman.ts'
import { makeLoopbackPair, type LoopbackPair } from '../loopback-pair/loopback-pair.ts'
import type { LoopbackServer } from '../loopback-pair/loopback-server.ts'
import { makePairCertificates } from '../loopback-pair/pair-certificates.ts'
import { tandemProgram } from '../topology/tandem-server.ts'
import { waitUntil } from '../topology/wait-until.ts'

const run = promisify(execFile)

let pair: LoopbackPair | undefined
let middleman: FailoverMiddleman | undefined
let passed = false
const clients: AskingClient[] = []
const folder = mkdtempSync(join(tmpdir(), 'tandem-differences-files-'))

afterAll(async () => {
  for (const client of clients) client.close()
  await middleman?.close()
  await pair?.end()
  if (!passed) return console.log(`logs and databases in ${pair?.folder ?? 'no folder'}`)
  pair?.remove()
  rmSync(folder, { recursive: true, force: true })
})

async function newClient(index: number): Promise<AskingClient> {
  const client = await AskingClient.start(index)
  clients.push(client)
  return client
}

/** The failover link leads through somebody who can cut it; the private channel does not. */
async function startPair(between: FailoverMiddleman): Promise<LoopbackPair> {
  const certificates = makePairCertificates(folder)
  const made = await makeLoopbackPair({
    name: 'differences',
    channel: true,
    transportOf: (name) => ({ transport: 'insecure', tls: certificates.good(name) }),
    dialledPort: between.port,
    relationship: { startup: '2s', reconnect: '1s', reconnectAfterRefusal: '1s' },
    // No lease ends or is asked for again by itself while this is looked at.
    lifetimes: { valid: '3600s', preferred: '3600s', t1: 0.5, t2: 0.8 },
  })
  pair = made
  between.leadTo(made.beta.place.failoverPort)
  await made.start()
  await made.untilNormal(60_000)
  return made
}

async function compared(server: LoopbackServer): Promise<LeaseComparisons> {
  const { items } = await server.api.listLeases({ query: { limit: 100 } })
  return server.api.compareLeases({ query: { leases: items.map(({ key }) => key).join(',') } })
}

/** By lease; those that agree are left out. */
function standing({ items }: LeaseComparisons): Readonly<Record<string, string>> {
  const rest = items.filter(({ outcome }) => outcome !== 'agrees')
  return Object.fromEntries(
    rest.map(({ key, outcome, owedBy }) => [key, owedBy === null ? outcome : `owed by ${owedBy}`]),
  )
}

async function untilStanding(
  server: LoopbackServer,
  wanted: Readonly<Record<string, string>>,
): Promise<LeaseComparisons> {
  return waitUntil(`${server.name} compares as wanted`, 30_000, async () => {
    const answer = await compared(server)
    expect(standing(answer)).toEqual(wanted)
    return answer
  })
}

/** As a fault of a disk or of a program would leave it: the client is another one, and nothing is owed. */
function changeClient(server: LoopbackServer, address: string): void {
  const parsed = parseIpv6Address(address)
  if (parsed === undefined) throw new Error(`${address} is no address`)
  const database = new DatabaseSync(server.place.storageFile)
  const { changes } = database
    .prepare(`UPDATE "Binding" SET "clientIaid" = "clientIaid" + 1 WHERE "kind" = 'address' AND "address" = ?`)
    .run(ipv6AddressToBytes(parsed))
  database.close()
  expect(Number(changes)).toBe(1)
}

test('what is owed is told from what differs, on both servers, by the API and by the command line', async () => {
  middleman = await FailoverMiddleman.start()
  const { alpha, beta, ...both } = await startPair(middleman)
  const stays = await newClient(1)
  const renews = await newClient(2)
  const first = await stays.acquire(alpha)
  const second = await renews.acquire(alpha)
  await both.untilSettled(60_000)
  // A first lease lasts for the MCLT only: this one is looked at for longer.
  await stays.ask(alpha, 'renew', { named: first.by, leases: [first.lease] })
  await both.untilSettled(60_000)
  for (const server of [alpha, beta]) {
    const { items, partners } = await untilStanding(server, {})
    expect(items.length, 'addresses, and prefixes that the secondary was given').toBeGreaterThan(2)
    expect(partners).toMatchObject([{ problem: null }])
  }

  // The link is cut and the channel is not: what one of them gives now, the other has not heard of.
  middleman.handTo((primary) => primary.destroy())
  for (const { name } of both.servers) await both.untilState(name, ['communications-interrupted'], 60_000)
  const renewed = leaseKeyOf(leaseText(second.lease))
  await renews.ask(alpha, 'renew', { named: second.by, leases: [second.lease] })
  const came = await newClient(3)
  const third = leaseKeyOf(leaseText((await came.acquire(beta)).lease))
  await untilStanding(alpha, { [renewed]: 'owed by this-server' })
  await untilStanding(beta, { [renewed]: 'owed by partner', [third]: 'owed by this-server' })
  middleman.leadTo(beta.place.failoverPort)
  await both.untilSettled(60_000)
  for (const server of [alpha, beta]) await untilStanding(server, {})

  const changed = leaseText(first.lease)
  await beta.stop()
  await waitUntil('alpha says that beta cannot be asked', 30_000, async () => {
    const { items, partners } = await compared(alpha)
    return items.every(({ outcome }) => outcome !== 'agrees') && partners.every(({ problem }) => problem !== null)
  })
  changeClient(beta, changed)
  await beta.start()
  await both.untilSettled(60_000)
  for (const server of [alpha, beta]) await untilStanding(server, { [leaseKeyOf(changed)]: 'differs' })
  const env = { ...process.env, TANDEM_URL: alpha.url, TANDEM_TOKEN: await alpha.token() }
  const { stdout } = await run(tandemProgram, ['ctl', 'leases', 'list', '--all', '--compare'], { env })
  const lines = stdout.split('\n').filter((line) => line.endsWith('differs'))
  expect(lines.map((line) => line.split(' ', 1)[0])).toEqual([changed])
  await isMarkedInTheConsole(alpha, changed)
  passed = true
})

/** In the list the one row and the sum over the page; a click leads to both records. */
async function isMarkedInTheConsole(server: LoopbackServer, lease: string): Promise<void> {
  const browser = await openBrowser()
  try {
    const { page, picture } = await firstSignIn(browser, { apiPort: server.place.apiPort, output: server.output() })
    await page.goto(`${server.url}/leases`)
    const mark = page.getByRole('link', { name: `The partner’s record of ${lease}: differs` })
    await mark.waitFor()
    const rows = page.locator('tbody tr')
    expect(await rows.filter({ hasText: 'differs' }).allInnerTexts()).toEqual([expect.stringContaining(lease)])
    expect(await rows.filter({ hasText: 'agrees' }).count()).toBeGreaterThan(0)
    await page.getByRole('paragraph').getByText('Compared with beta: 1 differs', { exact: true }).waitFor()
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
    await picture('lease-differs')
    await mark.click()
    await page.getByRole('heading', { name: `Lease ${lease}`, level: 1 }).waitFor()
    await page.getByText('differs', { exact: true }).first().waitFor()
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
    await picture('lease-differs-records')
  } finally {
    await browser.close()
  }
}
