/** The life of a pair on screen: both in NORMAL, one is killed, the other serves, is told so, and both find together again. */
import { expect, test } from '@playwright/test'
import type { Locator, Page } from '@playwright/test'
import { waitUntil } from '../topology/wait-until.ts'
import type { RunningProgram } from '../topology/program.ts'
import type { ApiSession } from './api-session.ts'
import { leaseLines, signInToApi } from './api-session.ts'
import type { ConsolePage } from './console-page.ts'
import { moveFocusTo, openConsole, signIn, stateBadge } from './console-page.ts'
import type { DemoCluster, TrafficClient } from './demo-cluster.ts'
import { startDemo } from './demo-cluster.ts'
import { hasNoBarriers, isShownWhole, takePicture } from './page-checks.ts'

test.describe.configure({ mode: 'serial' })

/** One arrives every 0.7 s: enough that new ones still come long after alpha was killed. */
const CLIENTS = 140
const CLIENTS_BEFORE_FAILURE = 24
const VALID_MS = 120_000
const RELATIONSHIP = 'alpha-beta'

let demo: DemoCluster
let alpha: ConsolePage
let beta: ConsolePage
/** A second operator's browser, which only looks. */
let onlooker: ConsolePage
let apiOfAlpha: ApiSession
let apiOfBeta: ApiSession
let alphaAgain: RunningProgram | undefined
/** What clients held from alpha when it was killed. */
let held: readonly TrafficClient[] = []
let failed = false

test.beforeAll(async ({ browser }) => {
  test.setTimeout(90_000)
  demo = await startDemo(CLIENTS)
  alpha = await openConsole(browser, demo.consoles.alpha)
  beta = await openConsole(browser, demo.consoles.beta)
  onlooker = await openConsole(browser, demo.consoles.beta)
  for (const { page } of [alpha, beta, onlooker]) await signIn(page, demo)
  apiOfAlpha = await signInToApi(demo.consoles.alpha, demo)
  apiOfBeta = await signInToApi(demo.consoles.beta, demo)
})

// oxlint-disable-next-line no-empty-pattern -- Playwright insists on a pattern here, even an empty one
test.afterEach(({}, { status, expectedStatus }) => {
  failed ||= status !== expectedStatus
})

test.afterAll(async () => {
  await demo.remove(failed)
})

