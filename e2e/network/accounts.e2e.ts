/** Accounts of the pair with two real servers: what is taken away on one is gone on the other within two seconds, or once they hear each other. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Role } from '@tandem/api-contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LoopbackServer } from '../loopback-pair/loopback-server.ts'
import { makeLoopbackPair, type LoopbackPair } from '../loopback-pair/loopback-pair.ts'
import { makePairCertificates } from '../loopback-pair/pair-certificates.ts'
import { tandemProgram } from '../topology/tandem-server.ts'
import { waitUntil } from '../topology/wait-until.ts'

const run = promisify(execFile)

/** What is promised from a change on one server to its effect on the other. */
const PROMISED_MS = 2_000
const PASSWORD = 'correct horse battery'

let pair: LoopbackPair
let passed = 0

const folder = mkdtempSync(join(tmpdir(), 'tandem-accounts-files-'))

beforeAll(async () => {
  const certificates = makePairCertificates(folder)
  pair = await makeLoopbackPair({
    name: 'accounts',
    channel: true,
    transportOf: (name) => ({ transport: 'tls', tls: certificates.good(name) }),
  })
  await pair.start()
  await inStep(pair.alpha)
  await inStep(pair.beta)
})

afterAll(async () => {
  await pair.end()
  if (passed < 3) return console.log(`logs and databases in ${pair.folder}`)
  pair.remove()
  rmSync(folder, { recursive: true, force: true })
})

async function inStep(server: LoopbackServer): Promise<void> {
  await waitUntil(`accounts of ${server.name} are in step`, 30_000, async () => {
    const { items } = await server.api.listAccountSharing()
    if (items.every(({ state }) => state === 'in-step')) return true
    throw new Error(JSON.stringify(items))
  })
}

async function statusOf(server: LoopbackServer, headers: Readonly<Record<string, string>>): Promise<number> {
  const answer = await fetch(`${server.url}/api/v1/server`, { headers, signal: AbortSignal.timeout(5_000) })
  await answer.arrayBuffer()
  return answer.status
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** How long until the server answers so, in ms. */
async function untilStatus(
  server: LoopbackServer,
  headers: Readonly<Record<string, string>>,
  status: number,
  limitMs: number,
) {
  const begun = performance.now()
  for (;;) {
    if ((await statusOf(server, headers)) === status) return Math.round(performance.now() - begun)
    if (performance.now() - begun > limitMs)
      throw new Error(`${server.name} does not answer ${status} within ${limitMs} ms`)
    await delay(20)
  }
}

async function makeToken(server: LoopbackServer, name: string) {
  const made = await server.api.createApiToken({ body: { name, role: 'viewer', scope: null, expiresAt: null } })
  return { id: made.id, headers: bearer(made.token) }
}

async function addOperator(server: LoopbackServer, name: string, role: Role) {
  return server.api.createOperator({ body: { name, password: PASSWORD, role, passwordIsTemporary: false } })
}

async function signIn(server: LoopbackServer, name: string): Promise<{ readonly cookie: string }> {
  const answer = await fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), origin: server.url },
    body: JSON.stringify({ name, password: PASSWORD }),
  })
  expect(answer.status, await answer.text()).toBe(201)
  return {
    cookie: answer.headers
      .getSetCookie()
      .map((each) => each.split(';', 1)[0])
      .join('; '),
  }
}

test('a token that is revoked on one server is refused by the other within two seconds, in both directions', async () => {
  for (const [here, there] of [
    [pair.alpha, pair.beta],
    [pair.beta, pair.alpha],
  ] as const) {
    for (let round = 1; round <= 3; round += 1) {
      const { id, headers } = await makeToken(here, `round ${round}`)
      const arrivedMs = await untilStatus(there, headers, 200, 10_000)
      await here.api.revokeApiToken({ params: { id } })
      const goneMs = await untilStatus(there, headers, 401, 10_000)
      console.log(
        `${here.name} to ${there.name}: a new token is good after ${arrivedMs} ms, a revoked one refused after ${goneMs} ms`,
      )
      expect(goneMs).toBeLessThan(PROMISED_MS)
    }
  }
  passed += 1
})

test('an operator who is added here signs in there, and is signed out there by each change, the command line too', async () => {
  const { alpha, beta } = pair
  const { id } = await addOperator(alpha, 'grace', 'operator')
  const known = async () => (await beta.api.listOperators()).items.find(({ name }) => name === 'grace')
  await waitUntil('beta knows grace', 10_000, async () => (await known()) !== undefined)

  const asOperator = await signIn(beta, 'grace')
  await alpha.api.changeOperator({ params: { id }, body: { role: 'viewer' } })
  const changedMs = await untilStatus(beta, asOperator, 401, 10_000)
  expect(await known()).toMatchObject({ role: 'viewer' })

  const asViewer = await signIn(beta, 'grace')
  const args = ['operator', 'remove', 'grace', '--config', alpha.place.configurationFile]
  await run(tandemProgram, args)
  const removedMs = await untilStatus(beta, asViewer, 401, 10_000)
  console.log(`signed out on beta after ${changedMs} ms (role), ${removedMs} ms (removed on the command line)`)
  expect(changedMs).toBeLessThan(PROMISED_MS)
  expect(removedMs).toBeLessThan(PROMISED_MS)
  expect(await known()).toBeUndefined()
  const { items } = await beta.api.listAudit({ query: { operator: 'partner:alpha', target: 'grace' } })
  expect(items.map(({ action }) => action)).toEqual(['remove-operator', 'change-operator', 'create-operator'])
  passed += 1
})

test('what is revoked while the partner is away is refused there once the two hear each other', async () => {
  const { alpha, beta } = pair
  const { id, headers } = await makeToken(alpha, 'outage')
  await untilStatus(beta, headers, 200, 10_000)
  await addOperator(beta, 'heidi', 'operator')
  await waitUntil('alpha knows heidi', 10_000, async () =>
    (await alpha.api.listOperators()).items.some(({ name }) => name === 'heidi'),
  )
  await beta.kill()
  await alpha.api.revokeApiToken({ params: { id } })
  const heidi = (await alpha.api.listOperators()).items.find(({ name }) => name === 'heidi')
  await alpha.api.removeOperator({ params: { id: heidi?.id ?? '' } })
  await waitUntil('alpha says that beta is not heard', 20_000, async () =>
    (await alpha.api.listAccountSharing()).items.some(({ state }) => state === 'silent'),
  )
  await beta.start()
  const goneMs = await untilStatus(beta, headers, 401, 15_000)
  console.log(`refused ${goneMs} ms after beta was ready again`)
  await waitUntil('beta no longer knows heidi', 10_000, async () =>
    (await beta.api.listOperators()).items.every(({ name }) => name !== 'heidi'),
  )
  await inStep(alpha)
  await inStep(beta)
  // Nothing comes back: alpha has heard beta, which knew both a moment ago.
  expect(await statusOf(alpha, headers)).toBe(401)
  expect((await alpha.api.listOperators()).items.map(({ name }) => name)).not.toContain('heidi')
  passed += 1
})
