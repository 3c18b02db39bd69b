/** Every page on paper: black on white, without what can only be pressed, nothing cut off, and with its address and the time of what it says. */
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { join } from 'node:path'
import { waitUntil } from '../topology/wait-until.ts'
import { signInToApi } from './api-session.ts'
import { openConsole, signIn } from './console-page.ts'
import type { ConsolePage } from './console-page.ts'
import type { DemoCluster } from './demo-cluster.ts'
import { startDemo } from './demo-cluster.ts'
import { hasNoBarriers } from './page-checks.ts'

const CLIENTS = 24
const LEASES_WORTH_PRINTING = 12
/** A4 without its margins, at 96 dots an inch. */
const PAPER = { width: 703, height: 1032 } as const

let demo: DemoCluster
let opened: ConsolePage
let printedPaths: readonly string[]
let failed = false

test.beforeAll(async ({ browser }) => {
  test.setTimeout(90_000)
  demo = await startDemo(CLIENTS)
  const api = await signInToApi(demo.consoles.alpha, demo)
  const lease = await waitUntil('leases to print', 60_000, async () => {
    const { items } = await api.listLeases()
    return items.length >= LEASES_WORTH_PRINTING && items[0]
  })
  const { items } = await api.listPools()
  const pool = items[0]?.id ?? ''
  printedPaths = [
    '/',
    '/leases',
    `/leases/${lease.key}`,
    '/leases/live',
    '/pools',
    `/pools/${encodeURIComponent(pool.replace('/', '-'))}`,
    '/traffic',
    '/relationships',
    '/relationships/alpha-beta',
    '/relationships/alpha-beta/timeline',
    '/decisions',
    '/checks',
    '/audit',
    '/access/operators',
    '/access/tokens',
    '/access/webhooks',
    '/access/sessions',
    '/account',
    '/nowhere',
  ]
  // As who reads in the dark and prints all the same.
  opened = await openConsole(browser, demo.consoles.alpha, { colorScheme: 'dark' })
  await signIn(opened.page, demo)
})

// oxlint-disable-next-line no-empty-pattern -- Playwright insists on a pattern here, even an empty one
test.afterEach(({}, { status, expectedStatus }) => {
  failed ||= status !== expectedStatus
})

test.afterAll(async () => {
  await demo.remove(failed)
})

test('every page is legible on paper, and says where and when it was printed', async () => {
  test.setTimeout(300_000)
  const { page, complaints } = opened
  await page.setViewportSize(PAPER)
  for (const path of printedPaths) {
    await test.step(path, async () => {
      await page.emulateMedia({ media: 'screen' })
      await page.goto(demo.consoles.alpha + path)
      await expect(page.getByText('Live', { exact: true })).toBeVisible()
      await expect(page.getByText(/^Loading/u)).toHaveCount(0)
      await page.emulateMedia({ media: 'print' })
      await isForPaper(page)
      const head = page.locator('.only-printed')
      await expect(head).toContainText(`console of alpha · ${demo.consoles.alpha}${path}`)
      await expect(head).toContainText(/as of \w{3},? \d+ \w+ \d{4},? \d\d:\d\d:\d\d/u)
      await hasNoBarriers(page)
      await print(page, path)
    })
  }
  expect(complaints).toEqual([])
})

test('a page that is stale says on paper how old it is', async () => {
  const { page } = opened
  await page.emulateMedia({ media: 'screen' })
  await page.goto(demo.consoles.alpha)
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  process.kill(demo.pids.alpha, 'SIGKILL')
  await expect(page.getByText('Stale: the connection to this server is lost.')).toBeVisible({ timeout: 40_000 })
  await page.emulateMedia({ media: 'print' })
  await isForPaper(page)
  await expect(page.locator('.only-printed')).toContainText(/as of .+, not live$/u)
  await expect(page.getByText(/What you see is .+ old\./u)).toBeVisible()
  await print(page, '/stale')
})

/** What is shown is black or nearly so, on white, and neither a page nor a table is wider than the sheet. */
async function isForPaper(page: Page): Promise<void> {
  await expect(page.getByRole('navigation')).toHaveCount(0)
  // The states in the diagram can be chosen, and are what it shows.
  await expect(page.locator('button:visible:not(.state-box)')).toHaveCount(0)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const found = await page.evaluate(() => {
    const shown = [...document.querySelectorAll<HTMLElement>('h1, h2, h3, p, dt, dd, th, td, li')].filter((element) =>
      element.checkVisibility(),
    )
    const wide = [...document.querySelectorAll<HTMLElement>('.table-frame, .chart-table-frame')].filter(
      (frame) => frame.checkVisibility() && frame.scrollWidth > frame.clientWidth + 1,
    )
    return {
      texts: shown.length,
      ground: getComputedStyle(document.body).backgroundColor,
      inks: [...new Set(shown.map((element) => getComputedStyle(element).color))],
      wide: wide.map((frame) => frame.getAttribute('aria-label')),
      width: document.documentElement.scrollWidth,
      sheet: innerWidth,
    }
  })
  expect(found.texts).toBeGreaterThan(2)
  expect(found.ground).toBe('rgb(255, 255, 255)')
  expect(found.inks.filter((ink) => !isDark(ink))).toEqual([])
  expect(found.wide).toEqual([])
  expect(found.width).toBeLessThanOrEqual(found.sheet)
}

function isDark(ink: string): boolean {
  const [red = 255, green = 255, blue = 255] = (ink.match(/\d+/gu) ?? []).map(Number)
  return Math.max(red, green, blue) <= 0x40
}

/** As a browser prints it, for whoever wants to look; nothing is printed where no folder is named. */
async function print(page: Page, path: string): Promise<void> {
  const folder = process.env['TANDEM_PICTURES']
  if (folder === undefined) return
  const name = `printed${path.replaceAll(/[^a-z0-9]+/giu, '-').slice(0, 40)}`
  await page.pdf({ path: join(folder, `${name}.pdf`), format: 'A4' })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
