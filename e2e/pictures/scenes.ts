/** What is looked at, in the order of a story: both serve, alpha is handed over and back, alpha is killed and declared down. */
import { expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import { stateBadge } from '../console/console-page.ts'
import type { Screen, Studio } from './studio.ts'

const RELATIONSHIP = '/relationships/alpha-beta'
const VIEWER = { user: 'vera', password: 'looks-on-and-changes-nothing' }
/** From then on a forecast is said, and the charts have a line. */
const TRAFFIC_FOR_MS = 130_000

export async function takeSignedOut(studio: Studio): Promise<void> {
  const page = await studio.openSignedOut('beta')
  await expect(page.getByLabel('Name')).toBeVisible()
  await studio.take(page, { name: 'sign-in', title: 'Sign in', shows: 'The first screen of each server.' })
  await page.context().close()
}

/** Screens that are looked at as they are. */
const PLAIN_SCREENS: readonly (Screen & { readonly path: string })[] = [
  {
    name: 'overview',
    title: 'Overview',
    path: '/',
    shows: 'What is happening, what it means for clients, how long it lasts, what comes next, and what to do.',
  },
  {
    name: 'relationship',
    title: 'Relationship',
    path: RELATIONSHIP,
    shows: 'Both servers and what each thinks of the other, states and what leads to them, timers, messages, commands.',
  },
  {
    name: 'pools',
    title: 'Pools',
    path: '/pools',
    shows: 'What is leased, free on either side and waiting, and how long it lasts.',
  },
  {
    name: 'leases',
    title: 'Leases',
    path: '/leases',
    shows: 'One row a lease, searched by address, prefix, part of a DUID, IAID, host name and relay.',
  },
  {
    name: 'traffic',
    title: 'Traffic',
    path: '/traffic',
    shows: 'What clients asked and what they were answered.',
  },
  {
    name: 'decisions',
    title: 'Decisions',
    path: '/decisions',
    shows: 'What the server decided about leases and clients, with its reasons.',
  },
  {
    name: 'checks',
    title: 'Checks',
    path: '/checks',
    shows: 'What both servers find when they look at themselves and at what lies between them, each with what to do.',
  },
  { name: 'audit', title: 'Audit', path: '/audit', shows: 'Who changed what, when and why.' },
  {
    name: 'operators',
    title: 'Operators',
    path: '/access/operators',
    shows: 'Who may come in, with which role; the accounts belong to both servers.',
  },
  {
    name: 'api-tokens',
    title: 'API tokens',
    path: '/access/tokens',
    shows: 'Tokens for programs, with scope and end.',
  },
  {
    name: 'webhooks',
    title: 'Webhooks',
    path: '/access/webhooks',
    shows: 'Where lease events are sent, signed and in order, and how far the server is with each.',
  },
  { name: 'sessions', title: 'Sessions', path: '/access/sessions', shows: 'Who is signed in, from where.' },
  { name: 'account', title: 'Your account', path: '/account', shows: 'One’s own sessions and password.' },
  { name: 'no-such-page', title: 'No such page', path: '/nowhere', shows: 'For a link that leads nowhere.' },
]

export async function takeNormal(studio: Studio): Promise<void> {
  const page = await studio.open('alpha', '/leases/live')
  await peopleAndTokens(studio)
  await page.waitForTimeout(TRAFFIC_FOR_MS)
  await studio.take(page, {
    name: 'lease-changes',
    title: 'Changes of leases',
    shows: 'Leases as they change; rows are held under the pointer.',
  })
  for (const screen of PLAIN_SCREENS) {
    await page.goto(studio.demo.consoles.alpha + screen.path)
    await expect(page.getByText('Live', { exact: true })).toBeVisible()
    // What comes with the stream has come too.
    await page.waitForTimeout(1500)
    await studio.take(page, screen)
  }
  await takeDetails(studio, page)
  await page.context().close()
  const asViewer = await studio.open('alpha', '/audit', VIEWER)
  await expect(asViewer.getByText('Your role does not let you see the audit')).toBeVisible()
  await studio.take(asViewer, {
    name: 'forbidden',
    title: 'A page that one’s role does not open',
    shows: 'A viewer at the audit.',
  })
  await asViewer.context().close()
}

async function takeDetails(studio: Studio, page: Page): Promise<void> {
  const { items } = await studio.api.listLeases({ query: { kind: 'prefix' } })
  const lease = items.find(({ client }) => client !== null) ?? items[0]
  await page.goto(`${studio.demo.consoles.alpha}/leases/${lease?.key}`)
  await expect(page.getByText('Why for so long').first()).toBeVisible()
  await studio.take(page, {
    name: 'lease',
    title: 'A lease',
    shows: 'The records of both servers side by side, why it lasts as long as it does, and what happened to it.',
  })
  await page.goto(`${studio.demo.consoles.alpha}/pools`)
  await page.locator('main table a, main h2 a, main h3 a').first().click()
  await expect(page).toHaveTitle(/^Pool /u)
  await page.waitForTimeout(1500)
  await studio.take(page, {
    name: 'pool',
    title: 'A pool',
    shows: 'Its parts, its history, how the partner counts it, and how long it lasts.',
  })
  await takeQuestions(studio, page)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await studio.take(page, {
    name: 'shortcuts',
    title: 'Keyboard shortcuts',
    shows: 'All keys; they can be switched off.',
  })
  await page.goto(`${studio.demo.consoles.alpha}/api/docs`)
  await page.waitForTimeout(1500)
  await studio.take(page, {
    name: 'api-documentation',
    title: 'The API',
    shows: 'Every route with its schema and an example.',
  })
}

/** What is asked before many leases are touched; nothing is done. */
async function takeQuestions(studio: Studio, page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Drain this pool…' }).click()
  await expect(page.getByText('What follows')).toBeVisible()
  await studio.take(page, {
    name: 'drain-pool-dialog',
    title: 'Before a pool is drained',
    shows: 'No new leases from it, renewals that end sooner, and a count down to empty.',
  })
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.goto(`${studio.demo.consoles.alpha}/leases?address=%3A%3A%2F0`)
  await page.getByRole('button', { name: 'Release all found…' }).click()
  await expect(page.getByRole('button', { name: /^Release [\d,]+$/u })).toBeVisible()
  await studio.take(page, {
    name: 'bulk-release-dialog',
    title: 'Before many leases are released',
    shows: 'How many of them are released and how many are not, counted on the server.',
  })
  await page.getByRole('button', { name: 'Cancel' }).click()
}

export async function takeHandedOver(studio: Studio): Promise<void> {
  const page = await studio.open('alpha', RELATIONSHIP)
  await page.getByRole('button', { name: 'Hand over to beta…' }).click()
  await expect(page.getByText('What follows')).toBeVisible()
  await page.getByLabel('Why?').fill('new memory for alpha')
  await studio.take(page, {
    name: 'hand-over-dialog',
    title: 'Before service is handed over',
    shows: 'What follows in words, and a reason for the audit. Every command is asked for like this.',
  })
  await page.getByRole('button', { name: 'Hand over to beta', exact: true }).click()
  await expect(page.getByText(/alpha was handed over by .+ beta serves alone/u).first()).toBeVisible()
  await page.goto(studio.demo.consoles.alpha)
  await expect(page.getByText(/handed over/u).first()).toBeVisible()
  await studio.take(page, {
    name: 'handed-over',
    title: 'Handed over for maintenance',
    shows: 'alpha, which may be stopped now; beta serves.',
  })
  await page.goto(studio.demo.consoles.alpha + RELATIONSHIP)
  await page.getByRole('button', { name: 'Take service back…' }).click()
  await page.getByLabel('Why?').fill('the memory is in')
  await page.getByRole('button', { name: 'Take service back', exact: true }).click()
  await expectState(page, studio, 'NORMAL')
  await page.context().close()
}

export async function takeAlone(studio: Studio): Promise<void> {
  const stale = await studio.open('alpha', '/')
  await expect(stale.getByText('Live', { exact: true })).toBeVisible()
  process.kill(studio.demo.pids.alpha, 'SIGKILL')
  const page = await studio.open('beta', '/')
  await expect(stateBadge(page, 'this', 'COMMUNICATIONS-INTERRUPTED')).toBeVisible({ timeout: 40_000 })
  await page.waitForTimeout(3000)
  await studio.take(page, {
    name: 'interrupted',
    title: 'Alpha was killed: beta’s overview',
    shows: 'Beta has no contact any more: who is answered, how long that lasts, and what to do.',
  })
  await expect(stale.getByRole('button', { name: 'Try now' })).toBeVisible({ timeout: 40_000 })
  await studio.take(stale, {
    name: 'stale',
    title: 'Alpha was killed: a page of alpha that was open',
    shows: 'It says how old it is, and leads to beta.',
  })
  await stale.context().close()
  await page.getByRole('button', { name: 'Declare alpha down…' }).click()
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await studio.take(page, {
    name: 'declare-partner-down-dialog',
    title: 'Before the partner is declared down',
    shows: 'What is known of the partner, what follows, and a confirmation that nobody gives by accident.',
  })
  await page.getByLabel(/How do you know/u).fill('killed, and its console is gone')
  await page.getByLabel(/Type the name of the relationship/u).fill('alpha-beta')
  await page.getByRole('button', { name: 'Declare alpha down', exact: true }).click()
  await expect(stateBadge(page, 'this', 'PARTNER-DOWN')).toBeVisible({ timeout: 20_000 })
  await takePartnerDown(studio, page)
  await page.context().close()
}

async function takePartnerDown(studio: Studio, page: Page): Promise<void> {
  await page.waitForTimeout(3000)
  await studio.take(page, {
    name: 'partner-down',
    title: 'Alpha was declared down: beta’s overview',
    shows: 'Beta serves everybody, and says from when on it may also give out what was alpha’s.',
  })
  for (const [name, path, title] of [
    ['partner-down-relationship', RELATIONSHIP, 'Alpha was declared down: the relationship'],
    ['partner-down-pools', '/pools', 'Alpha was declared down: the pools'],
    ['partner-down-checks', '/checks', 'Alpha was declared down: the checks'],
  ] as const) {
    await page.goto(studio.demo.consoles.beta + path)
    await expect(page.getByText('Live', { exact: true })).toBeVisible()
    await page.waitForTimeout(1500)
    await studio.take(page, { name, title, shows: 'The same page as above, of the server that is left.' })
  }
}

/** With alpha back, so that both tell what happened. */
export async function takeTimeline(studio: Studio): Promise<void> {
  const alphaAgain = await studio.demo.startServer('alpha')
  const page = await studio.open('beta', `${RELATIONSHIP}/timeline?span=1h`)
  await expect(page.getByRole('row').filter({ hasText: 'RECOVER-DONE' }).first()).toBeVisible({ timeout: 90_000 })
  await page.waitForTimeout(3000)
  await studio.take(page, {
    name: 'timeline',
    title: 'Alpha has come back: the timeline of both servers',
    shows: 'Changes of state, commands, configurations and starts of both servers on one axis, each with its reason.',
  })
  await page.context().close()
  await alphaAgain.stop()
}

/** Lists with something in them. */
async function peopleAndTokens({ api }: Studio): Promise<void> {
  await api.createOperator({ body: { name: VIEWER.user, password: VIEWER.password, role: 'viewer' } })
  await api.createOperator({ body: { name: 'otto', password: 'operates-both-servers', role: 'operator' } })
  await api.createWebhook({ body: { name: 'routes of the core', url: 'https://[::1]:9/routes', kinds: ['prefix'] } })
  await api.createApiToken({ body: { name: 'metrics', role: 'viewer', scope: ['status.read'] } })
}

async function expectState(page: Page, studio: Studio, state: string): Promise<void> {
  await page.goto(studio.demo.consoles.alpha)
  await expect(stateBadge(page, 'this', state)).toBeVisible({ timeout: 60_000 })
}
