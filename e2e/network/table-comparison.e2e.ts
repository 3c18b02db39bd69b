/** Two real servers compare all of their leases: what one disk lost or has otherwise is found from either side, told again, and alike afterwards. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AxeBuilder } from '@axe-core/playwright'
import type { TableComparison } from '@tandem/api-contract'
import { parseIpv6Address, ipv6AddressToBytes } from '@tandem/protocol'
import { afterAll, expect, test } from 'vitest'
import { firstSignIn, openBrowser } from '../console/first-sign-in.ts'
import { AskingClient } from '../loopback-pair/asking-client.ts'
import { leaseText } from '../loopback-pair/client-message.ts'
import { makeLoopbackPair, type LoopbackPair } from '../loopback-pair/loopback-pair.ts'
import type { LoopbackServer } from '../loopback-pair/loopback-server.ts'
import { makePairCertificates } from '../loopback-pair/pair-certificates.ts'
import { RELATIONSHIP } from '../topology/pair-configuration.ts'
import { tandemProgram } from '../topology/tandem-server.ts'
import { waitUntil } from '../topology/wait-until.ts'

const DONE = 0
const DIFFER = 10
const CLIENTS = 5

let pair: LoopbackPair | undefined
let passed = false
const clients: AskingClient[] = []
const folder = mkdtempSync(join(tmpdir(), 'tandem-tables-files-'))

afterAll(async () => {
  for (const client of clients) client.close()
  await pair?.end()
  if (!passed) return console.log(`logs and databases in ${pair?.folder ?? 'no folder'}`)
  pair?.remove()
  rmSync(folder, { recursive: true, force: true })
})

async function startPair(): Promise<LoopbackPair> {
  const certificates = makePairCertificates(folder)
  const made = await makeLoopbackPair({
    name: 'tables',
    channel: true,
    transportOf: (name) => ({ transport: 'tls', tls: certificates.good(name) }),
    relationship: { startup: '2s', reconnect: '1s', reconnectAfterRefusal: '1s' },
    // No lease ends or is asked for again by itself while this is looked at.
    lifetimes: { valid: '3600s', preferred: '3600s', t1: 0.5, t2: 0.8 },
  })
  pair = made
  await made.start()
  await made.untilNormal(60_000)
  return made
}

interface Run {
  readonly code: number
  readonly comparison: TableComparison
}

/** By the command line, which waits for the end. */
async function ctl(server: LoopbackServer, ...more: readonly string[]): Promise<Run> {
  const env = { ...process.env, TANDEM_URL: server.url, TANDEM_TOKEN: await server.token() }
  const args = ['ctl', 'compare-leases', RELATIONSHIP, '-o', 'json', ...more]
  return new Promise((resolve, reject) => {
    execFile(tandemProgram, args, { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code
      if (typeof code !== 'number' || stdout === '') return reject(new Error(`${error?.message}: ${stderr}`))
      // Our own program wrote it.
      resolve({ code, comparison: JSON.parse(stdout) as TableComparison })
    })
  })
}

function found({ comparison: { differences } }: Run): Readonly<Record<string, string>> {
  return Object.fromEntries(differences.map(({ lease, outcome }) => [lease, outcome]))
}

interface Spoiled {
  readonly lost: string
  readonly ended: string
  /** Has another client. */
  readonly other: string
}

/** As a fault of its disk would leave them, while the server does not run. */
function spoil(server: LoopbackServer, { lost, ended, other }: Spoiled): void {
  const database = new DatabaseSync(server.place.storageFile)
  const run = (sql: string, lease: string): void => {
    const parsed = parseIpv6Address(lease)
    if (parsed === undefined) throw new Error(`${lease} is no address`)
    const { changes } = database.prepare(sql).run(ipv6AddressToBytes(parsed))
    expect(Number(changes)).toBe(1)
  }
  run(`DELETE FROM "Binding" WHERE "kind" = 'address' AND "address" = ?`, lost)
  run(
    `UPDATE "Binding" SET "status" = 'EXPIRED', "statusSince" = "statusSince" - 3600000 WHERE "kind" = 'address' AND "address" = ?`,
    ended,
  )
  run(`UPDATE "Binding" SET "clientIaid" = "clientIaid" + 1 WHERE "kind" = 'address' AND "address" = ?`, other)
  database.close()
}

