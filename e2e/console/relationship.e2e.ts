/** The page of a relationship on the demo's servers: the diagram by keyboard and as a table, and what it says once the partner is gone. */
import { expect, test } from '@playwright/test'
import type { BrowserContextOptions, Locator, Page } from '@playwright/test'
import type { RunningProgram } from '../topology/program.ts'
import { signInToApi } from './api-session.ts'
import { DESKTOP, moveFocusTo, openConsole, PHONE, REFLOW, signIn, stateBadge } from './console-page.ts'
import type { DemoCluster } from './demo-cluster.ts'
import { startDemo } from './demo-cluster.ts'
import { hasNoBarriers, isShownWhole, takePicture } from './page-checks.ts'

const CLIENTS = 6
const PATH = '/relationships/alpha-beta'
/** WCAG 2.2, criterion 1.4.10. */

let demo: DemoCluster
let session: Exclude<BrowserContextOptions['storageState'], string | undefined>
let alphaAgain: RunningProgram | undefined
let failed = false

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000)
  demo = await startDemo(CLIENTS)
  const { page } = await openConsole(browser, demo.consoles.beta)
  await signIn(page, demo)
  await expect(stateBadge(page, 'this', 'NORMAL')).toBeVisible({ timeout: 30_000 })
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

test('the diagram marks the present state and the next ones, and arrow keys move about in it', async ({ browser }) => {
  const { page, complaints } = await openConsole(browser, demo.consoles.beta + PATH, { storageState: session })
  const normal = state(page, 'NORMAL')
  await expect(normal).toHaveAttribute('aria-current', 'true')
  await expect(normal).toHaveAttribute('aria-selected', 'true')
  await expect(normal).toHaveAccessibleName('NORMAL beta is here alpha is here')
  expect(await nextStates(page)).toEqual(['communications-interrupted', 'partner-down'])
  const panel = page.getByRole('tabpanel')
  await expect(panel).toContainText('when contact with alpha is lost (RFC 8156 8.8.2)')

  // One stop for Tab, whatever state is looked at.
  await moveFocusTo(page, normal)
  await page.keyboard.press('ArrowLeft')
  await expect(state(page, 'COMMUNICATIONS-INTERRUPTED')).toBeFocused()
  await expect(panel).toContainText('beta is not here')
  await expect(panel).toContainText('when alpha reports NORMAL, COMMUNICATIONS-INTERRUPTED or RECOVER-DONE')
  expect(await nextStates(page)).toEqual(['normal', 'partner-down', 'potential-conflict'])
  await page.keyboard.press('ArrowLeft')
  await expect(state(page, 'PARTNER-DOWN')).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(panel).toBeFocused()
  await page.keyboard.press('Shift+Tab')
  await expect(state(page, 'PARTNER-DOWN')).toBeFocused()
  await page.keyboard.press('Home')
  await expect(normal).toBeFocused()
  await expect(panel).toContainText('beta is here')
  expect(complaints).toEqual([])
  await page.context().close()
})

test('timers, messages, queue, clock, certificates and the command stand in words', async ({ browser }) => {
  const { page } = await openConsole(browser, demo.consoles.beta + PATH, { storageState: session })
  const timers = page.getByRole('region', { name: 'Timers and what they bring about' })
  await expect(timers.getByRole('row').filter({ hasText: 'Automatic partner-down' })).toContainText('does not run')
  await expect(timers.getByRole('row').filter({ hasText: 'MCLT after PARTNER-DOWN' })).toContainText('does not run')
  await expect(page.getByText('After so long without a word from alpha the contact is lost')).toBeVisible()
  const messages = page.getByRole('region', { name: 'Counted messages' })
  const contacts = messages.getByRole('row').filter({ hasText: /^CONTACT/u })
  await expect(contacts.getByRole('cell')).toHaveText([/^[1-9][\d,]*$/u, /^[1-9][\d,]*$/u], { timeout: 30_000 })
  const connection = page.getByRole('region', { name: 'Connection' })
  await expect(connection).toContainText('agrees with this server’s')
  await expect(connection).toContainText(/Certificate of alpha[\d,]+ days left/u)
  await expect(connection).toContainText(/1 established/u)
  await expect(page.getByRole('region', { name: 'Update queue' })).toContainText(/Owed to alpha[\d,]+/u)
  const command = page.getByRole('region', { name: 'Commands' })
  await expect(command.getByText('by force only')).toBeVisible()
  await expect(command).toContainText('beta serves alone from then on')
  await page.context().close()
})

