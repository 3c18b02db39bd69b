/** Access in real browsers: somebody is added, chooses a password, gets another role, is signed out; tokens open and close doors, and the link to the other console; and what of all that is written down. */
import { expect, test } from '@playwright/test'
import type { Browser, Locator, Page } from '@playwright/test'
import type { ConsolePage } from './console-page.ts'
import { DESKTOP, moveFocusTo, openConsole, PHONE, signIn } from './console-page.ts'
import type { DemoCluster } from './demo-cluster.ts'
import { startDemo } from './demo-cluster.ts'
import { filesBelow, linesOfKey, secretsIn } from './logged-secrets.ts'
import type { Secret } from './logged-secrets.ts'
import { hasNoBarriers, isShownWhole, takePicture } from './page-checks.ts'

test.describe.configure({ mode: 'serial' })

const CLIENTS = 2
const OWN_PASSWORD = 'grace chose this herself'

let demo: DemoCluster
let alpha: string
/** Of the demo's administrator. */
let first: ConsolePage
/** Of grace, whom he adds. */
let second: ConsolePage
/** What was made up for her. */
let temporaryPassword = ''
/** Whatever opened a door meanwhile, or was tried for it. */
const used: Secret[] = []
let failed = false

test.beforeAll(async ({ browser }) => {
  test.setTimeout(90_000)
  demo = await startDemo(CLIENTS)
  alpha = demo.consoles.alpha
  first = await openConsole(browser, alpha)
  await signIn(first.page, demo)
})

// oxlint-disable-next-line no-empty-pattern -- Playwright insists on a pattern here, even an empty one
test.afterEach(({}, { status, expectedStatus }) => {
  failed ||= status !== expectedStatus
})

test.afterAll(async () => {
  await demo.remove(failed)
})

