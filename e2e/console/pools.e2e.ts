/** How long the pools last and how they came to be as they are: forecasts, charts and their tables on a real pair, and the overview on one screen. */
import { expect, test } from '@playwright/test'
import type { BrowserContextOptions, Locator, Page } from '@playwright/test'
import { itemsOf, poolKeyOf } from '@tandem/api-contract'
import type { Pool, PoolPoint } from '@tandem/api-contract'
import { waitUntil } from '../topology/wait-until.ts'
import type { RunningProgram } from '../topology/program.ts'
import type { ApiSession } from './api-session.ts'
import { signInToApi } from './api-session.ts'
import { DESKTOP, openConsole, PHONE, signIn, stateBadge } from './console-page.ts'
import type { DemoCluster } from './demo-cluster.ts'
import { startDemo } from './demo-cluster.ts'
import { hasNoBarriers, isShownWhole, takePicture } from './page-checks.ts'

test.describe.configure({ mode: 'serial' })

/** From the death of a server until its partner's open console says what it means and what to do. */
const SEEN_WITHIN_MS = 2000
const CLIENTS = 40
const POINTS_WORTH_SHOWING = 4

let demo: DemoCluster
let api: ApiSession
let pool: Pool
/** As they were when the servers had just started. */
let atFirst: readonly Pool[]
let session: Exclude<BrowserContextOptions['storageState'], string | undefined>
let alphaAgain: RunningProgram | undefined
let failed = false

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000)
  demo = await startDemo(CLIENTS)
  api = await signInToApi(demo.consoles.alpha, demo)
  // A server that is starting gives nothing, and has nothing to forecast.
  atFirst = await waitUntil('the servers serve', 60_000, async () => {
    const { items } = await api.listPools()
    return items.every(({ forecast }) => forecast.present.outcome !== 'gives-none') && items
  })
  const [first] = atFirst
  if (first === undefined) throw new Error('the demo has pools')
  pool = first
  await waitUntil('points to draw', 120_000, async () => (await history()).length >= POINTS_WORTH_SHOWING)
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
  await alphaAgain?.stop()
  await demo.remove(failed)
})

async function history(of: ApiSession = api): Promise<readonly PoolPoint[]> {
  const points: PoolPoint[] = []
  const params = { pool: poolKeyOf(pool.id) }
  for await (const point of itemsOf((cursor) => of.listPoolHistory({ params, query: { cursor } }))) points.push(point)
  return points
}

test('the history counts every lease of a pool in each point, and the traffic is that of the clients', async () => {
  const points = await history()
  for (const { total, leased, ownFree, partnerFree, quarantined, waiting, reserved } of points) {
    const sum = [leased, ownFree, partnerFree, quarantined, waiting, reserved].reduce(
      (all, each) => all + BigInt(each),
      0n,
    )
    expect(sum.toString()).toBe(total)
  }
  expect(Math.max(...points.map(({ leased }) => Number(leased)))).toBeGreaterThan(0)
  const { items } = await api.listTraffic()
  const replies = items.reduce((all, each) => all + Number(each.replies), 0)
  const { counters } = await api.getServer()
  expect(replies).toBeGreaterThan(0)
  expect(replies).toBeLessThanOrEqual(Number(counters.datagramsSent))
})

for (const [name, options] of [
  ['desktop-light', { viewport: DESKTOP, colorScheme: 'light' }],
  ['desktop-dark', { viewport: DESKTOP, colorScheme: 'dark' }],
  ['phone-dark', { viewport: PHONE, colorScheme: 'dark' }],
  ['desktop-forced-colors', { viewport: DESKTOP, forcedColors: 'active' }],
] as const satisfies readonly (readonly [string, BrowserContextOptions])[]) {
  test(`pool, pools and traffic fit a ${name} without barriers`, async ({ browser }) => {
    const opened = await openConsole(browser, demo.consoles.alpha, { ...options, storageState: session })
    const { page } = opened
    for (const [what, path] of [
      ['pools-forecast', '/pools'],
      ['pool', `/pools/${encodeURIComponent(poolKeyOf(pool.id))}`],
      ['traffic', '/traffic'],
    ] as const) {
      await page.goto(demo.consoles.alpha + path)
      await isShownWhole(page)
      if (what !== 'pools-forecast') await openTable(page)
      await isShownWhole(page)
      await hasNoBarriers(page)
      await takePicture(page, `${what}-${name}`)
    }
    expect(opened.complaints).toEqual([])
    await page.context().close()
  })
}

test('a chart is walked through with the keyboard, and its table has the same counts', async ({ browser }) => {
  const { page } = await openConsole(browser, demo.consoles.alpha, { storageState: session })
  await page.getByRole('link', { name: 'Pools', exact: true }).click()
  await page.getByRole('link', { name: pool.id }).click()
  await expect(page).toHaveTitle(new RegExp(`^Pool ${pool.id.slice(0, 12)}`, 'u'))
  await page.getByRole('button', { name: 'Hold charts' }).click()
  const chart = page.getByRole('region', { name: 'In use' }).first()
  const slider = chart.getByRole('slider')
  await slider.focus()
  await page.keyboard.press('Home')
  await expect(slider).toHaveAttribute('aria-valuenow', '0')
  await page.keyboard.press('ArrowRight')
  await expect(slider).toHaveAttribute('aria-valuenow', '1')
  const told = (await slider.getAttribute('aria-valuetext')) ?? ''
  const [, leased = ''] = /Leased ([\d,]+) · Waiting/u.exec(told) ?? []
  await expect(chart.getByText(told)).toBeVisible()
  const table = await openTable(page)
  // Newest first: the second point is the last but one.
  await expect(table.getByRole('row').nth(-2).getByRole('cell').first()).toHaveText(leased)
  await page.context().close()
})

