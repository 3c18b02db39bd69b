/** A viewer in the browser: every act is to be seen as not allowed, with the reason, and is refused by the server whatever the page shows. */
import { expect, test } from '@playwright/test'
import type { Locator, Page } from '@playwright/test'
import {
  poolKeyOf,
  PROBLEM_CONTENT_TYPE,
  Problem,
  roleMay,
  roleNeededFor,
  routePath,
  routes,
} from '@tandem/api-contract'
import type { RouteDefinition } from '@tandem/api-contract'
import { waitUntil } from '../topology/wait-until.ts'
import type { ApiSession, Credentials } from './api-session.ts'
import { signInToApi } from './api-session.ts'
import { openConsole, signIn } from './console-page.ts'
import type { ConsolePage } from './console-page.ts'
import type { DemoCluster } from './demo-cluster.ts'
import { startDemo } from './demo-cluster.ts'
import { hasNoBarriers, takePicture } from './page-checks.ts'

const CLIENTS = 12
const VIEWER: Credentials = { user: 'looks-on', password: 'only-ever-looks-on' }
const RELATIONSHIP = 'alpha-beta'
const NEEDS_OPERATOR = 'Your role does not allow this: it needs operator.'

let demo: DemoCluster
let api: ApiSession
let viewer: ConsolePage
/** Of things that are there, so that nothing but the role can be what is wrong. */
let params: Readonly<Record<string, string>>
let leaseKey: string
let poolKey: string
let failed = false

test.beforeAll(async ({ browser }) => {
  test.setTimeout(90_000)
  demo = await startDemo(CLIENTS)
  api = await signInToApi(demo.consoles.alpha, demo)
  await api.createOperator({ body: { name: VIEWER.user, password: VIEWER.password, role: 'viewer' } })
  const lease = await waitUntil('a lease to end', 60_000, async () => {
    const { items } = await api.listLeases({ query: { state: 'active' } })
    return items[0]
  })
  leaseKey = lease.key
  const { items: pools } = await api.listPools()
  poolKey = poolKeyOf(pools[0]?.id ?? '')
  params = { name: RELATIONSHIP, address: lease.key, pool: poolKey, id: await idOfAdministrator() }
  viewer = await openConsole(browser, `${demo.consoles.alpha}/relationships/${RELATIONSHIP}`)
  await signIn(viewer.page, VIEWER)
})

// oxlint-disable-next-line no-empty-pattern -- Playwright insists on a pattern here, even an empty one
test.afterEach(({}, { status, expectedStatus }) => {
  failed ||= status !== expectedStatus
})

test.afterAll(async () => {
  await demo.remove(failed)
})

async function idOfAdministrator(): Promise<string> {
  const { items } = await api.listOperators()
  const found = items.find(({ name }) => name === demo.user)
  if (found === undefined) throw new Error('the administrator is an operator')
  return found.id
}

async function isNotAllowed(act: Locator): Promise<void> {
  await expect(act).toBeVisible()
  await expect(act).toBeDisabled()
  await expect(act).toHaveAccessibleDescription(NEEDS_OPERATOR)
}

test('commands on a relationship are shown, disabled, each with the reason', async () => {
  const { page } = viewer
  const commands = page.getByRole('region', { name: 'Commands' })
  const { commands: known } = await api.getRelationship({ params: { name: RELATIONSHIP } })
  const buttons = commands.getByRole('button')
  await expect(buttons).toHaveCount(Object.keys(known).length)
  for (const button of await buttons.all()) await isNotAllowed(button)
  await expect(commands.getByText(NEEDS_OPERATOR)).toHaveCount(Object.keys(known).length)
  await hasNoBarriers(page)
  await takePicture(page, 'viewer-commands')
})