test('the table says what the diagram shows', async ({ browser }) => {
  const { page } = await openConsole(browser, demo.consoles.beta + PATH, { storageState: session })
  await moveFocusTo(page, page.getByText('The diagram as a table'))
  await page.keyboard.press('Enter')
  const table = page.getByRole('region', { name: 'States and what leads from each to the next' })
  await expect(table.getByRole('rowheader')).toHaveCount(10)
  await expect(table.locator('tr[aria-current]')).toContainText('NORMAL')
  await expect(table.locator('tr[aria-current]')).toContainText('beta, alpha')
  await expect(table.getByRole('row').filter({ hasText: /^RECOVER-WAIT/u })).toContainText('RECOVER-DONE')
  await hasNoBarriers(page)
  await page.context().close()
})

for (const theme of ['light', 'dark'] as const) {
  for (const [size, viewport] of [
    ['desktop', DESKTOP],
    ['phone', PHONE],
    ['reflow', REFLOW],
  ] as const) {
    test(`the page has no barriers and fits a ${size} in ${theme}, whichever state is looked at`, async ({
      browser,
    }) => {
      const options: BrowserContextOptions = { colorScheme: theme, viewport, storageState: session }
      const { page, complaints } = await openConsole(browser, demo.consoles.beta + PATH, options)
      for (const each of ['NORMAL', 'STARTUP', 'POTENTIAL-CONFLICT']) {
        await state(page, each).click()
        await expect(page.getByRole('tabpanel')).toContainText(each)
        await isShownWhole(page)
        await hasNoBarriers(page)
      }
      await expectLegible(page)
      await takePicture(page, `relationship-states-${size}-${theme}`)
      expect(complaints).toEqual([])
      await page.context().close()
    })
  }
}

test('with forced colours every mark is still there in words and shapes', async ({ browser }) => {
  const { page } = await openConsole(browser, demo.consoles.beta + PATH, {
    forcedColors: 'active',
    storageState: session,
  })
  await expect(state(page, 'NORMAL')).toHaveCSS('border-top-width', '3px')
  await expect(state(page, 'PARTNER-DOWN')).toHaveCSS('border-top-style', 'dashed')
  await expect(state(page, 'PARTNER-DOWN').getByText(/next$/u)).toBeVisible()
  await takePicture(page, 'relationship-forced-colours')
  await page.context().close()
})

