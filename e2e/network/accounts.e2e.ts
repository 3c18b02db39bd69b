/** Accounts of the pair with two real servers: what is taken away on one is gone on the other within two seconds, or once they hear each other; and the link between the consoles. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Session, SignInCode } from '@tandem/api-contract'
import type { Role } from '@tandem/api-contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LoopbackServer } from '../loopback-pair/loopback-server.ts'
import { makeLoopbackPair, type LoopbackPair } from '../loopback-pair/loopback-pair.ts'
import { makePairCertificates } from '../loopback-pair/pair-certificates.ts'
import { RELATIONSHIP } from '../topology/pair-configuration.ts'
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
  if (passed < 4) return console.log(`logs and databases in ${pair.folder}`)
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
  const answer = await post(server, '/session', { name, password: PASSWORD })
  expect(answer.status, await answer.text()).toBe(201)
  return { cookie: cookiesOf(answer) }
}

function cookiesOf(answer: Response): string {
  const cookies = answer.headers.getSetCookie().map((each) => each.split(';', 1)[0])
  return cookies.join('; ')
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

async function post(
  server: LoopbackServer,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
) {
  return fetch(`${server.url}/api/v1${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
      origin: server.url,
      ...headers,
    },
    body: JSON.stringify(body),
  })
}

test('the link to the other console signs in once, within 30 seconds, and only there', async () => {
  const { alpha, beta } = pair
  await addOperator(alpha, 'judy', 'operator')
  await waitUntil('beta knows judy', 10_000, async () =>
    (await beta.api.listOperators()).items.some(({ name }) => name === 'judy'),
  )
  const session = await signIn(alpha, 'judy')
  const makeCode = async () => {
    const made = await post(alpha, '/sign-in-codes', { relationship: RELATIONSHIP }, session)
    expect(made.status).toBe(201)
    const { url, serverName } = SignInCode.parse(await made.json())
    expect(serverName).toBe('beta')
    const { origin, pathname, search, hash } = new URL(url)
    expect([origin, pathname, search]).toEqual([beta.url, '/sign-in/from-partner', ''])
    return Object.fromEntries(new URLSearchParams(hash.slice(1)))
  }
  const use = async (server: LoopbackServer, code: object) => post(server, '/session/from-partner', code)

  const slow = await makeCode()
  const slowMadeAt = performance.now()
  await delay(30_500)
  expect(performance.now() - slowMadeAt).toBeGreaterThan(30_000)
  expect((await use(beta, slow)).status, 'after 30 s').toBe(401)

  const code = await makeCode()
  expect((await use(alpha, code)).status, 'at the server that made it').toBe(401)
  const signedIn = await use(beta, code)
  expect(signedIn.status).toBe(201)
  expect(Session.parse(await signedIn.json())).toMatchObject({
    operator: { name: 'judy', role: 'operator' },
    serverName: 'beta',
  })
  const cookie = cookiesOf(signedIn)
  expect(await statusOf(beta, { cookie })).toBe(200)
  const again = await use(beta, code)
  expect([again.status, again.headers.getSetCookie()], 'a second time').toEqual([401, []])

  // The session there is one of its own: ending the one here leaves it, and takes what was still to be used.
  const unused = await makeCode()
  const ended = await fetch(`${alpha.url}/api/v1/session`, {
    method: 'DELETE',
    headers: { ...session, origin: alpha.url },
  })
  expect(ended.status).toBe(204)
  expect((await use(beta, unused)).status, 'after the sign-out').toBe(401)
  expect(await statusOf(beta, { cookie })).toBe(200)

  const linesOf = async (server: LoopbackServer) =>
    (await server.api.listAudit({ query: { operator: 'judy' } })).items.map(
      ({ action, detail }) => `${action}: ${detail}`,
    )
  const there = await linesOf(beta)
  expect(there).toContainEqual(expect.stringMatching(/^sign-in: from .*, with a code of alpha$/))
  const here = await linesOf(alpha)
  expect(here.filter((line) => line.startsWith('make-sign-in-code'))).toHaveLength(3)
  expect(here.filter((line) => line.startsWith('use-sign-in-code'))).toHaveLength(1)
  const all = JSON.stringify([there, here]) + alpha.output() + beta.output()
  for (const each of [slow, code, unused]) expect(all).not.toContain(each['code'])
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