test('records that a disk lost or has otherwise are found from both sides, and told again where that does no harm', async () => {
  const { alpha, beta, ...both } = await startPair()
  const given: string[] = []
  for (let index = 1; index <= CLIENTS; index += 1) {
    const client = await AskingClient.start(index)
    clients.push(client)
    given.push(leaseText((await client.acquire(alpha)).lease))
  }
  await both.untilSettled(60_000)
  for (const server of [alpha, beta]) {
    const { code, comparison } = await ctl(server)
    expect({ code, state: comparison.state, differing: comparison.differing }).toEqual({
      code: DONE,
      state: 'done',
      differing: '0',
    })
    expect(Number(comparison.compared)).toBeGreaterThanOrEqual(CLIENTS)
    expect(
      comparison.pools.map(({ kind }) => kind),
      'prefixes too, of which the secondary has a part',
    ).toContain('prefix')
  }

  const [lost = '', ended = '', other = ''] = given
  await beta.stop()
  spoil(beta, { lost, ended, other })
  await beta.start()
  await both.untilSettled(60_000)
  const fromAlpha = await ctl(alpha)
  const differing = { [ended]: 'differs', [other]: 'differs' }
  expect(found(fromAlpha)).toEqual({ [lost]: 'only-here', ...differing })
  expect(fromAlpha.code).toBe(DIFFER)
  expect(found(await ctl(beta))).toEqual({ [lost]: 'only-there', ...differing })

  await isRepairedInTheConsole(alpha, [lost, ended, other])
  await both.untilSettled(60_000)
  for (const server of [alpha, beta]) {
    const left = await ctl(server)
    expect(left.code).toBe(DIFFER)
    expect(found(left), 'another client is nobody’s to overrule').toEqual({ [other]: 'differs' })
  }
  const { items } = await alpha.api.listAudit({ query: { limit: 20 } })
  const told = items.filter(({ action }) => action === 'resend-lease')
  expect(told.map(({ target, outcome, reason }) => ({ target, outcome, reason })).toSorted(byTarget)).toEqual(
    [lost, ended].map((target) => ({ target, outcome: 'done', reason: 'a fault of its disk' })).toSorted(byTarget),
  )
  passed = true
})

function byTarget(a: { readonly target: string }, b: { readonly target: string }): number {
  return a.target < b.target ? -1 : 1
}

/** Compared with a click, listed, told again with a reason, and compared once more. */
async function isRepairedInTheConsole(server: LoopbackServer, leases: readonly string[]): Promise<void> {
  const browser = await openBrowser()
  try {
    const { page, picture } = await firstSignIn(browser, { apiPort: server.place.apiPort, output: server.output() })
    await page.goto(`${server.url}/relationships/${RELATIONSHIP}`)
    const compare = page.getByRole('button', { name: 'Compare all leases' })
    await compare.click()
    const list = page.getByRole('region', { name: 'Leases that differ' })
    await list.waitFor()
    for (const lease of leases) await list.getByRole('link', { name: lease, exact: true }).waitFor()
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
    await picture('leases-differ')
    await page.getByRole('button', { name: 'Tell beta again…' }).click()
    await page.getByLabel('Why?').fill('a fault of its disk')
    await picture('leases-told-again')
    await page.getByRole('button', { name: 'Tell again', exact: true }).click()
    await page
      .getByText(/beta was told again of 2 leases\..* 1 left alone: the partner has it in use otherwise\./u)
      .waitFor()
    await waitUntil('all leases but one agree again', 30_000, async () => {
      await compare.click()
      await page
        .getByText(/Of \d+ leases 1 differs from what beta has\./u)
        .first()
        .waitFor({ timeout: 5_000 })
      return true
    })
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  } finally {
    await browser.close()
  }
}