test('the partner’s own counts stand beside ours, and agree once all updates are through', async ({ browser }) => {
  const { page, complaints } = await openConsole(
    browser,
    `${demo.consoles.alpha}/pools/${encodeURIComponent(poolKeyOf(pool.id))}`,
    { storageState: session },
  )
  const division = page.getByRole('region', { name: 'Division' })
  await expect(division.getByRole('columnheader', { name: 'As beta counts' })).toBeVisible()
  await expect(page.getByText(/^beta counts for itself\..* It was asked/u)).toBeVisible()
  await expect(division.getByText('differs')).toHaveCount(0, { timeout: 60_000 })
  const free = division.getByRole('row').filter({ hasText: 'Own free' }).getByRole('cell')
  await expect(free.last()).toHaveText((await free.first().textContent()) ?? '')
  expect(complaints).toEqual([])
  await page.context().close()
})

test('the overview shows how long it lasts and how clients are served, on one screen', async ({ browser }) => {
  const { page } = await openConsole(browser, demo.consoles.alpha, { storageState: session })
  await expect(stateBadge(page, 'this', 'NORMAL')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText('First to run out')).toBeVisible()
  await expect(page.getByText('If beta were down')).toBeVisible()
  await expect(
    page.getByRole('img', { name: /^Answers a minute in the last 30 min: \d+ to \d+, now \d+/u }),
  ).toBeVisible()
  await isOnOneScreen(page)
  await takePicture(page, 'overview-on-one-screen')
  await page.getByRole('img', { name: /^Answers a minute/u }).click()
  await expect(page.getByRole('heading', { name: 'Traffic', level: 1 })).toBeVisible()
  await page.context().close()
})

test('a forecast is said to be unknown before two minutes, and what is near is said afterwards', async () => {
  test.setTimeout(240_000)
  const outcomes = async () => (await api.listPools()).items.map(({ forecast }) => forecast.present)
  for (const { forecast } of atFirst) {
    expect(forecast.present).toMatchObject({ outcome: 'not-enough-data', at: null, perHour: null })
  }
  await waitUntil('the pools were watched for two minutes', 200_000, async () =>
    (await outcomes()).every(({ perHour, windowSeconds }) => perHour !== null && windowSeconds >= 120),
  )
  for (const { outcome, perHour, windowSeconds } of await outcomes()) {
    // Ten minutes see any distance; less, only what is near.
    const mayBeUnknown = (perHour ?? 0) > 0 && windowSeconds < 600
    const known = ['runs-out', 'not-at-this-rate', 'not-within-a-year']
    expect(mayBeUnknown ? [...known, 'not-enough-data'] : known).toContain(outcome)
  }
})

test('after alpha is killed beta says how long it lasts alone, on one screen; alpha goes on from its history', async ({
  browser,
}) => {
  test.setTimeout(240_000)
  const before = await history()
  const { page } = await openConsole(browser, demo.consoles.beta)
  await signIn(page, demo)
  await expect(stateBadge(page, 'this', 'NORMAL')).toBeVisible({ timeout: 60_000 })
  process.kill(demo.pids.alpha, 'SIGKILL')
  await expect(async () => {
    const atOnce = { timeout: 1 }
    await expect(page.getByText(/beta serves without alpha\./u).first()).toBeInViewport(atOnce)
    await expect(stateBadge(page, 'this', 'COMMUNICATIONS-INTERRUPTED')).toBeInViewport(atOnce)
    await expect(page.getByText('First to run out')).toBeInViewport(atOnce)
    await expect(page.getByText('If alpha were down')).toBeInViewport(atOnce)
    await expect(page.getByText('when you declare alpha down, being sure that it does not run')).toBeInViewport(atOnce)
    await expect(page.getByRole('button', { name: 'Declare alpha down…' })).toBeEnabled(atOnce)
  }).toPass({ timeout: SEEN_WITHIN_MS, intervals: [50] })
  await isOnOneScreen(page)
  await takePicture(page, 'overview-interrupted-on-one-screen')
  const ofBeta = await signInToApi(demo.consoles.beta, demo)
  for (const { forecast } of (await ofBeta.listPools()).items) expect(forecast.present.from).toBe('own-free')
  alphaAgain = await demo.startServer('alpha')
  const again = await signInToApi(demo.consoles.alpha, demo)
  const after = await waitUntil('alpha has a new point', 60_000, async () => {
    const points = await history(again)
    return (points[0]?.at ?? '') > (before[0]?.at ?? '') && points
  })
  const oldest = before.at(-1)
  expect(after).toContainEqual(oldest)
  await page.context().close()
})

async function openTable(page: Page): Promise<Locator> {
  const details = page.locator('details.chart-table').first()
  if ((await details.getAttribute('open')) === null) await details.locator('summary').click()
  const table = details.getByRole('table')
  await expect(table).toBeVisible()
  return table
}

/** What an operator needs at three in the morning is seen without scrolling. */
async function isOnOneScreen(page: Page): Promise<void> {
  await isShownWhole(page)
  const height = await page.evaluate(() => ({ content: document.documentElement.scrollHeight, window: innerHeight }))
  const cards = await page
    .locator('main .card')
    .evaluateAll((all) =>
      all.map((card) => `${Math.round(card.getBoundingClientRect().bottom)}: ${card.textContent?.slice(0, 400)}`),
    )
  expect(height.content, `no scrolling down; cards by their lower edge:\n${cards.join('\n')}`).toBeLessThanOrEqual(
    height.window,
  )
}
