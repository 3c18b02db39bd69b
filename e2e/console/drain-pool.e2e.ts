/** A pool is drained from the browser, on the demo's servers: said what follows, counted down, marked where only one server does it, and given from again. */
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { poolKeyOf } from '@tandem/api-contract'
import { signInToApi } from './api-session.ts'
import { DESKTOP, openConsole, PHONE, signIn } from './console-page.ts'
import type { DemoCluster } from './demo-cluster.ts'
import { startDemo } from './demo-cluster.ts'
import { hasNoBarriers, isShownWhole, takePicture } from './page-checks.ts'

let demo: DemoCluster
let failed = false

test.beforeAll(async () => {
  test.setTimeout(120_000)
  demo = await startDemo(10)
})

// oxlint-disable-next-line no-empty-pattern -- Playwright insists on a pattern here, even an empty one
test.afterEach(({}, { status, expectedStatus }) => {
  failed ||= status !== expectedStatus
})

test.afterAll(async () => {
  await demo.remove(failed)
})

const drainCard = (page: Page) => page.getByRole('region', { name: 'Draining' })

/** The dialog behind the button, with a reason in it. */
async function command(page: Page, button: string, act: string): Promise<void> {
  await drainCard(page).getByRole('button', { name: button }).click()
  await expect(page.getByText('What follows')).toBeVisible()
  const sure = page.getByRole('button', { name: act, exact: true })
  await expect(sure).toBeDisabled()
  await page.getByLabel('Why?').fill('the offices get another prefix')
  await hasNoBarriers(page)
  await takePicture(page, `drain-dialog-${act.toLowerCase().replaceAll(' ', '-')}`)
  await sure.click()
  await expect(page.getByText('What follows')).toBeHidden()
}

async function picturesOf(page: Page, what: string): Promise<void> {
  for (const [size, viewport] of [
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ] as const) {
    await page.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await isShownWhole(page)
      await hasNoBarriers(page)
      await takePicture(page, `${what}-${size}-${colorScheme}`)
    }
  }
  await page.setViewportSize(DESKTOP)
}

test('a pool is drained on both servers and given from again', async ({ browser }) => {
  test.setTimeout(240_000)
  const api = await signInToApi(demo.consoles.alpha, demo)
  const [pool] = (await api.listPools()).items
  if (pool === undefined) throw new Error('the demo has pools')
  const path = `/pools/${encodeURIComponent(poolKeyOf(pool.id))}`
  const alpha = await openConsole(browser, demo.consoles.alpha)
  await signIn(alpha.page, demo)
  await alpha.page.goto(demo.consoles.alpha + path)
  await expect(drainCard(alpha.page)).toContainText('New clients get leases of this pool.')
  await command(alpha.page, 'Drain this pool…', 'Drain')
  await expect(drainCard(alpha.page)).toContainText('Leases left')
  await expect(drainCard(alpha.page)).toContainText('the offices get another prefix')
  // Asked over the private channel every two seconds.
  await expect(drainCard(alpha.page)).toContainText('beta does not drain this pool', { timeout: 20_000 })
  await picturesOf(alpha.page, 'drain-pool')

  await alpha.page.goto(`${demo.consoles.alpha}/pools`)
  const row = alpha.page.getByRole('row').filter({ hasText: pool.id })
  await expect(row).toContainText('Draining')
  await expect(row).toContainText('Partner does not drain it')
  await expect(row).toContainText('Gives none now')
  await picturesOf(alpha.page, 'drain-pools')

  const beta = await openConsole(browser, demo.consoles.beta)
  await signIn(beta.page, demo)
  await beta.page.goto(demo.consoles.beta + path)
  await expect(drainCard(beta.page)).toContainText('alpha drains this pool, and this server does not', {
    timeout: 20_000,
  })
  await command(beta.page, 'Drain this pool…', 'Drain')
  await expect(drainCard(beta.page)).not.toContainText('alpha drains', { timeout: 20_000 })
  await alpha.page.goto(demo.consoles.alpha + path)
  await expect(drainCard(alpha.page)).not.toContainText('beta does not drain', { timeout: 20_000 })

  for (const { page } of [alpha, beta]) {
    await command(page, 'Stop draining…', 'Stop draining')
    await expect(drainCard(page)).toContainText('New clients get leases of this pool.')
  }
  await alpha.page.goto(`${demo.consoles.alpha}/audit`)
  for (const act of ['drain-pool', 'stop-draining']) {
    await expect(
      alpha.page.getByRole('row').filter({ hasText: act }).filter({ hasText: 'another prefix' }),
    ).toBeVisible()
  }
  expect([...alpha.complaints, ...beta.complaints]).toEqual([])
  for (const { page } of [alpha, beta]) await page.context().close()
})
