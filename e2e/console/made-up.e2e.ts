/** Pages with nothing on them, and pages that cannot be filled: from the mock API, which is shown to keep the contract first. */
import { API_PREFIX, leaseKeyOf, poolKeyOf, Problem, routePath, routes } from '@tandem/api-contract'
import type { RouteDefinition } from '@tandem/api-contract'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { DESKTOP, openConsole, PHONE } from './console-page.ts'
import { startMadeUpConsole, type MadeUpConsole } from './made-up-console.ts'
import { hasNoBarriers, isShownWhole, takePicture } from './page-checks.ts'

const PAGES = {
  overview: '/',
  leases: '/leases',
  'lease-changes': '/leases/live',
  lease: '/leases/2001:db8:1::1000',
  pools: '/pools',
  pool: '/pools/2001:db8:1::-2001:db8:1::ffff',
  traffic: '/traffic',
  relationships: '/relationships',
  relationship: '/relationships/alpha-beta',
  timeline: '/relationships/alpha-beta/timeline',
  decisions: '/decisions',
  checks: '/checks',
  audit: '/audit',
  operators: '/access/operators',
  'api-tokens': '/access/tokens',
  webhooks: '/access/webhooks',
  sessions: '/access/sessions',
  account: '/account',
} as const

let madeUp: MadeUpConsole

test.beforeAll(async () => {
  test.setTimeout(120_000)
  madeUp = await startMadeUpConsole()
})

test.afterAll(async () => {
  await madeUp.close()
})

interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

/** As the pages ask: from within, where the mock answers. */
async function ask(page: Page, path: string): Promise<Answer> {
  return page.evaluate(async (url) => {
    const response = await fetch(url)
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      text: await response.text(),
    }
  }, path)
}

const readable = Object.entries<RouteDefinition>(routes).filter(([, { method }]) => method === 'GET')

for (const scenario of [
  'normal',
  'young',
  'degraded',
  'partner-down',
  'recovering',
  'recover-wait',
  'empty',
  'error',
]) {
  test(`the mock keeps the contract when it plays ${scenario}`, async ({ browser }) => {
    const { page } = await openConsole(browser, `${madeUp.url}/account?mock=${scenario}`)
    await expect(page.getByRole('heading', { name: 'Your account', level: 1 })).toBeVisible()
    // Lists of things that are named in paths; what each of them looks like is asked below.
    const first = async (path: string, field: string): Promise<string> => {
      const { text } = await ask(page, API_PREFIX + path)
      const { items = [] } = JSON.parse(text) as { readonly items?: readonly Readonly<Record<string, string>>[] }
      return items[0]?.[field] ?? 'none'
    }
    const params = {
      name: await first('/relationships', 'name'),
      address: leaseKeyOf(await first('/leases', 'lease')),
      pool: poolKeyOf(await first('/pools', 'id')),
      id: await first('/operators', 'id'),
    }
    let kept = 0
    for (const [name, route] of readable) {
      // Those that say nothing without a question.
      const questions: Readonly<Record<string, string>> = {
        compareLeases: `?leases=${params.address}`,
        previewBulkRelease: '?subnet=offices',
      }
      const asked = name === 'getBulkRelease' ? { ...params, id: await first('/bulk-releases', 'id') } : params
      const { status, type, text } = await ask(page, routePath(route, asked) + (questions[name] ?? ''))
      if (status >= 400) {
        expect({ name, type }).toEqual({ name, type: 'application/problem+json' })
        expect(Problem.safeParse(JSON.parse(text)).error, name).toBeUndefined()
        // What there is must be told: only an empty server has no lease, and only a broken one refuses.
        expect(scenario === 'error' || (scenario === 'empty' && status === 404), `${name}: ${status}`).toBe(true)
        continue
      }
      expect({ name, status }).toEqual({ name, status: 200 })
      if (route.answer === undefined) expect(type).toContain(route.answerText)
      else expect(route.answer.safeParse(JSON.parse(text)).error, name).toBeUndefined()
      kept += 1
    }
    expect(kept).toBeGreaterThan(scenario === 'error' ? 2 : 15)
    await page.context().close()
  })
}

for (const scenario of ['empty', 'error'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`every page that is ${scenario} has no barriers in ${theme}, and fits a desktop, a phone and 320 pixels`, async ({
      browser,
    }) => {
      const { page, complaints } = await openConsole(browser, `${madeUp.url}/?mock=${scenario}`, { colorScheme: theme })
      for (const [name, path] of Object.entries(PAGES)) {
        await test.step(name, async () => {
          await page.setViewportSize(DESKTOP)
          await page.goto(madeUp.url + path)
          await expect(page.getByRole('navigation', { name: 'Pages', exact: true })).toBeVisible()
          await isShownWhole(page)
          await hasNoBarriers(page)
          await takePicture(page, `${scenario}-${name}-${theme}`)
          for (const viewport of [PHONE, { width: 320, height: 640 }]) {
            await page.setViewportSize(viewport)
            await isShownWhole(page)
          }
        })
      }
      expect(complaints).toEqual([])
      await page.context().close()
    })
  }
}

for (const [size, viewport] of [
  ['desktop', DESKTOP],
  ['phone', PHONE],
] as const) {
  test(`what is reserved and what is at risk are shown on a ${size}, with their numbers and without barriers`, async ({
    browser,
  }) => {
    const options = { viewport, colorScheme: size === 'phone' ? 'dark' : 'light' } as const
    const { page, complaints } = await openConsole(browser, `${madeUp.url}/pools?mock=degraded`, options)
    await expect(page.getByRole('img', { name: /Partner’s free 1,414, Reserved 34/u })).toBeVisible()
    await isShownWhole(page)
    await hasNoBarriers(page)
    await takePicture(page, `reserved-${size}`)
    await page.goto(`${madeUp.url}/relationships`)
    await page.getByRole('button', { name: 'Declare beta down…' }).first().click()
    const atRisk = page.getByRole('alertdialog').getByRole('region', { name: 'Leases at risk' })
    await expect(atRisk).toContainText(/1, as beta last said .+ ago/u)
    await expect(atRisk).toContainText(
      /[\d,]+ in use or just ended, extended by up to 1 min beyond what alpha acknowledged/u,
    )
    await expect(atRisk).toContainText('524,240 prefixes')
    await isShownWhole(page)
    await hasNoBarriers(page)
    await takePicture(page, `at-risk-${size}`)
    expect(complaints).toEqual([])
    await page.context().close()
  })
}
