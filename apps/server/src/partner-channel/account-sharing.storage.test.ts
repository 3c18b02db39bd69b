/** Accounts over the private channel: beta is the whole API, alpha a channel with a database of its own; what one changes is in force on the other. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebhookList } from '@tandem/api-contract'
import type { AccountSharingList } from '@tandem/api-contract'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { AccountSharingWork } from '../account-sharing.ts'
import { hashPassword } from '../http/passwords.ts'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'
import { Access } from '../sessions/access.ts'
import { deleteApiToken, insertApiToken, listApiTokenRows } from '../storage/api-tokens.queries.ts'
import { openConsoleDatabase } from '../storage/console-database.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { openStorage } from '../storage/open-storage.ts'
import { addOperator, changeOperatorAccess, changePassword, deleteOperator } from '../storage/operator-changes.ts'
import { findOperatorByName, listOperatorRows } from '../storage/operators.queries.ts'
import { deleteWebhook, insertWebhook, listWebhookRows } from '../storage/webhooks.queries.ts'
import { removeTestStorage, testStorageUrl } from '../storage/test-support/test-storage.ts'
import { freePort, PartnerSides } from '../transport/test-support/partner-sides.ts'
import { AccountsFollower } from './accounts-follower.ts'
import { ChannelListener } from './channel-listener.ts'
import { PartnerQuestions } from './partner-questions.ts'
import { LogLines, sourceOf } from './test-support/channel-parts.ts'

const PASSWORD = 'correct horse battery'

const sides = new PartnerSides()
const { tlsFiles } = sides
const endings: (() => unknown)[] = []
beforeAll(() => sides.makeFiles())
afterAll(() => sides.removeFiles())
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

const by = { operator: 'ada', detail: '', nowMs: 1_000 }
/** How soon is a matter of e2e/network/accounts.e2e.ts; here both servers and their databases share one busy machine. */
const soon = { timeout: 30_000, interval: 50 } as const

async function ports() {
  return { alpha: await freePort(), beta: await freePort() }
}
type Ports = Awaited<ReturnType<typeof ports>>

async function startBeta({ alpha, beta }: Ports, sharesAccounts = true): Promise<ApiFixture> {
  const ends = { localAddress: '::1', localPort: beta, partnerAddress: '::1', partnerPort: alpha }
  const api = await startTestApi(undefined, { channel: { ...ends, sharesAccounts }, tls: tlsFiles('beta', 'alpha') })
  endings.push(() => api.close())
  return api
}

async function alphaDatabase(): Promise<ConsoleDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-accounts-'))
  const storageUrl = await testStorageUrl(folder, 'alpha')
  const storage = await openStorage(storageUrl, Date.now())
  await storage.close()
  const database = await openConsoleDatabase(storageUrl)
  endings.push(async () => {
    await database.close()
    await removeTestStorage(storageUrl)
    rmSync(folder, { recursive: true, force: true })
  })
  return database
}

/** Answers beta, and keeps in step with it. */
async function startAlpha(database: ConsoleDatabase, { alpha, beta }: Ports) {
  const channel = {
    localAddress: '::1',
    localPort: alpha,
    partnerAddress: '::1',
    partnerPort: beta,
    sharesAccounts: true,
  }
  const link = { relationship: 'main', channel, tls: tlsFiles('alpha', 'beta') }
  const log = new LogLines()
  const access = new Access({ database, serverName: 'alpha', clock: Date.now, secureCookie: false })
  const work = new AccountSharingWork(database, access, log)
  const source = { ...sourceOf('alpha'), accounts: async (digest: string) => work.tell(digest) }
  const listener = new ChannelListener([link], source, log, Date.now)
  await listener.start()
  const questions = new PartnerQuestions({ ...link, clock: Date.now, withinMs: 8_000 })
  const follower = new AccountsFollower({
    relationship: 'main',
    partnerName: 'beta',
    ask: (path) => questions.ask(path),
    takeOver: async (name, told) => work.takeOver(name, told),
    clock: Date.now,
    log,
  })
  follower.start()
  const stop = async (): Promise<void> => {
    questions.close()
    await Promise.all([follower.stop(), work.stop()])
    await listener.stop()
  }
  endings.push(stop)
  return { stop, follower, log }
}

async function add(database: ConsoleDatabase, name: string, role: string, nowMs = 1_000) {
  const row = await addOperator(database, { name, role, passwordHash: await hashPassword(PASSWORD), nowMs }, by)
  if (row === undefined) throw new Error(`${name} is taken`)
  return row
}

const namesIn = async (database: ConsoleDatabase) => (await listOperatorRows(database)).map(({ name }) => name)
const signIn = async (api: ApiFixture, name: string) => api.post('/api/v1/session', { name, password: PASSWORD })

const administrators = new WeakMap<ApiFixture, Promise<string>>()

