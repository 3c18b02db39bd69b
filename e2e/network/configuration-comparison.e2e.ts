/** Two real servers compare what they are configured to do: alike at first, then one file is changed, and one server is gone; both say what they find and what happened. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConfigurationComparison } from '@tandem/api-contract'
import { afterAll, expect, test } from 'vitest'
import { makeLoopbackPair, type LoopbackPair } from '../loopback-pair/loopback-pair.ts'
import type { LoopbackServer } from '../loopback-pair/loopback-server.ts'
import { makePairCertificates } from '../loopback-pair/pair-certificates.ts'
import { RELATIONSHIP } from '../topology/pair-configuration.ts'
import { tandemProgram } from '../topology/tandem-server.ts'
import { waitUntil } from '../topology/wait-until.ts'

let pair: LoopbackPair | undefined
let passed = false
const folder = mkdtempSync(join(tmpdir(), 'tandem-comparison-files-'))

afterAll(async () => {
  await pair?.end()
  if (!passed) return console.log(`logs and databases in ${pair?.folder ?? 'no folder'}`)
  pair?.remove()
  rmSync(folder, { recursive: true, force: true })
})

test('settings that differ are named on both servers with what comes of it, on the command line too', async () => {
  const certificates = makePairCertificates(folder)
  pair = await makeLoopbackPair({
    name: 'comparison',
    channel: true,
    transportOf: (name) => ({ transport: 'insecure', tls: certificates.good(name) }),
    relationship: { startup: '2s', reconnect: '1s', reconnectAfterRefusal: '1s' },
  })
  const { alpha, beta } = pair
  await pair.start()
  await pair.untilNormal(60_000)
  for (const server of pair.servers) {
    expect(await compared(server)).toMatchObject({ outcome: 'compared', differing: '0', differences: [] })
  }
  expect(Number((await compared(alpha)).settings)).toBeGreaterThan(20)
  // Accounts are in step a moment after failover is.
  await waitUntil('both find nothing wrong', 20_000, async () => bothFindNothingWrong(alpha))
  expect(await compare(alpha)).toMatchObject({ code: 0, said: expect.stringContaining('agree') as string })

  await beta.stop()
  expect(await compared(alpha)).toMatchObject({ outcome: 'unavailable', settings: '0' })
  expect((await compare(alpha)).code).toBe(6)

  const { configurationFile } = beta.place
  const written = readFileSync(configurationFile, 'utf8')
  const changed = written
    .replaceAll('2001:db8:1::107f', '2001:db8:1::10ff')
    .replaceAll(/valid: ["']?120s["']?/gu, 'valid: 180s')
  expect(changed).not.toBe(written)
  writeFileSync(configurationFile, changed)
  await beta.start()
  await pair.untilNormal(60_000)
  const here = await compared(alpha)
  expect(here.differences.map(({ weight, group, here: ours, there }) => [weight, group, ours, there])).toEqual([
    ['must-agree', 'address-pool', 'independent', null],
    ['must-agree', 'address-pool', null, 'independent'],
    ['should-agree', 'lifetime', '2m', '3m'],
    ['should-agree', 'lifetime', '2m', '3m'],
  ])
  const there = await compared(beta)
  expect(there.differences.map(({ setting, here: ours }) => [setting, ours])).toEqual(
    here.differences.map(({ setting, there: theirs }) => [setting, theirs]),
  )
  const { code, said } = await compare(beta)
  expect(code).toBe(10)
  expect(said).toMatch(/must-agree .*address-pool 2001:db8:1::1000-2001:db8:1::10ff/u)
  await findingsOfBoth(alpha)
  await timelineOfBoth(alpha)
  passed = true
})

/** But for what this pair is made without, as its configuration is told too: a secured failover link. */
async function bothFindNothingWrong(server: LoopbackServer): Promise<true> {
  const { servers, items } = await server.api.listChecks()
  expect(servers).toMatchObject([
    { serverName: 'alpha', outcome: 'told' },
    { serverName: 'beta', outcome: 'told' },
  ])
  const standing = items.filter(({ outcome }) => outcome !== 'good')
  expect(standing.map(({ subject, serverName, outcome }) => [subject, serverName, outcome])).toEqual([
    ['configuration-file', 'alpha', 'warning'],
    ['partner-certificates', 'alpha', 'warning'],
    ['configuration-file', 'beta', 'warning'],
    ['partner-certificates', 'beta', 'warning'],
  ])
  const subjects = new Set(items.filter(({ outcome }) => outcome === 'good').map(({ subject }) => subject))
  expect([...subjects].toSorted()).toEqual([
    'accounts',
    'client-listener',
    'clock',
    'configuration-match',
    'data-plane',
    'partner-link',
    'private-channel',
    'version',
  ])
  return true
}

async function findingsOfBoth(server: LoopbackServer): Promise<void> {
  const { code, said } = await ctl(server, 'checks', '--all')
  expect(code).toBe(10)
  expect(said).toMatch(/^bad +alpha +Configurations of alpha and beta +4 of \d+ settings differ\./mu)
  expect(said).toMatch(/^good +beta +The part that serves clients/mu)
}

/** beta was started twice, the second time with another file. */
async function timelineOfBoth(server: LoopbackServer): Promise<void> {
  const { code, said } = await ctl(server, 'timeline', RELATIONSHIP)
  expect(code).toBe(0)
  expect(said.match(/ beta +start of version \S+ +had run until /gu)).toHaveLength(1)
  expect(said.match(/ (alpha|beta) +start of version \S+ +had not run before/gu)).toHaveLength(2)
  expect(said).toMatch(/ beta +configuration 2 +start with /u)
  expect(said).toMatch(/ alpha +NORMAL to COMMUNICATIONS-INTERRUPTED /u)
  expect(said).toMatch(/ beta +STARTUP to /u)
}

async function compared({ api }: LoopbackServer): Promise<ConfigurationComparison> {
  return api.compareConfigurations({ params: { name: RELATIONSHIP } })
}

type Said = { readonly code: number; readonly said: string }

async function compare(server: LoopbackServer): Promise<Said> {
  return ctl(server, 'compare-configuration', RELATIONSHIP)
}

async function ctl(server: LoopbackServer, ...words: readonly string[]): Promise<Said> {
  const env = { ...process.env, TANDEM_URL: server.url, TANDEM_TOKEN: await server.token() }
  return new Promise((resolve) => {
    execFile(tandemProgram, ['ctl', ...words], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), said: out + err })
    })
  })
}
