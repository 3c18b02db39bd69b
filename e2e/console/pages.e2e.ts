/** Every page of the console on the demo's servers: titles, themes, sizes, keyboard, roles, and what happens when a server falls silent. */
import { readFile } from 'node:fs/promises'
import { expect, test } from '@playwright/test'
import type { BrowserContextOptions, Locator, Page } from '@playwright/test'
import { waitUntil } from '../topology/wait-until.ts'
import type { Credentials } from './api-session.ts'
import { signInToApi } from './api-session.ts'
import { DESKTOP, moveFocusTo, openConsole, PHONE, REFLOW, signIn, stateBadge } from './console-page.ts'
import type { DemoCluster } from './demo-cluster.ts'
import { startDemo } from './demo-cluster.ts'
import { hasNoBarriers, isShownWhole, takePicture } from './page-checks.ts'

const CLIENTS = 24
const LEASES_WORTH_SHOWING = 12
const VIEWER: Credentials = { user: 'looks-on', password: 'only-ever-looks-on' }

interface PageToVisit {
  readonly name: string
  readonly path: string
  readonly title: RegExp
  /** Made by others: its looks are not ours to mend. */
  readonly foreign?: true
}

let demo: DemoCluster
let session: Exclude<BrowserContextOptions['storageState'], string | undefined>
let pagesToVisit: readonly PageToVisit[]
let failed = false

test.beforeAll(async ({ browser }) => {
  test.setTimeout(90_000)
  demo = await startDemo(CLIENTS)
  const api = await signInToApi(demo.consoles.alpha, demo)
  const lease = await waitUntil('leases to show', 60_000, async () => {
    const { items } = await api.listLeases()
    return items.length >= LEASES_WORTH_SHOWING && items[0]
  })
  pagesToVisit = [
    { name: 'overview', path: '/', title: /^Overview – alpha – Tandem$/u },
    { name: 'leases', path: '/leases', title: /^Leases – alpha – Tandem$/u },
    { name: 'lease-changes', path: '/leases/live', title: /^Changes of leases – alpha – Tandem$/u },
    { name: 'lease', path: `/leases/${lease.key}`, title: new RegExp(`^Lease ${lease.lease} – alpha – Tandem$`, 'u') },
    { name: 'pools', path: '/pools', title: /^Pools – alpha – Tandem$/u },
    { name: 'traffic', path: '/traffic', title: /^Traffic – alpha – Tandem$/u },
    { name: 'relationships', path: '/relationships', title: /^Relationships – alpha – Tandem$/u },
    { name: 'relationship', path: '/relationships/alpha-beta', title: /^Relationship alpha-beta – alpha – Tandem$/u },
    {
      name: 'timeline',
      path: '/relationships/alpha-beta/timeline',
      title: /^Timeline of alpha-beta – alpha – Tandem$/u,
    },
    { name: 'decisions', path: '/decisions', title: /^Decisions – alpha – Tandem$/u },
    { name: 'checks', path: '/checks', title: /^Checks – alpha – Tandem$/u },
    { name: 'audit', path: '/audit', title: /^Audit – alpha – Tandem$/u },
    { name: 'operators', path: '/access/operators', title: /^Operators – alpha – Tandem$/u },
    { name: 'api-tokens', path: '/access/tokens', title: /^API tokens – alpha – Tandem$/u },
    { name: 'webhooks', path: '/access/webhooks', title: /^Webhooks – alpha – Tandem$/u },
    { name: 'sessions', path: '/access/sessions', title: /^Sessions – alpha – Tandem$/u },
    { name: 'account', path: '/account', title: /^Your account – alpha – Tandem$/u },
    { name: 'no-such-page', path: '/nowhere', title: /^No such page – alpha – Tandem$/u },
    { name: 'api-documentation', path: '/api/docs', title: /^API of alpha - Tandem$/u, foreign: true },
  ]
  const { page } = await openConsole(browser, demo.consoles.alpha)
  await signIn(page, demo)
  session = await page.context().storageState()
  await page.context().close()
})

// oxlint-disable-next-line no-empty-pattern -- Playwright insists on a pattern here, even an empty one
test.afterEach(({}, { status, expectedStatus }) => {
  failed ||= status !== expectedStatus
})

test.afterAll(async () => {
  await demo.remove(failed)
})

interface Look extends BrowserContextOptions {
  /** Of its pictures. */
  readonly name: string
}