/** One token of each, since tokens are shared too. */
async function administratorOf(api: ApiFixture): Promise<string> {
  const made = administrators.get(api) ?? api.token('administrator')
  administrators.set(api, made)
  return made
}

async function sharingOf(api: ApiFixture): Promise<AccountSharingList['items']> {
  const answer = await api.get('/api/v1/account-sharing', await administratorOf(api))
  return ((await answer.json()) as AccountSharingList).items
}

function cookieOf(signedIn: Response): string {
  const all = signedIn.headers.getSetCookie().map((each) => each.split(';', 1)[0] ?? '')
  return all.join('; ')
}

const sessionStatus = async (api: ApiFixture, cookie: string): Promise<number> =>
  (await fetch(`${api.url}/api/v1/session`, { headers: { cookie } })).status

test('what was made on one signs in on the other, and every loss of rights ends what is open there', async () => {
  const at = await ports()
  const api = await startBeta(at)
  const alpha = await alphaDatabase()
  await add(alpha, 'ada', 'administrator')
  const bob = await add(alpha, 'bob', 'operator')
  await startAlpha(alpha, at)
  await expect.poll(() => namesIn(api.database), soon).toEqual(['ada', 'bob'])
  expect((await (await fetch(`${api.url}/api/v1/setup`)).json()) as object).toMatchObject({ required: false })

  const first = cookieOf(await signIn(api, 'bob'))
  expect(await sessionStatus(api, first)).toBe(200)
  await changeOperatorAccess(alpha, bob.id, { role: 'viewer', disabled: undefined }, by)
  await expect.poll(() => sessionStatus(api, first), soon).toBe(401)

  const second = cookieOf(await signIn(api, 'bob'))
  expect(await sessionStatus(api, second)).toBe(200)
  const passwordHash = await hashPassword('another good password')
  await changePassword(alpha, bob.id, { passwordHash, temporary: true, own: false }, by)
  await expect.poll(() => sessionStatus(api, second), soon).toBe(401)
  expect((await signIn(api, 'bob')).status).toBe(401)

  await deleteOperator(alpha, bob.id, by)
  await expect.poll(() => namesIn(api.database), soon).toEqual(['ada'])
  const told = await api.database.prisma.auditEntry.findMany({
    where: { operator: 'partner:alpha' },
    orderBy: { id: 'asc' },
  })
  expect(told.map(({ action, target }) => `${action} ${target}`).toSorted()).toEqual([
    'change-operator bob',
    'change-operator bob',
    'create-operator ada',
    'create-operator bob',
    'remove-operator bob',
  ])
  expect(told[2]?.detail).toContain('role operator to viewer, taken over from the partner')
  expect(JSON.stringify(api.log)).not.toContain('argon2')
}, 120_000)

test('a token works on both, and no more on either once it is revoked on one', async () => {
  const at = await ports()
  const api = await startBeta(at)
  const alpha = await alphaDatabase()
  const wish = { name: 'cron', role: 'viewer', createdBy: 'ada', nowMs: 1_000, expiresAtMs: undefined }
  const { row, secret } = await insertApiToken(alpha, wish)
  await startAlpha(alpha, at)
  // What keeps it from being in step stands in `problem`.
  await expect.poll(() => sharingOf(api), soon).toMatchObject([{ state: 'in-step', problem: null }])
  const status = async () => (await api.get('/api/v1/server', secret)).status
  await expect.poll(status, soon).toBe(200)
  await deleteApiToken(alpha, row.id, by)
  await expect.poll(status, soon).toBe(401)

  const made = await insertApiToken(api.database, { ...wish, name: 'of beta' })
  const namesAtAlpha = async () => (await listApiTokenRows(alpha)).map(({ name }) => name)
  await expect.poll(namesAtAlpha, soon).toContain('of beta')
  await deleteApiToken(api.database, made.row.id, by)
  await expect.poll(namesAtAlpha, soon).not.toContain('of beta')
}, 120_000)

test('a webhook is on both with its secret, and on neither once it is removed on one', async () => {
  const at = await ports()
  const api = await startBeta(at)
  const alpha = await alphaDatabase()
  const wish = { name: 'routes', url: 'https://[::1]:9/', subnets: ['2001:db8::/64'], kinds: ['prefix'], events: [] }
  const made = await insertWebhook(
    alpha,
    { ...wish, beginsWithOldest: false, certificateAuthority: null },
    { ...by, nowMs: Date.now() },
    20,
  )
  const { log } = await startAlpha(alpha, at)
  await expect.poll(async () => listWebhookRows(api.database), soon).toEqual([made])
  const shown = async () =>
    WebhookList.parse(await (await api.get('/api/v1/webhooks', await administratorOf(api))).json())
  expect((await shown()).items).toMatchObject([{ name: 'routes', subnets: wish.subnets, delivery: { server: 'beta' } }])
  await deleteWebhook(api.database, made?.id ?? '', by)
  await expect.poll(async () => listWebhookRows(alpha), soon).toEqual([])
  expect((await shown()).items).toEqual([])
  expect(JSON.stringify([api.log, log.lines])).not.toContain(made?.secret)
}, 120_000)