test('somebody is added with a password that is made up, and the keyboard is enough for it', async () => {
  const { page } = first
  await inNavigation(page, 'Access').click()
  await expect(page.getByRole('heading', { name: 'Operators', level: 1 })).toBeVisible()
  await moveFocusTo(page, page.getByRole('button', { name: 'Add an operator…' }))
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Add an operator' })
  await expect(dialog.getByLabel('Name')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(dialog.getByText('Too short.')).toBeVisible()
  await hasNoBarriers(page)
  await page.keyboard.type('grace')
  await moveFocusTo(page, dialog.getByRole('button', { name: 'Make one up' }))
  await page.keyboard.press('Enter')
  await inBothSizes(page, 'add-operator')
  temporaryPassword = await dialog.getByRole('textbox', { name: 'Password' }).inputValue()
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(rowOf(page, 'grace')).toContainText('Temporary password')
  await expect(rowOf(page, 'grace')).toContainText('viewer')
  second = await graceWith(page.context().browser())
})

test('she chooses her own password before anything else, and sees no access', async () => {
  const { page } = second
  await expect(page.getByRole('heading', { name: 'Choose your password' })).toBeVisible()
  await expect(page.getByRole('navigation', { name: 'Pages' })).toHaveCount(0)
  await hasNoBarriers(page)
  await inBothSizes(page, 'own-password')
  await page.getByLabel('New password', { exact: true }).fill(OWN_PASSWORD)
  await page.getByLabel('New password again').fill(OWN_PASSWORD)
  await page.getByLabel('Present password').fill('not what she was given')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Is not your password.')).toBeVisible()
  await page.getByLabel('Present password').fill(temporaryPassword)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible()
  await expect(inNavigation(page, 'Access')).toHaveCount(0)
  await page.goto(`${alpha}/access/operators`)
  await expect(page.getByText('Your role does not let you see the operators')).toBeVisible()
  await hasNoBarriers(page)
  await takePicture(page, 'access-forbidden')
})

test('another role signs her out at once, and is hers when she signs in again', async () => {
  const { page } = first
  await rowOf(page, 'grace').getByRole('button', { name: 'Change the access of grace' }).click()
  const dialog = page.getByRole('dialog', { name: 'Access of grace' })
  await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled()
  await dialog.getByLabel('Role').selectOption('administrator')
  await hasNoBarriers(page)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()
  await expect(rowOf(page, 'grace')).toContainText('administrator')
  await expect(second.page.getByRole('button', { name: 'Sign in to alpha' })).toBeVisible({ timeout: 10_000 })
  await signIn(second.page, { user: 'grace', password: OWN_PASSWORD })
  await expect(second.page.getByRole('heading', { name: 'Operators', level: 1 })).toBeVisible()
})

test('a password that was reset signs her out, and the new one lets her in', async () => {
  const { page } = first
  await rowOf(page, 'grace').getByRole('button', { name: 'Reset the password of grace' }).click()
  const dialog = page.getByRole('dialog', { name: 'New password for grace' })
  await expect(dialog.getByText('All sessions of grace end with it.')).toBeVisible()
  await dialog.getByRole('textbox', { name: 'Password' }).fill('short')
  await dialog.getByRole('button', { name: 'Reset the password' }).click()
  await expect(dialog.getByText('Too short.')).toBeVisible()
  await hasNoBarriers(page)
  await takePicture(page, 'reset-password')
  await dialog.getByRole('textbox', { name: 'Password' }).fill(OWN_PASSWORD)
  await dialog.getByText('Has to be replaced at the next sign-in').click()
  await dialog.getByRole('button', { name: 'Reset the password' }).click()
  await expect(dialog).toBeHidden()
  await expect(second.page.getByRole('button', { name: 'Sign in to alpha' })).toBeVisible({ timeout: 10_000 })
  await signIn(second.page, { user: 'grace', password: OWN_PASSWORD })
  await expect(second.page.getByRole('heading', { name: 'Operators', level: 1 })).toBeVisible()
})

test('two administrators see what the other does, and one of them has to stay', async () => {
  const { page } = first
  await demote(second.page, demo.user, 'viewer')
  await expect(page.getByRole('button', { name: 'Sign in to alpha' })).toBeVisible({ timeout: 10_000 })
  await demote(second.page, 'grace', 'viewer')
  const dialog = second.page.getByRole('dialog', { name: 'Access of grace' })
  await expect(dialog.getByText('grace is the last administrator who may sign in')).toBeVisible()
  await expect(dialog.getByText('Make another operator an administrator first.')).toBeVisible()
  await hasNoBarriers(second.page)
  await inBothSizes(second.page, 'last-administrator')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await demote(second.page, demo.user, 'administrator')
  await signIn(page, demo)
})

test('a token is shown once, opens what its scope names, and nothing once it is revoked', async () => {
  const { page } = first
  await page.goto(`${alpha}/access/tokens`)
  await expect(page.getByText('No program has a token')).toBeVisible()
  await page.getByRole('button', { name: 'Make a token…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Make an API token' })
  await dialog.getByLabel('What it is for').fill('route injector')
  await dialog.getByText('Only for some of what this role may do').click()
  await dialog.getByText('Read leases').click()
  await hasNoBarriers(page)
  await inBothSizes(page, 'make-token')
  await dialog.getByRole('button', { name: 'Make the token' }).click()
  const made = page.getByRole('alertdialog', { name: 'Token for route injector' })
  const secret = await made.locator('.secret code').innerText()
  used.push({ name: 'an API token', value: secret })
  await hasNoBarriers(page)
  await made.getByRole('button', { name: 'I have copied it' }).click()
  expect(await page.content()).not.toContain(secret)
  const ask = async (path: string) =>
    (await fetch(`${alpha}/api/v1${path}`, { headers: { authorization: `Bearer ${secret}` } })).status
  expect([await ask('/leases'), await ask('/pools'), await ask('/audit')]).toEqual([200, 403, 403])
  await page.getByRole('button', { name: 'Revoke the token for route injector' }).click()
  await hasNoBarriers(page)
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke for good' }).click()
  await expect(page.getByText('No program has a token')).toBeVisible()
  expect(await ask('/leases')).toBe(401)
})

test('one ends the session that was left open elsewhere, and it is signed out at once', async ({ browser }) => {
  const elsewhere = await openConsole(browser, alpha)
  await signIn(elsewhere.page, demo)
  const { page } = first
  await page.getByRole('link', { name: 'Your account' }).click()
  await expect(page.getByText('This one')).toBeVisible()
  await page.getByRole('button', { name: 'End all others' }).click()
  await expect(elsewhere.page.getByRole('button', { name: 'Sign in to alpha' })).toBeVisible({ timeout: 10_000 })
  await expect(page.getByRole('button', { name: 'End all others' })).toHaveCount(0)
  await elsewhere.page.context().close()
})

test('a session that nears its end says so, and lasts longer for the password, on the page where it is', async () => {
  const { page } = first
  const soon = new Date(Date.now() + 5 * 60_000).toISOString()
  const whoAmI = '**/api/v1/session'
  await page.route(whoAmI, async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), expiresAt: soon } })
  })
  await page.reload()
  await expect(page.getByText('Your session ends soon:')).toBeVisible()
  await page.unroute(whoAmI)
  await page.getByRole('button', { name: 'Stay signed in…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Stay signed in?' })
  await expect(dialog.getByLabel('Your password')).toBeFocused()
  await dialog.getByLabel('Your password').fill('not the password')
  await page.keyboard.press('Enter')
  await expect(dialog.getByText('Is not your password.')).toBeVisible()
  await hasNoBarriers(page)
  await inBothSizes(page, 'stay-signed-in')
  await dialog.getByLabel('Your password').fill(demo.password)
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(page.getByText('Your session ends soon:')).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Your account', level: 1 })).toBeVisible()
})