const looks: readonly Look[] = [
  ...(['light', 'dark'] as const).flatMap((colorScheme) => [
    { name: `desktop-${colorScheme}`, colorScheme, viewport: DESKTOP },
    { name: `phone-${colorScheme}`, colorScheme, viewport: PHONE },
  ]),
  { name: 'reflow-light', colorScheme: 'light', viewport: REFLOW },
  { name: 'forced-colours', forcedColors: 'active', viewport: DESKTOP },
]

for (const { name: look, ...options } of looks) {
  test(`every page has its title and fits, ${look}, without errors or barriers`, async ({ browser }) => {
    const opened = await openConsole(browser, demo.consoles.alpha, { ...options, storageState: session })
    for (const { name, path, title, foreign = false } of pagesToVisit) {
      await test.step(name, async () => {
        await opened.page.goto(demo.consoles.alpha + path)
        await expect(opened.page).toHaveTitle(title)
        if (!foreign || options.viewport !== REFLOW) await isShownWhole(opened.page)
        if (!foreign) await hasNoBarriers(opened.page)
        await takePicture(opened.page, `${name}-${look}`)
      })
    }
    expect({ complaints: opened.complaints, failedLoads: opened.failedLoads }).toEqual({
      complaints: [],
      failedLoads: [],
    })
    await opened.page.context().close()
  })
}

test('all that the first screen loads is below 250 kB', async ({ browser }) => {
  const { page } = await openConsole(browser, demo.consoles.alpha, { storageState: session })
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  // The stream brings what it shows whole within half a second of its greeting, and nothing is asked for a second time.
  await page.waitForTimeout(1_500)
  // As it came over the network, with its headers.
  const loads = await page.evaluate(() =>
    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map((entry) => ({
      name: entry.name,
      octets: entry instanceof PerformanceResourceTiming ? entry.transferSize : 0,
    })),
  )
  // Two seconds after the first screen is there; whether that is already over here says the speed of the machine.
  const ahead = loads.filter(({ name }) => /\/assets\/(?:relationships|pools|history-ranges)-/u.test(name))
  const first = loads.filter((load) => !ahead.includes(load))
  expect(first.filter(({ name }) => name.endsWith('.js')).length).toBeGreaterThan(3)
  expect(octetsOf(first), JSON.stringify(first)).toBeLessThan(250_000)
  expect(octetsOf(ahead), 'pages for emergencies, fetched ahead').toBeLessThan(30_000)
  for (const path of ['server', 'relationships', 'pools']) {
    const times = loads.filter(({ name }) => new URL(name).pathname === `/api/v1/${path}`).length
    expect(times, `${path} is asked for once`).toBe(1)
  }
})

test('a wrong password is refused in words, and the right one leads to the page that was asked for', async ({
  browser,
}) => {
  const { page, complaints } = await openConsole(browser, `${demo.consoles.alpha}/pools`)
  await expect(page).toHaveTitle(/^Sign in to alpha – /u)
  await expect(page.getByLabel('Name')).toBeFocused()
  await page.keyboard.type(demo.user)
  await moveFocusTo(page, page.getByLabel('Password'))
  await page.keyboard.type('not the password')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText(/password/iu)
  await hasNoBarriers(page)
  await takePicture(page, 'sign-in-refused')
  await signIn(page, demo)
  await expect(page.getByRole('heading', { name: 'Pools', level: 1 })).toBeVisible()
  expect(complaints).toEqual([])
  await page.context().close()
})

test('the main acts can be reached with the keyboard alone', async ({ browser }) => {
  const { page } = await openConsole(browser, demo.consoles.alpha, { storageState: session })
  await expect(page.getByRole('link', { name: 'All about it' })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused()
  await moveFocusTo(page, page.getByRole('button', { name: 'Dark' }))
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await moveFocusTo(page, page.getByRole('button', { name: 'Sign out' }))
  for (const name of ['Leases', 'Pools', 'Relationships', 'Decisions', 'Audit', 'API']) {
    await moveFocusTo(page, inNavigation(page, name))
  }
  await moveFocusTo(page, page.getByRole('button', { name: 'Declare beta down…' }))
  await moveFocusTo(page, inNavigation(page, 'Leases'), 'Shift+Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Leases', level: 1 })).toBeFocused()
  await moveFocusTo(page, page.getByLabel('Address or prefix'))
  await page.keyboard.type('2001:db8:1::/64')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/address=2001/u)
  await expect(page.locator('tbody tr').first()).toContainText('2001:db8:1:')
  await expect(page.locator('tbody tr').filter({ hasText: '2001:db8:2:' })).toHaveCount(0)
  await moveFocusTo(page, page.locator('tbody a').first())
  await page.keyboard.press('Enter')
  await expect(page).toHaveTitle(/^Lease 2001:db8:1:/u)
  await page.context().close()
})