test('what was done while they did not hear each other is done on contact; two of one name both stay', async () => {
  const at = await ports()
  const api = await startBeta(at)
  const alpha = await alphaDatabase()
  const bob = await add(alpha, 'bob', 'operator')
  const first = await startAlpha(alpha, at)
  await expect.poll(() => namesIn(api.database), soon).toEqual(['bob'])
  await first.stop()

  await deleteOperator(alpha, bob.id, by)
  await changeOperatorAccess(api.database, bob.id, { role: 'administrator', disabled: undefined }, by)
  await add(alpha, 'eve', 'administrator', 2_000)
  const later = await add(api.database, 'eve', 'viewer', 3_000)
  await startAlpha(alpha, at)
  const both = ['eve', `eve-${later.id.slice(0, 8)}`]
  await expect.poll(() => namesIn(api.database), soon).toEqual(both)
  await expect.poll(() => namesIn(alpha), soon).toEqual(both)
  expect(await findOperatorByName(api.database, 'eve')).toMatchObject({ role: 'administrator' })
}, 120_000)

test('a server that keeps its own accounts tells none and takes none, and both say so', async () => {
  const at = await ports()
  const api = await startBeta(at, false)
  await add(api.database, 'ada', 'administrator')
  const alpha = await alphaDatabase()
  await add(alpha, 'bob', 'administrator')
  const { follower, log } = await startAlpha(alpha, at)
  await expect.poll(() => follower.view().state, soon).toBe('own-accounts')
  expect(log.lines.find(({ id }) => id === 'ACCOUNTS_NOT_SHARED')?.message).toContain('it keeps accounts of its own')
  expect(await namesIn(alpha)).toEqual(['bob'])
  expect(await namesIn(api.database)).toEqual(['ada'])
  const shown = await sharingOf(api)
  expect(shown).toMatchObject([{ serverName: 'alpha', state: 'own-accounts', asOf: null }])
  expect(shown[0]?.problem).toContain('the configuration says so')
}, 120_000)

test('without a channel, and without a partner that answers, it is said that accounts are not in step', async () => {
  const alone = await startTestApi()
  endings.push(() => alone.close())
  expect(await sharingOf(alone)).toMatchObject([
    { state: 'own-accounts', problem: expect.stringContaining('no private channel') as string },
  ])
  const waiting = await startBeta(await ports())
  await expect.poll(async () => (await sharingOf(waiting))[0]?.state, soon).toBe('silent')
}, 120_000)

test('an account of a role that this version does not know is kept as it was told, lets nobody in, and is said', async () => {
  const at = await ports()
  const api = await startBeta(at)
  const alpha = await alphaDatabase()
  await add(alpha, 'ada', 'administrator')
  const eve = await add(alpha, 'eve', 'auditor')
  const token = { name: 'cron', role: 'auditor', createdBy: 'ada', nowMs: Date.now(), expiresAtMs: undefined }
  const { secret } = await insertApiToken(alpha, token)
  await startAlpha(alpha, at)
  await expect.poll(() => namesIn(api.database), soon).toEqual(['ada', 'eve'])
  await expect.poll(async () => (await listApiTokenRows(api.database)).length, soon).toBe(1)
  expect((await signIn(api, 'eve')).status).toBe(401)
  expect((await api.get('/api/v1/server', secret)).status).toBe(401)

  const administrator = await api.token('administrator')
  const told = async (path: string): Promise<unknown> => (await api.get(path, administrator)).json()
  expect(await told('/api/v1/operators')).toMatchObject({
    items: [
      { name: 'ada', unknownRole: null, disabled: false },
      { name: 'eve', role: 'viewer', unknownRole: 'auditor', disabled: true },
    ],
  })
  const cron = expect.objectContaining({ name: 'cron', role: 'viewer', unknownRole: 'auditor' }) as unknown
  expect(await told('/api/v1/api-tokens')).toMatchObject({ items: expect.arrayContaining([cron]) as unknown })
  await expect
    .poll(() => told('/api/v1/account-sharing'), soon)
    .toMatchObject({
      items: [{ state: 'in-step', problem: expect.stringMatching(/^2 of its accounts have a role/u) as unknown }],
    })

  // It is told back as it came, so that the newer one loses nothing; and a role that is known here is one on both.
  expect((await findOperatorByName(api.database, 'eve'))?.role).toBe('auditor')
  await changeOperatorAccess(api.database, eve.id, { role: 'operator', disabled: undefined }, by)
  await expect.poll(async () => (await findOperatorByName(alpha, 'eve'))?.role, soon).toBe('operator')
  expect((await signIn(api, 'eve')).status).toBe(201)
}, 120_000)
