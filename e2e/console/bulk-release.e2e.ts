/** All leases that a search finds are released, on a demo with clients: counted, confirmed by the keyboard alone, seen by a second operator, and refused to a viewer. */
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { DESKTOP, moveFocusTo, openConsole, PHONE, signIn } from './console-page.ts'
import type { DemoCluster } from './demo-cluster.ts'
import { startDemo } from './demo-cluster.ts'
import { startMadeUpConsole } from './made-up-console.ts'
import { hasNoBarriers, isShownWhole, takePicture } from './page-checks.ts'

const CLIENTS = 40

let demo: DemoCluster
let failed = false

test.beforeAll(async () => {
  test.setTimeout(120_000)
  demo = await startDemo(CLIENTS)
})

// oxlint-disable-next-line no-empty-pattern -- Playwright insists on a pattern here, even an empty one
test.afterEach(({}, { status, expectedStatus }) => {
  failed ||= status !== expectedStatus
})

test.afterAll(async () => {
  await demo.remove(failed)
})

const offer = (page: Page) => page.getByRole('button', { name: 'Release all found…' })
const question = (page: Page) => page.getByRole('alertdialog', { name: 'Release all leases that are found?' })
const news = (page: Page) => page.getByRole('region', { name: 'Release of leases' })

async function looksRight(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of [
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ] as const) {
    await page.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await isShownWhole(page)
      await hasNoBarriers(page)
      await takePicture(page, `${name}-${size}-${colorScheme}`)
    }
  }
  await page.setViewportSize(DESKTOP)
}

test('leases that a search finds are counted, released by the keyboard alone, and a second operator sees it', async ({
  browser,
}) => {
  test.setTimeout(300_000)
  const { page, complaints } = await openConsole(browser, demo.consoles.alpha)
  await signIn(page, demo)
  const other = await openConsole(browser, demo.consoles.alpha)
  await signIn(other.page, demo)
  await other.page.goto(`${demo.consoles.alpha}/leases`)
  await page.goto(`${demo.consoles.alpha}/leases`)
  await expect(page.getByText('New leases come in by themselves').first()).toBeVisible({ timeout: 30_000 })
  // Without a search all leases would be meant.
  await expect(offer(page)).toBeHidden()
  await page.goto(`${demo.consoles.alpha}/leases?address=%3A%3A%2F0&state=free`)
  await expect(offer(page)).toBeDisabled()
  await expect(page.getByText('Only leases in use can be released')).toBeVisible()
  await page.goto(`${demo.consoles.alpha}/leases?address=%3A%3A%2F0`)
  await moveFocusTo(page, offer(page))
  await page.keyboard.press('Enter')
  await expect(question(page).getByRole('button', { name: 'Cancel' })).toBeFocused()
  // Whoever renewed a moment ago is left alone, and in a demo somebody always did.
  const confirm = question(page).getByLabel(/^Type [\d,]+ to confirm$/u)
  await expect(async () => {
    await question(page).getByRole('button', { name: 'Count again' }).click()
    await expect(confirm).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 60_000 })
  await looksRight(page, 'bulk-release-question')
  const release = question(page).getByRole('button', { name: /^Release [\d,]+$/u })
  await expect(release).toBeDisabled()
  await question(page).getByRole('button', { name: 'Count again' }).click()
  await expect(question(page).getByRole('button', { name: 'Count again' })).toBeEnabled()
  await question(page).getByLabel('How do you know that their clients are gone?').fill('the switch is gone')
  const label =
    (await question(page)
      .getByText(/^Type [\d,]+ to confirm$/u)
      .textContent()) ?? ''
  await confirm.fill('0')
  await expect(release).toBeDisabled()
  await confirm.fill(/[\d,]+/u.exec(label)?.[0] ?? '')
  await page.keyboard.press('Enter')
  const ended = page.getByRole('dialog', { name: 'Release of leases' })
  await expect(ended.getByText(/released leases/u).first()).toBeVisible({ timeout: 60_000 })
  await expect(news(other.page)).toBeVisible({ timeout: 20_000 })
  await expect(
    news(other.page)
      .getByText(/\d+ of \d+ leases? released/u)
      .first(),
  ).toBeVisible()
  await ended.getByRole('button', { name: 'Close' }).press('Enter')
  await expect(news(page).getByText('the switch is gone')).toBeVisible()
  await looksRight(page, 'bulk-release-news')
  await news(page).getByRole('button', { name: 'Put away' }).click()
  await expect(news(page)).toBeHidden()
  await expect(news(other.page)).toBeVisible()
  // In the audit it stands with its search, beside a line for each lease.
  await page.goto(`${demo.consoles.alpha}/audit`)
  await expect(page.getByText('end-bulk-release').first()).toBeVisible()
  await expect(page.getByText('address=::/0').first()).toBeVisible()
  expect(complaints).toEqual([])
  expect(other.complaints).toEqual([])
  await page.context().close()
  await other.page.context().close()
})

test('a viewer is told why not, and one that runs is stopped', async ({ browser }) => {
  test.setTimeout(180_000)
  const madeUp = await startMadeUpConsole()
  const { page, complaints } = await openConsole(browser, `${madeUp.url}/leases?mock=normal&subnet=offices`)
  await offer(page).click()
  const confirm = question(page).getByLabel(/^Type [\d,]+ to confirm$/u)
  const label =
    (await question(page)
      .getByText(/^Type [\d,]+ to confirm$/u)
      .textContent()) ?? ''
  await question(page).getByLabel('How do you know that their clients are gone?').fill('the switch is gone')
  await confirm.fill(/[\d,]+/u.exec(label)?.[0] ?? '')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Release of leases' })
  await expect(dialog.getByText(/ada is releasing leases/u).first()).toBeVisible()
  await looksRight(page, 'bulk-release-running')
  await dialog.getByRole('button', { name: 'Stop' }).click()
  await expect(dialog.getByText(/ada stopped the release of leases/u).first()).toBeVisible()
  await expect(dialog.getByText(/not tried/u).first()).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await signIn(page, { user: 'viewer', password: 'a password that is long enough' })
  await page.getByRole('link', { name: 'Leases', exact: true }).click()
  await page.getByLabel('Subnet').selectOption('labs')
  await expect(offer(page)).toBeDisabled()
  await expect(page.getByText('Your role does not allow this: it needs operator.')).toBeVisible()
  await looksRight(page, 'bulk-release-viewer')
  expect(complaints).toEqual([])
  await page.context().close()
  await madeUp.close()
})