test('an administrator ends the session of somebody else', async () => {
  const { page } = first
  await rememberCookies(page, second.page)
  await inNavigation(page, 'Access').click()
  await page.getByRole('navigation', { name: 'Access' }).getByRole('link', { name: 'Sessions' }).click()
  await page.getByRole('button', { name: /^End the session of grace in Chrom/u }).click()
  await hasNoBarriers(page)
  await page.getByRole('alertdialog').getByRole('button', { name: 'End it' }).click()
  await expect(second.page.getByRole('button', { name: 'Sign in to alpha' })).toBeVisible({ timeout: 10_000 })
})

test('who guesses has to wait, and a browser that has signed in before does not', async ({ browser }) => {
  const stranger = await openConsole(browser, alpha)
  await stranger.page.getByLabel('Name').fill('grace')
  // On a busy machine a guess takes longer than the first waits do.
  for (let guess = 0, status = 401; status === 401 && guess < 30; guess += 1) {
    await stranger.page.getByLabel('Password').fill(`guess number ${guess}`)
    const [answer] = await Promise.all([
      stranger.page.waitForResponse((response) => response.request().method() === 'POST'),
      stranger.page.keyboard.press('Enter'),
    ])
    status = answer.status()
    await expect(stranger.page.getByRole('button', { name: 'Sign in to alpha' })).toBeEnabled()
  }
  await expect(stranger.page.getByRole('alert')).toContainText(/Wait \d+ s and try again/u)
  await hasNoBarriers(stranger.page)
  await signIn(second.page, { user: 'grace', password: OWN_PASSWORD })
  await stranger.page.context().close()
})

test('she is removed for good, and all of it is in the audit', async () => {
  const { page } = first
  await page.getByRole('navigation', { name: 'Access' }).getByRole('link', { name: 'Operators' }).click()
  await page.getByRole('button', { name: 'Remove grace' }).click()
  const dialog = page.getByRole('alertdialog', { name: 'Remove grace?' })
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await hasNoBarriers(page)
  await inBothSizes(page, 'remove-operator')
  await dialog.getByRole('button', { name: 'Remove for good' }).click()
  await expect(rowOf(page, 'grace')).toHaveCount(0)
  await expect(second.page.getByRole('button', { name: 'Sign in to alpha' })).toBeVisible({ timeout: 10_000 })
  await inNavigation(page, 'Audit').click()
  for (const act of [
    'create-operator',
    'change-own-password',
    'change-operator',
    'create-api-token',
    'revoke-api-token',
    'end-session',
    'remove-operator',
  ]) {
    await expect(page.getByRole('cell', { name: new RegExp(`^${act} `, 'u') }).first()).toBeVisible()
  }
  await expect(page.getByRole('cell', { name: 'refused' }).first()).toBeVisible()
  for (const { complaints } of [first, second]) expect(complaints).toEqual([])
})