test('so are the command of the overview, that of a lease and that of a pool', async () => {
  const { page } = viewer
  await page.goto(demo.consoles.alpha)
  await isNotAllowed(page.getByRole('button', { name: 'Declare beta down…' }))
  await page.goto(`${demo.consoles.alpha}/leases/${leaseKey}`)
  await isNotAllowed(page.getByRole('button', { name: 'Release…' }))
  await takePicture(page, 'viewer-lease')
  await page.goto(`${demo.consoles.alpha}/pools/${encodeURIComponent(poolKey)}`)
  await isNotAllowed(page.getByRole('button', { name: 'Drain this pool…' }))
})

test('who manages access and what was done are no pages of a viewer, who is told what it needs', async () => {
  const { page } = viewer
  const navigation = page.getByRole('navigation', { name: 'Pages', exact: true })
  await expect(navigation.getByRole('link', { name: 'Leases' })).toBeVisible()
  for (const name of ['Access', 'Audit']) await expect(navigation.getByRole('link', { name })).toHaveCount(0)
  for (const [path, what] of [
    ['/audit', 'the audit'],
    ['/access/operators', 'the operators'],
    ['/access/tokens', 'the API tokens'],
    ['/access/webhooks', 'the webhooks'],
    ['/access/sessions', 'the sessions'],
  ] as const) {
    await page.goto(demo.consoles.alpha + path)
    await expect(page.getByText(`Your role does not let you see ${what}`)).toBeVisible()
    await expect(page.getByText(/administrator/u).first()).toBeVisible()
    await expect(page.getByRole('main').getByRole('button')).toHaveCount(0)
    await hasNoBarriers(page)
  }
})

const acts = Object.entries<RouteDefinition>(routes).filter(
  ([, { method, permission }]) => method !== 'GET' && !roleMay('viewer', permission),
)

interface Answered {
  readonly status: number
  readonly type: string | null
  readonly body: unknown
}

/** As the page itself would ask: its cookie, its origin. */
async function askFrom(page: Page, method: string, path: string): Promise<Answered> {
  return page.evaluate(
    async ({ method: verb, path: url }) => {
      const answer = await fetch(url, {
        method: verb,
        headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
        ...(verb === 'DELETE' ? {} : { body: '{}' }),
      })
      return { status: answer.status, type: answer.headers.get('content-type'), body: (await answer.json()) as unknown }
    },
    { method, path },
  )
}

test('every act of the contract is refused when the page asks for it all the same, and changes nothing', async () => {
  const { page } = viewer
  await page.goto(demo.consoles.alpha)
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  expect(acts.map(([name]) => name)).toEqual(
    expect.arrayContaining(['declarePartnerDown', 'handOver', 'takeBack', 'resync', 'rebalance', 'releaseLease']),
  )
  const before = await whatMayNotChange()
  const { length: failedBefore } = viewer.failedLoads
  for (const [name, route] of acts) {
    await test.step(name, async () => {
      const { status, type, body } = await askFrom(page, route.method, routePath(route, params))
      expect({ status, type }).toEqual({ status: 403, type: PROBLEM_CONTENT_TYPE })
      const problem = Problem.parse(body)
      expect(problem.type).toBe('urn:tandem:problem:role-too-small')
      if (route.permission !== 'open') expect(JSON.stringify(problem)).toContain(roleNeededFor(route.permission))
    })
  }
  expect(await whatMayNotChange()).toEqual(before)
  // Each was refused to whoever made it; nothing else was wrong with the page.
  expect(viewer.complaints).toEqual([])
  expect(viewer.failedLoads.slice(failedBefore).filter((text) => !text.includes('403'))).toEqual([])
})

async function whatMayNotChange(): Promise<unknown> {
  const { state, handedOver, resync } = await api.getRelationship({ params: { name: RELATIONSHIP } })
  const [operators, tokens] = await Promise.all([api.listOperators(), api.listApiTokens()])
  return {
    state,
    handedOver,
    resync,
    operators: operators.items.map(({ name, role }) => `${name} ${role}`),
    tokens: tokens.items.map(({ name }) => name),
  }
}