test('keys lead from page to page, are listed by a question mark, and can be switched off', async ({ browser }) => {
  const { page, complaints } = await openConsole(browser, demo.consoles.alpha, { storageState: session })
  await expect(page.getByRole('link', { name: 'All about it' })).toBeVisible()
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(keys.getByRole('row', { name: /Leases$/u })).toContainText('g then l')
  await hasNoBarriers(page)
  await takePicture(page, 'shortcuts')
  await page.keyboard.press('Escape')
  await expect(keys).toHaveCount(0)
  await page.keyboard.press('g')
  await page.keyboard.press('p')
  await expect(page.getByRole('heading', { name: 'Pools', level: 1 })).toBeFocused()
  await page.keyboard.press('/')
  await expect(page.getByRole('heading', { name: 'Leases', level: 1 })).toBeFocused()
  await page.keyboard.press('/')
  await expect(page.getByLabel('Address or prefix')).toBeFocused()
  // Who types means letters.
  await page.keyboard.type('gp?')
  await expect(page.getByLabel('Address or prefix')).toHaveValue('gp?')
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click()
  await keys.getByLabel('Use them in this browser').uncheck()
  await keys.getByRole('button', { name: 'Close' }).click()
  await page.keyboard.press('?')
  await expect(keys).toHaveCount(0)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('leases are found by what the relay said, and come as a file', async ({ browser }) => {
  const { page, complaints } = await openConsole(browser, `${demo.consoles.alpha}/leases`, { storageState: session })
  await page.getByText('Host name, relay, IAID').click()
  await page.getByLabel('IAID').fill('nothing')
  await page.getByRole('button', { name: 'Find' }).click()
  await expect(page.getByLabel('IAID')).toHaveAttribute('aria-invalid', 'true')
  await page.getByLabel('IAID').fill('')
  await page.getByLabel('Kind').selectOption('prefix')
  await expect(page).toHaveURL(/kind=prefix/u)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('leases.csv')
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n')
  expect(lines[0]).toMatch(/^lease,kind,state,/u)
  expect(lines.length).toBeGreaterThan(1)
  expect(lines.slice(1).filter((line) => line.split(',')[1] !== 'prefix')).toEqual([])
  // A refused request is told to whoever made it, and Chromium notes it.
  expect(complaints.filter((text) => !text.includes('422'))).toEqual([])
  await page.context().close()
})

test('leases are put in another order, which stands in the address and keeps its search', async ({ browser }) => {
  const { page, complaints } = await openConsole(browser, `${demo.consoles.alpha}/leases?kind=address`, {
    storageState: session,
  })
  const first = page.locator('tbody tr').first()
  const lowest = await first.getByRole('link').first().textContent()
  await page.getByLabel('Order').selectOption('Highest address')
  await expect(page).toHaveURL(/kind=address&sort=-lease/u)
  await expect(page.getByText(/in the order of their addresses, the highest first/u)).toBeVisible()
  await expect(page.locator('tbody tr').last().getByRole('link').first()).toHaveText(lowest ?? '')
  await page.getByLabel('Order').selectOption('Oldest change')
  await expect(page).toHaveURL(/kind=address&sort=stateSince/u)
  await expect(first).toContainText(/since .+ ago/u)
  const since = await page
    .locator('tbody td .fact-why time')
    .evaluateAll((all) => all.map((each) => each.getAttribute('datetime') ?? ''))
  expect(since.length).toBeGreaterThanOrEqual(LEASES_WORTH_SHOWING / 2)
  expect(since).toEqual(since.toSorted())
  await takePicture(page, 'leases-in-order')
  // A file has the order of the addresses, whatever the list has.
  await expect(page.getByRole('link', { name: 'Download CSV' })).toHaveAttribute('href', /csv\?kind=address$/u)
  await page.getByLabel('Order').selectOption('Address')
  await expect(page).toHaveURL(/\/leases\?kind=address$/u)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('who signs out in one tab is signed out in the other, without a reload', async ({ browser }) => {
  const first = await openConsole(browser, demo.consoles.alpha)
  await signIn(first.page, demo)
  const second = await first.page.context().newPage()
  await second.goto(demo.consoles.alpha)
  await expect(second.getByText('Live', { exact: true })).toBeVisible()
  await first.page.getByRole('button', { name: 'Sign out' }).click()
  for (const page of [first.page, second]) {
    await expect(page.getByRole('button', { name: 'Sign in to alpha' })).toBeVisible({ timeout: 10_000 })
  }
  await first.page.context().close()
})

test('a viewer sees the command, disabled and with the reason, and no audit', async ({ browser }) => {
  const api = await signInToApi(demo.consoles.alpha, demo)
  await api.createOperator({ body: { name: VIEWER.user, password: VIEWER.password, role: 'viewer' } })
  const { page, complaints } = await openConsole(browser, `${demo.consoles.alpha}/relationships/alpha-beta`)
  await signIn(page, VIEWER)
  const command = page.getByRole('button', { name: 'Declare beta down…' })
  await expect(command).toBeDisabled()
  await expect(command).toHaveAccessibleDescription('Your role does not allow this: it needs operator.')
  const reasons = page.getByText('Your role does not allow this: it needs operator.')
  await expect(reasons).toHaveCount(5)
  for (const reason of await reasons.all()) await expect(reason).toBeVisible()
  await expect(inNavigation(page, 'Audit')).toHaveCount(0)
  await page.goto(`${demo.consoles.alpha}/audit`)
  await expect(page.getByText('Your role does not let you see the audit')).toBeVisible()
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a server that falls silent makes the page stale with its age, and live again when it is back', async ({
  browser,
}) => {
  const opened = await openConsole(browser, demo.consoles.alpha, { storageState: session })
  const { page } = opened
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  process.kill(demo.pids.alpha, 'SIGSTOP')
  await isStale(page)
  await hasNoBarriers(page)
  await takePicture(page, 'stale')
  process.kill(demo.pids.alpha, 'SIGCONT')
  await expect(page.getByText('Live', { exact: true })).toBeVisible({ timeout: 40_000 })
  await expect(staleBanner(page)).toHaveCount(0)
  expect(await opened.wasNeverReloaded()).toBe(true)
  await page.context().close()
})

test('a server that is killed leaves a stale page, and those of the other one fit and have no barriers either', async ({
  browser,
}) => {
  const ofAlpha = await openConsole(browser, demo.consoles.alpha, { storageState: session })
  await expect(ofAlpha.page.getByText('Live', { exact: true })).toBeVisible()
  process.kill(demo.pids.alpha, 'SIGKILL')
  await isStale(ofAlpha.page)
  for (const [size, viewport] of [
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ] as const) {
    for (const theme of ['light', 'dark'] as const) {
      const { page, complaints } = await openConsole(browser, demo.consoles.beta, { colorScheme: theme, viewport })
      await signIn(page, demo)
      await expect(stateBadge(page, 'this', 'COMMUNICATIONS-INTERRUPTED')).toBeVisible({ timeout: 20_000 })
      await isShownWhole(page)
      await hasNoBarriers(page)
      await takePicture(page, `interrupted-${size}-${theme}`)
      await page.getByRole('button', { name: 'Declare alpha down…' }).click()
      await expect(page.getByRole('alertdialog')).toBeVisible()
      await hasNoBarriers(page)
      await takePicture(page, `dialog-${size}-${theme}`)
      await page.keyboard.press('Escape')
      await expect(page.getByRole('alertdialog')).toBeHidden()
      expect(complaints).toEqual([])
      await page.context().close()
    }
  }
})

function octetsOf(loads: readonly { readonly octets: number }[]): number {
  return loads.reduce((sum, { octets }) => sum + octets, 0)
}

function inNavigation(page: Page, name: string): Locator {
  return page.getByRole('navigation', { name: 'Pages', exact: true }).getByRole('link', { name, exact: true })
}

function staleBanner(page: Page): Locator {
  return page.getByText('Stale: the connection to this server is lost.')
}

async function isStale(page: Page): Promise<void> {
  await expect(staleBanner(page)).toBeVisible({ timeout: 40_000 })
  await expect(page.getByText(/What you see is .+ old\./u)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Try now' })).toBeVisible()
}