test('the link to the other console signs in there without a password, and leaves no code in the address', async ({
  browser,
}) => {
  const { page, complaints } = await openConsole(browser, alpha)
  await signIn(page, demo)
  await inNavigation(page, 'Access').click()
  await expect(page.getByText('Operators, API tokens and webhooks are those of beta too.')).toBeVisible()
  await page.getByRole('link', { name: 'Open beta’s console' }).click()
  const goOn = page.getByRole('button', { name: 'Go on to beta' })
  await expect(goOn).toBeFocused()
  expect(page.url()).toBe(`${demo.consoles.beta}/sign-in/from-partner`)
  await hasNoBarriers(page)
  await inBothSizes(page, 'from-partner')
  const [asked] = await Promise.all([
    page.waitForRequest((request) => request.url().endsWith('/api/v1/session/from-partner')),
    page.keyboard.press('Enter'),
  ])
  used.push({ name: 'a one-use code', value: (asked.postDataJSON() as { readonly code: string }).code })
  await expect(page.getByText('This console is beta')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Open alpha’s console' })).toBeVisible()
  // Signed in on both by now: the way back asks for nothing.
  await page.getByRole('link', { name: 'Open alpha’s console' }).click()
  await expect(page.getByText('This console is alpha')).toBeVisible()
  await rememberCookies(page)
  expect(complaints).toEqual([])
})

test('nothing that opened a door, or was tried for it, stands in a log or a database', async () => {
  const misplaced = 'a password in the wrong place'
  const ask = async (path: string, init: RequestInit) => (await fetch(`${alpha}/api/v1${path}`, init)).status
  const json = { 'content-type': 'application/json', 'idempotency-key': 'misplaced-secrets' }
  // What is refused is told of sooner than what is right.
  const statuses = [
    await ask('/session', { method: 'POST', headers: json, body: `{"name":"grace","password":"${misplaced}"` }),
    await ask('/session', { method: 'POST', headers: json, body: JSON.stringify({ name: misplaced }) }),
    await ask(`/server?token=${encodeURIComponent(misplaced)}`, {}),
    await ask('/server', { headers: { authorization: `Bearer ${encodeURIComponent(misplaced)}` } }),
    await ask('/server', { headers: { cookie: `tandem-alpha-session=${encodeURIComponent(misplaced)}` } }),
  ]
  expect(
    statuses.every((status) => status >= 400 && status < 500),
    statuses.join(' '),
  ).toBe(true)
  const files = filesBelow(demo.folder)
  const logs = files.filter((file) => /\/(?:alpha|beta)\.log$/u.test(file))
  const stores = files.filter((file) => /\/(?:alpha|beta)\/[^/]+$/u.test(file))
  const keys = files.filter((file) => file.endsWith('.key'))
  expect([logs.length, stores.length >= 2, keys.length >= 2]).toEqual([2, true, true])
  const secrets = [
    ...used,
    ...keys.flatMap(linesOfKey),
    { name: 'the password of the demo', value: demo.password },
    { name: 'the temporary password', value: temporaryPassword },
    { name: 'a password of one’s own', value: OWN_PASSWORD },
    { name: 'a wrong password', value: 'not what she was given' },
    { name: 'a guess', value: 'guess number 0' },
    { name: 'a misplaced password', value: misplaced },
  ]
  expect(used.map(({ name }) => name)).toEqual(expect.arrayContaining(['an API token', 'a cookie', 'a one-use code']))
  expect(secrets.filter(({ value }) => value.length < 8)).toEqual([])
  expect(secretsIn([...logs, ...stores], secrets)).toEqual([])
  // The same search finds what is there.
  expect(secretsIn(logs, [{ name: 'the server', value: 'SETUP_TOKEN' }]).length).toBeGreaterThan(0)
  expect(secretsIn(stores, [{ name: 'an operator', value: 'route injector' }]).length).toBeGreaterThan(0)
})

/** Of all that a browser has from either server. */
async function rememberCookies(...pages: readonly Page[]): Promise<void> {
  const found = await Promise.all(pages.map(async (page) => page.context().cookies()))
  used.push(...found.flat().map(({ value }) => ({ name: 'a cookie', value })))
}

async function graceWith(browser: Browser | null): Promise<ConsolePage> {
  if (browser === null) throw new Error('a page without a browser')
  const opened = await openConsole(browser, alpha)
  await opened.page.getByLabel('Name').fill('grace')
  await opened.page.getByLabel('Password').fill(temporaryPassword)
  await opened.page.keyboard.press('Enter')
  return opened
}

async function demote(page: Page, name: string, role: string): Promise<void> {
  await page.getByRole('button', { name: `Change the access of ${name}` }).click()
  const dialog = page.getByRole('dialog', { name: `Access of ${name}` })
  await dialog.getByLabel('Role').selectOption(role)
  await dialog.getByRole('button', { name: 'Save' }).click()
}

function rowOf(page: Page, name: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) })
}

function inNavigation(page: Page, name: string): Locator {
  return page.getByRole('navigation', { name: 'Pages', exact: true }).getByRole('link', { name, exact: true })
}

/** In light; the pages themselves are shown in both themes by pages.e2e.ts. */
async function inBothSizes(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of [
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ] as const) {
    await page.setViewportSize(viewport)
    await isShownWhole(page)
    await takePicture(page, `${name}-${size}`)
  }
  await page.setViewportSize(DESKTOP)
}
