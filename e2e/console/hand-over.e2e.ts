/** Maintenance from the browser, on the demo's servers: handed over, seen by another operator at once, on both consoles, and taken back. */
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { DESKTOP, openConsole, PHONE, signIn, stateBadge } from './console-page.ts'
import type { DemoCluster } from './demo-cluster.ts'
import { startDemo } from './demo-cluster.ts'
import { hasNoBarriers, isShownWhole, takePicture } from './page-checks.ts'

const PATH = '/relationships/alpha-beta'

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

const commandsOn = (page: Page) => page.getByRole('region', { name: 'Commands' })

/** The dialog of a command, with a reason in it. */
async function command(page: Page, button: string, act: string): Promise<void> {
  await commandsOn(page)
    .getByRole('button', { name: `${button}…` })
    .click()
  await expect(page.getByText('What follows')).toBeVisible()
  const sure = page.getByRole('button', { name: act, exact: true })
  await expect(sure).toBeDisabled()
  await page.getByLabel('Why?').fill('new memory for alpha')
  await hasNoBarriers(page)
  await takePicture(page, `command-${act.toLowerCase().replaceAll(' ', '-')}`)
  await sure.click()
}

test('service is handed over, and taken back, by two operators', async ({ browser }) => {
  test.setTimeout(180_000)
  const { page, complaints } = await openConsole(browser, demo.consoles.alpha)
  await signIn(page, demo)
  await expect(stateBadge(page, 'this', 'NORMAL')).toBeVisible({ timeout: 30_000 })
  const session = await page.context().storageState()
  await page.goto(demo.consoles.alpha + PATH)
  const other = await openConsole(browser, demo.consoles.alpha + PATH, { storageState: session })
  await expect(commandsOn(other.page).getByRole('button', { name: 'Hand over to beta…' })).toBeEnabled()
  await expect(commandsOn(page).getByRole('button', { name: 'Take service back…' })).toBeDisabled()
  await expect(commandsOn(page)).toContainText('This server is not handed over.')

  await command(page, 'Hand over to beta', 'Hand over to beta')
  await expect(page.getByText(/alpha was handed over by .+ beta serves alone/u).first()).toBeVisible()
  await expect(commandsOn(other.page).getByRole('button', { name: 'Take service back…' })).toBeEnabled()
  await expect(commandsOn(other.page).getByRole('button', { name: 'Hand over to beta…' })).toBeDisabled()
  for (const [size, viewport] of [
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ] as const) {
    await other.page.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark'] as const) {
      await other.page.emulateMedia({ colorScheme })
      await isShownWhole(other.page)
      await hasNoBarriers(other.page)
      await takePicture(other.page, `handed-over-${size}-${colorScheme}`)
    }
  }
  await other.page.setViewportSize(DESKTOP)

  const beta = await openConsole(browser, demo.consoles.beta)
  await signIn(beta.page, demo)
  await expect(beta.page.getByText(/beta serves without alpha/u).first()).toBeVisible()
  await expect(beta.page.getByText(/handed over for maintenance by .+: new memory for alpha/u).first()).toBeVisible()

  await command(other.page, 'Take service back', 'Take service back')
  await expect(commandsOn(page).getByRole('button', { name: 'Hand over to beta…' })).toBeEnabled({ timeout: 60_000 })
  await expect(beta.page.getByText(/serve as one/u).first()).toBeVisible({ timeout: 60_000 })

  await page.goto(`${demo.consoles.alpha}/audit`)
  for (const act of ['hand-over', 'take-back']) {
    await expect(
      page.getByRole('row').filter({ hasText: act }).filter({ hasText: 'new memory for alpha' }),
    ).toBeVisible()
  }
  expect([...complaints, ...other.complaints]).toEqual([])
  for (const each of [page, other.page, beta.page]) await each.context().close()
})

test('everything is fetched, and the pools are shared out, from the browser', async ({ browser }) => {
  test.setTimeout(120_000)
  const { page, complaints } = await openConsole(browser, demo.consoles.alpha)
  await signIn(page, demo)
  await page.goto(demo.consoles.alpha + PATH)
  await command(page, 'Fetch everything from beta', 'Fetch everything')
  await expect(page.getByRole('dialog')).toBeHidden()
  await command(page, 'Share out the pools', 'Share out')
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.goto(`${demo.consoles.alpha}/audit`)
  for (const act of ['resync', 'rebalance']) {
    await expect(page.getByRole('row').filter({ hasText: act }).filter({ hasText: 'done' })).toBeVisible()
  }
  expect(complaints).toEqual([])
  await page.context().close()
})
