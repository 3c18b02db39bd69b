/** Pages that were open while their server fell silent: each says so, and can be read; and what comes in live moves nothing. */
import { expect, test } from '@playwright/test'
import type { BrowserContextOptions, Page } from '@playwright/test'
import { poolKeyOf } from '@tandem/api-contract'
import { waitUntil } from '../topology/wait-until.ts'
import { signInToApi } from './api-session.ts'
import type { ConsolePage } from './console-page.ts'
import { openConsole, signIn } from './console-page.ts'
import type { DemoCluster } from './demo-cluster.ts'
import { startDemo } from './demo-cluster.ts'
import { hasNoBarriers, isShownWhole, takePicture } from './page-checks.ts'

const CLIENTS = 12
/** Open at a time: each holds a connection and draws what it gets. */
const TABS = 5
/** Longer than between two renewals of each client, and than any figure waits to be drawn anew. */
const WATCHED_MS = 20_000

let demo: DemoCluster
let session: Exclude<BrowserContextOptions['storageState'], string | undefined>
let paths: readonly string[]
let failed = false

test.beforeAll(async ({ browser }) => {
  test.setTimeout(90_000)
  demo = await startDemo(CLIENTS)
  const api = await signInToApi(demo.consoles.alpha, demo)
  const lease = await waitUntil('leases to show', 60_000, async () => {
    const { items } = await api.listLeases()
    return items.length >= CLIENTS && items[0]
  })
  const [pool] = (await api.listPools()).items
  paths = [
    '/',
    '/leases',
    '/leases/live',
    `/leases/${lease.key}`,
    '/pools',
    `/pools/${poolKeyOf(pool?.id ?? '')}`,
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

test('what comes in live moves nothing on a page that nobody touches', async ({ browser }) => {
  test.setTimeout(60_000 + WATCHED_MS)
  const watched = ['/', '/leases', paths[3] ?? '', '/pools', paths[5] ?? '', '/traffic', '/relationships/alpha-beta']
  const pages: Page[] = []
  for (const path of watched) {
    const { page } = await openConsole(browser, demo.consoles.alpha + path, { storageState: session })
    await isShownWhole(page)
    await isLive(page)
    pages.push(page)
  }
  // What the first answers bring has been drawn by then.
  await pages[0]?.waitForTimeout(3_000)
  for (const page of pages) await watchShifts(page)
  await pages[0]?.waitForTimeout(WATCHED_MS)
  for (const [index, page] of pages.entries()) {
    expect({ path: watched[index], shifts: await shiftsOf(page) }).toEqual({ path: watched[index], shifts: [] })
    await page.context().close()
  }
})

test('every page that was open when its server fell silent says so, in both themes, without barriers', async ({
  browser,
}) => {
  test.setTimeout(420_000)
  for (let first = 0; first < paths.length; first += TABS) {
    const opened: ConsolePage[] = []
    for (const path of paths.slice(first, first + TABS)) {
      const each = await openConsole(browser, demo.consoles.alpha + path, { storageState: session })
      await isShownWhole(each.page)
      await isLive(each.page)
      opened.push(each)
    }
    process.kill(demo.pids.alpha, 'SIGSTOP')
    try {
      for (const [index, each] of opened.entries()) {
        const path = paths[first + index] ?? ''
        await test.step(path, async () => isStaleInBothThemes(each, path))
      }
    } finally {
      process.kill(demo.pids.alpha, 'SIGCONT')
    }
    for (const { page, wasNeverReloaded } of opened) {
      await isLive(page)
      expect(await wasNeverReloaded()).toBe(true)
      await page.context().close()
    }
  }
})

async function isLive(page: Page): Promise<void> {
  await expect(page.getByText('Live', { exact: true })).toBeVisible({ timeout: 60_000 })
}

async function isStaleInBothThemes({ page, complaints }: ConsolePage, path: string): Promise<void> {
  await expect(page.getByText('Stale: the connection to this server is lost.')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText(/What you see is .+ old\./u)).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await hasNoBarriers(page)
    await takePicture(page, `stale-${path.replaceAll(/[^a-z0-9]+/gu, '-')}-${colorScheme}`)
  }
  expect(complaints).toEqual([])
}

interface Shift extends PerformanceEntry {
  readonly sources?: readonly {
    readonly node: Node | null
    readonly previousRect: DOMRectReadOnly
    readonly currentRect: DOMRectReadOnly
  }[]
}

async function watchShifts(page: Page): Promise<void> {
  await page.evaluate(() => {
    const shifts: string[] = []
    Object.assign(window, { shifts })
    const placeOf = ({ x, y }: DOMRectReadOnly): string => `${Math.round(x)}/${Math.round(y)}`
    new PerformanceObserver((list) => {
      for (const { sources = [] } of list.getEntries() as Shift[]) {
        for (const { node, previousRect, currentRect } of sources) {
          const text = node?.textContent?.trim().slice(0, 60) ?? 'something'
          // The full stop behind a time is no place that anybody looks for.
          if (/^[.,;]$/u.test(text)) continue
          shifts.push(`${text}: from ${placeOf(previousRect)} to ${placeOf(currentRect)}`)
        }
      }
    }).observe({ type: 'layout-shift' })
  })
}

async function shiftsOf(page: Page): Promise<unknown> {
  return page.evaluate(() => Reflect.get(window, 'shifts') as unknown)
}