test('both consoles say NORMAL, and leases arrive without a reload within a minute', async () => {
  for (const { page } of [alpha, beta]) {
    await expect(stateBadge(page, 'this', 'NORMAL')).toBeVisible({ timeout: 30_000 })
    await expect(stateBadge(page, 'partner', 'NORMAL')).toBeVisible()
    await expect(headline(page)).toContainText('serve as one.')
    await expect(page).toHaveTitle(/^Overview – /u)
  }
  await onlooker.page.getByRole('link', { name: 'Leases', exact: true }).click()
  for (const { page } of [alpha, beta]) {
    await expect.poll(() => leasedNow(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(CLIENTS_BEFORE_FAILURE)
  }
  await expect.poll(() => onlooker.page.locator('tbody tr').count()).toBeGreaterThanOrEqual(CLIENTS_BEFORE_FAILURE)
  await onlooker.page.getByRole('link', { name: 'Overview' }).click()
  expect(await alpha.wasNeverReloaded()).toBe(true)
})

test('alpha is killed: beta says in plain words how things stand, and answers the next SOLICIT', async () => {
  const { duid: duidOfAlpha } = await apiOfAlpha.getServer()
  const { duid: duidOfBeta, counters } = await apiOfBeta.getServer()
  const solicitsBefore = Number(counters.receivedByType['SOLICIT'] ?? 0)
  const known = new Set(present(demo.traffic().clients).map(({ duid }) => duid))
  process.kill(demo.pids.alpha, 'SIGKILL')
  held = await heldFrom(duidOfAlpha, Date.now())
  for (const { page } of [beta, onlooker]) {
    await expect(stateBadge(page, 'this', 'COMMUNICATIONS-INTERRUPTED')).toBeVisible({ timeout: 20_000 })
    await expect(headline(page)).toContainText(/beta serves without alpha\. No contact with alpha/u)
    await expect(headline(page)).toContainText('Clients are being answered.')
    await expect(headline(page)).toContainText('beta answers every client that does not name alpha.')
    await expect(page.getByRole('alert').filter({ hasText: 'beta serves without alpha' })).toBeAttached()
    await expect(page.getByText(/A RENEW that names alpha's identifier stays unanswered here/u)).toBeVisible()
    await expect(page.getByText(/Its clients rebind at T2 .* keep their addresses and prefixes/u)).toBeVisible()
    await expect(page).toHaveTitle(/^⚠ Degraded – Overview/u)
  }
  const newcomer = await waitUntil('a new client has a lease from beta', 20_000, () =>
    demo
      .traffic()
      .clients.find(({ duid, server, leases }) => !known.has(duid) && server === duidOfBeta && leases.length > 0),
  )
  expect(await leaseLines(apiOfBeta)).toContain(`${newcomer.leases[0]?.lease} active ${newcomer.duid}`)
  const now = await apiOfBeta.getServer()
  expect(Number(now.counters.receivedByType['SOLICIT'])).toBeGreaterThan(solicitsBefore)
  expect(await beta.wasNeverReloaded()).toBe(true)
})

test('every client of alpha keeps its address and prefix by REBIND before its valid lifetime ends', async () => {
  test.setTimeout(VALID_MS + 30_000)
  const { duid: duidOfBeta } = await apiOfBeta.getServer()
  const rebindsBefore = await receivedRebinds()
  expect(held.some(({ leases }) => leases.some(({ kind }) => kind === 'prefix'))).toBe(true)
  const waiting = new Map(held.map((client) => [client.duid, client]))
  await waitUntil('all clients of alpha have turned to beta', VALID_MS, () => {
    const { atMs, clients } = demo.traffic()
    for (const { duid, name, server, leases } of clients) {
      const before = waiting.get(duid)
      if (before === undefined || server !== duidOfBeta) continue
      expect(names(leases), `${name} keeps what it had`).toEqual(names(before.leases))
      const until = Math.min(...before.leases.map(({ untilMs }) => untilMs))
      expect(atMs, `${name} was answered before its leases ended`).toBeLessThan(until)
      waiting.delete(duid)
    }
    return waiting.size === 0
  })
  expect((await receivedRebinds()) - rebindsBefore).toBeGreaterThan(0)
  nothingLostOrDoubled()
})

test('partner down is declared with the keyboard alone; a second browser and the audit show it', async () => {
  const { page } = beta
  const reason = 'alpha was killed by the test and has no process any more'
  await moveFocusTo(page, page.getByRole('button', { name: 'Declare alpha down…' }))
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('alertdialog', { name: 'Declare alpha down?' })
  await expect(dialog.getByText(/be sure that alpha does not run/u)).toBeVisible()
  await expect(dialog.getByText(/Two servers that both serve alone give one address to two clients/u)).toBeVisible()
  const atRisk = dialog.getByRole('region', { name: 'Leases at risk' })
  await expect(atRisk).toContainText(/\d+, as alpha last said .+ ago/u)
  await expect(atRisk).toContainText(/\d+ in use or just ended, extended by up to 1 min beyond what beta acknowledged/u)
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await expect(dialog.getByRole('button', { name: 'Declare alpha down' })).toBeDisabled()
  await moveFocusTo(page, dialog.getByLabel('How do you know that alpha does not run?'))
  await page.keyboard.type(reason)
  await moveFocusTo(page, dialog.getByLabel(/Type the name of the relationship/u))
  await page.keyboard.type(RELATIONSHIP)
  await moveFocusTo(page, dialog.getByRole('button', { name: 'Declare alpha down' }))
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  for (const each of [beta, onlooker]) {
    await expect(stateBadge(each.page, 'this', 'PARTNER-DOWN')).toBeVisible({ timeout: 10_000 })
    await expect(headline(each.page)).toContainText(/beta serves alone: alpha was declared down/u)
    expect(await each.wasNeverReloaded()).toBe(true)
  }
  await page.getByRole('link', { name: 'Audit' }).click()
  const row = page.getByRole('row').filter({ hasText: reason })
  await expect(row).toContainText('admin')
  await expect(row).toContainText('done')
  await page.getByRole('link', { name: 'Overview' }).click()
})

test('alpha is started again: it recovers, and both return to NORMAL with the same leases', async () => {
  await demo.startServer('alpha').then((server) => (alphaAgain = server))
  await bothReturnToNormal()
  const { transitions } = await apiOfAlpha.getRelationship({ params: { name: RELATIONSHIP } })
  expect(transitions.slice(0, 4).map(({ to }) => to)).toEqual(['normal', 'recover-done', 'recover-wait', 'recover'])
  await alpha.page.getByRole('link', { name: 'Relationships' }).click()
  const history = alpha.page.getByRole('region', { name: 'Transitions' })
  for (const state of ['RECOVER', 'RECOVER-WAIT', 'RECOVER-DONE', 'NORMAL']) {
    await expect(history.getByText(state, { exact: true }).first()).toBeVisible()
  }
  await alpha.page.getByRole('link', { name: 'Overview' }).click()
  nothingLostOrDoubled()
})

test('a server that returns early is seen waiting for the MCLT, with its time, before both return to NORMAL', async () => {
  alphaAgain?.kill('SIGKILL')
  await expect(stateBadge(onlooker.page, 'this', 'COMMUNICATIONS-INTERRUPTED')).toBeVisible({ timeout: 20_000 })
  // Failover tells times in whole seconds: a declaration in the second of the failure would look like two servers alone.
  await expect(onlooker.page.getByText(/^last heard ([2-9]|\d\d) s ago$/u)).toBeVisible({ timeout: 10_000 })
  await declareWithTheMouse(onlooker.page)
  await expect(stateBadge(beta.page, 'this', 'PARTNER-DOWN')).toBeVisible({ timeout: 10_000 })
  await expect(alpha.page.getByText('Stale: the connection to this server is lost.')).toBeVisible()
  alphaAgain = await demo.startServer('alpha')
  await expect(stateBadge(alpha.page, 'this', 'RECOVER-WAIT')).toBeVisible({ timeout: 30_000 })
  const step = alpha.page
    .getByRole('listitem')
    .filter({ hasText: 'alpha goes to RECOVER-DONE, then with beta to NORMAL' })
  await expect(step.getByText(/^in \d+ s/u)).toBeVisible()
  await expect(headline(alpha.page)).toContainText(/alpha answers no client in RECOVER-WAIT; beta does/u)
  await expect(stateBadge(beta.page, 'partner', 'RECOVER-WAIT')).toBeVisible()
  await expect(headline(beta.page)).toContainText(/beta serves alone while alpha recovers \(RECOVER-WAIT\)/u)
  await bothReturnToNormal()
  nothingLostOrDoubled()
})

test('the timeline of either console tells what happened to both, on one axis and row by row', async () => {
  for (const [server, { page }] of [
    ['alpha', alpha],
    ['beta', beta],
  ] as const) {
    await page.goto(`${demo.consoles[server]}/relationships/${RELATIONSHIP}`)
    await page.getByRole('link', { name: 'Timeline of both servers' }).click()
    const rows = page.getByRole('region', { name: 'Entries of the timeline' }).getByRole('row')
    const starts = rows.filter({ hasText: 'Started, version' }).filter({ hasText: 'alpha' })
    await expect(starts).toHaveCount(3)
    await expect(starts.filter({ hasText: /It did not run for [\d minsh]+\./u })).toHaveCount(2)
    const declared = rows.filter({ hasText: 'Partner declared down' })
    await expect(declared).toHaveCount(2)
    await expect(declared.first()).toContainText('“killed a second time”')
    await expect(declared.first()).toContainText('beta')
    const lanes = page.getByRole('slider', { name: 'Timeline of both servers: entry' })
    await lanes.press('Home')
    await expect(lanes).toHaveAttribute('aria-valuetext', /: Started, version .+ · then/u)
    await lanes.press('End')
    await expect(lanes).toHaveAttribute('aria-valuetext', /(alpha|beta) NORMAL, (alpha|beta) NORMAL$/u)
    await expect(page.locator('tr[aria-current="true"]')).toContainText('NORMAL')
    await page.getByRole('button', { name: 'Hour', exact: true }).click()
    await expect(rows.filter({ hasText: 'RECOVER-WAIT' }).first()).toBeVisible()
    await isShownWhole(page)
    await hasNoBarriers(page)
    await takePicture(page, `timeline-after-failures-${server}`)
    await page.getByRole('button', { name: 'Change of state' }).click()
    await expect(rows.filter({ hasText: 'RECOVER-WAIT' })).toHaveCount(0)
    await expect(declared).toHaveCount(2)
  }
})

test('Ctrl-C ends everything that the demo started, and leaves nothing behind', async () => {
  expect((await alphaAgain?.stop())?.code).toBe(0)
  expect((await demo.interrupt()).code).toBe(0)
  expect(demo.processesLeft()).toEqual([])
  nothingLostOrDoubled()
})

function headline(page: Page): Locator {
  return page.getByRole('region', { name: 'How things stand' })
}

function nothingLostOrDoubled(): void {
  const { lost, doubled } = demo.traffic()
  expect({ lost, doubled }).toEqual({ lost: [], doubled: [] })
}

/** As the clients knew it once their server could not answer any more. */
async function heldFrom(server: string, killedAtMs: number): Promise<readonly TrafficClient[]> {
  const { clients } = await waitUntil('the clients tell what they hold', 5000, () => {
    const status = demo.traffic()
    return status.atMs > killedAtMs && status
  })
  const holding = clients.filter((client) => client.server === server && client.leases.length > 0)
  expect(holding.length).toBeGreaterThanOrEqual(CLIENTS_BEFORE_FAILURE / 2)
  return holding
}

function present(clients: readonly TrafficClient[]): readonly TrafficClient[] {
  return clients.filter(({ state }) => state !== 'absent')
}

function names(leases: TrafficClient['leases']): readonly string[] {
  return leases.map(({ lease }) => lease).toSorted()
}

async function receivedRebinds(): Promise<number> {
  return Number((await apiOfBeta.getServer()).counters.receivedByType['REBIND'] ?? 0)
}

async function leasedNow(page: Page): Promise<number> {
  const figure = page.locator('.figure').filter({ hasText: 'leased now' }).locator('.figure-number')
  return Number((await figure.textContent())?.replaceAll(',', ''))
}

async function bothReturnToNormal(): Promise<void> {
  // First from the servers themselves: the page of a server that was killed shows the NORMAL of before until it is back.
  await waitUntil('both servers are in NORMAL, and know it of each other', 90_000, async () => {
    const views = await Promise.all(
      [apiOfAlpha, apiOfBeta].map((api) => api.getRelationship({ params: { name: RELATIONSHIP } })),
    )
    return views.every(({ state, partner }) => state === 'normal' && partner?.state === 'normal')
  })
  for (const { page } of [alpha, beta, onlooker]) {
    await expect(page.getByText('Stale: the connection to this server is lost.')).toBeHidden({ timeout: 30_000 })
    await expect(stateBadge(page, 'this', 'NORMAL')).toBeVisible({ timeout: 10_000 })
    await expect(stateBadge(page, 'partner', 'NORMAL')).toBeVisible()
    await expect(headline(page)).toContainText('serve as one.')
  }
  // Clients come and go meanwhile: equal at one moment is what can be asked.
  await waitUntil('both servers hold the same leases', 30_000, async () => {
    const [ofAlpha, ofBeta] = await Promise.all([leaseLines(apiOfAlpha), leaseLines(apiOfBeta)])
    expect(ofAlpha).toEqual(ofBeta)
    return true
  })
}

async function declareWithTheMouse(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Declare alpha down…' }).click()
  const dialog = page.getByRole('alertdialog')
  await dialog.getByLabel('How do you know that alpha does not run?').fill('killed a second time')
  await dialog.getByLabel(/Type the name of the relationship/u).fill(RELATIONSHIP)
  await dialog.getByRole('button', { name: 'Declare alpha down' }).click()
}
