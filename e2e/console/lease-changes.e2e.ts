/** The changes of leases as they come, on a demo whose clients are arriving: held, let go, searched, and after a loss of the server. */
import { expect, test } from '@playwright/test'
import { DESKTOP, openConsole, PHONE, signIn } from './console-page.ts'
import type { DemoCluster } from './demo-cluster.ts'
import { startDemo } from './demo-cluster.ts'
import { hasNoBarriers, isShownWhole, takePicture } from './page-checks.ts'

/** One arrives every 0.7 s or so. */
const CLIENTS = 150

let demo: DemoCluster
let failed = false

test.beforeAll(async () => {
  test.setTimeout(90_000)
  demo = await startDemo(CLIENTS)
})

// oxlint-disable-next-line no-empty-pattern -- Playwright insists on a pattern here, even an empty one
test.afterEach(({}, { status, expectedStatus }) => {
  failed ||= status !== expectedStatus
})

test.afterAll(async () => {
  await demo.remove(failed)
})

test('changes of leases come in as they happen, are held under the pointer, and are searched', async ({ browser }) => {
  test.setTimeout(150_000)
  const { page, complaints } = await openConsole(browser, demo.consoles.alpha)
  await signIn(page, demo)
  await page.getByRole('link', { name: 'Leases', exact: true }).click()
  await page.getByRole('link', { name: 'Follow changes' }).click()
  await expect(page.getByRole('heading', { name: 'Changes of leases', level: 1 })).toBeFocused()
  const rows = page.getByRole('region', { name: 'Changes of leases, newest first' }).locator('tbody tr')
  await expect(rows.nth(8)).toBeVisible({ timeout: 30_000 })
  // What a screen reader is told besides, every ten seconds, is not what is looked for.
  const heldNote = page.locator('span:not([aria-live])', { hasText: /^Held: \d+ waits?$/u })
  await page.getByRole('button', { name: 'Hold rows' }).click()
  const held = await rows.allTextContents()
  await expect(heldNote).toBeVisible({ timeout: 30_000 })
  expect(await rows.allTextContents()).toEqual(held)
  for (const [size, viewport] of [
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ] as const) {
    await page.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await isShownWhole(page)
      await hasNoBarriers(page)
      await takePicture(page, `lease-changes-running-${size}-${colorScheme}`)
    }
  }
  await page.setViewportSize(DESKTOP)
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(page.getByText('New changes come in by themselves')).toBeVisible()
  await expect.poll(async () => rows.count()).toBeGreaterThan(held.length)
  // Under the pointer nothing moves either.
  await rows.first().hover()
  await expect(heldNote).toBeVisible({ timeout: 30_000 })
  await page.getByLabel('Only with').fill('no lease is called this')
  await expect(page.getByText('No change so far fits this')).toBeVisible()
  await page.getByLabel('Only with').fill('')
  await page.getByRole('button', { name: 'Clear the list' }).click()
  await expect(rows.nth(8)).toBeHidden()
  expect(complaints).toEqual([])

  // Of what changes while the server is not heard nothing is told later: the list says where.
  await expect(rows.first()).toBeVisible({ timeout: 30_000 })
  process.kill(demo.pids.alpha, 'SIGSTOP')
  await expect(page.getByText('Stale: the connection to this server is lost.')).toBeVisible({ timeout: 60_000 })
  process.kill(demo.pids.alpha, 'SIGCONT')
  await expect(rows.filter({ hasText: 'Changes may be missing here' }).first()).toBeVisible({ timeout: 60_000 })
  await page.context().close()
})