test('alpha is killed and declared down: diagram, timers and command follow, in words', async ({ browser }) => {
  const { page, wasNeverReloaded } = await openConsole(browser, demo.consoles.beta + PATH, { storageState: session })
  await expect(state(page, 'NORMAL')).toHaveAttribute('aria-current', 'true')
  process.kill(demo.pids.alpha, 'SIGKILL')
  const interrupted = state(page, 'COMMUNICATIONS-INTERRUPTED')
  await expect(interrupted).toHaveAttribute('aria-current', 'true', { timeout: 40_000 })
  await expect(interrupted).toHaveAttribute('aria-selected', 'true')
  await expect(state(page, 'NORMAL')).toHaveAccessibleName('NORMAL alpha was here last possible next')
  await expect(page.getByRole('tabpanel')).toContainText('Needs contact with alpha, which is missing now')
  // What alpha does not say any more is a click away, where it is missed; and each server's state is told once.
  const said = page.getByRole('region', { name: 'What each server says', exact: true })
  await expect(said.getByText('What alpha says of itself is unavailable')).toBeVisible({ timeout: 30_000 })
  await expect(said.getByRole('link', { name: 'Open alpha’s console' })).toBeVisible()
  await expect(
    page.getByRole('region', { name: 'Both servers', exact: true }).getByRole('link', { name: 'Open alpha’s console' }),
  ).toBeVisible()
  await expect(page.getByRole('heading', { name: 'States', exact: true })).toHaveCount(0)
  await expect(said.getByText('before that NORMAL')).toBeVisible()
  await hasNoBarriers(page)
  const command = page
    .getByRole('region', { name: 'Commands' })
    .getByRole('listitem')
    .filter({ hasText: 'Declare alpha down' })
  await expect(command.getByText('allowed', { exact: true })).toBeVisible()

  const api = await signInToApi(demo.consoles.beta, demo)
  await api.declarePartnerDown({
    params: { name: 'alpha-beta' },
    body: { reason: 'killed by this test', seenState: 'communications-interrupted' },
  })
  await expect(state(page, 'PARTNER-DOWN')).toHaveAttribute('aria-current', 'true', { timeout: 10_000 })
  await expect(command.getByText('not now', { exact: true })).toBeVisible()
  const wait = page.getByRole('row').filter({ hasText: 'MCLT after PARTNER-DOWN' })
  await expect(wait).toContainText(/in \d+ (s|min)/u)
  await expect(wait).toContainText('beta may also delegate the prefixes that alpha held free')
  await hasNoBarriers(page)
  await takePicture(page, 'relationship-partner-down')
  expect(await wasNeverReloaded()).toBe(true)
  await page.context().close()
})

test('beta fails in its turn, and alpha, back again, asks whether it served alone', async ({ browser }) => {
  test.setTimeout(120_000)
  process.kill(demo.pids.beta, 'SIGKILL')
  alphaAgain = await demo.startServer('alpha')
  const { page } = await openConsole(browser, demo.consoles.alpha + PATH)
  await signIn(page, demo)
  const interrupted = state(page, 'COMMUNICATIONS-INTERRUPTED')
  await expect(interrupted).toHaveAttribute('aria-current', 'true', { timeout: 40_000 })
  await page.getByRole('button', { name: 'Declare beta down…' }).click()
  const dialog = page.getByRole('alertdialog', { name: 'Declare beta down?' })
  await expect(dialog.getByText(/has not been heard since this server started/u)).toBeVisible()
  await dialog.getByLabel(/How do you know/u).fill('the power of its rack is off')
  await dialog.getByLabel(/Type the name of the relationship/u).fill('alpha-beta')
  const declare = dialog.getByRole('button', { name: 'Declare beta down', exact: true })
  await expect(declare).toBeDisabled()
  await expect(dialog.getByLabel(/Since when does beta not run/u)).toBeVisible()
  await hasNoBarriers(page)
  await takePicture(page, 'dialog-in-turns')
  await dialog.getByLabel(/I know that beta has not served alone/u).check()
  await declare.click()
  await expect(state(page, 'PARTNER-DOWN')).toHaveAttribute('aria-current', 'true', { timeout: 10_000 })
  await page.context().close()
})

function state(page: Page, name: string): Locator {
  return page.getByRole('tab', { name: new RegExp(`^${name}( |$)`, 'u') })
}

/** Marked so, in the order of the document. */
function nextStates(page: Page): Promise<readonly (string | undefined)[]> {
  return page
    .getByRole('tab', { name: /possible next/u })
    .evaluateAll((boxes) => boxes.map((box) => (box instanceof HTMLElement ? box.dataset['state'] : undefined)))
}

/** No state's name sticks out of its box. */
async function expectLegible(page: Page): Promise<void> {
  const cut = await page
    .getByRole('tab')
    .evaluateAll((boxes) =>
      boxes
        .filter((box) => box.scrollWidth > box.clientWidth + 1)
        .map((box) => `${box.textContent}: ${box.scrollWidth} in ${box.clientWidth}`),
    )
  expect(cut).toEqual([])
}
