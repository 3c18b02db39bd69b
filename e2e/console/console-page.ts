/** One console in one browser: signing in, the keyboard, and what a page may never do (errors, reloads, forbidden loads). */
import type { Browser, BrowserContextOptions, Locator, Page } from '@playwright/test'
import { expect } from '@playwright/test'
import type { Credentials } from './api-session.ts'

export interface ConsolePage {
  readonly page: Page
  /** Errors of scripts and of the content security policy since the page was opened. */
  readonly complaints: readonly string[]
  /** What Chromium says of each answer that is no success. */
  readonly failedLoads: readonly string[]
  /** True as long as the document that was opened is the one that is shown. */
  readonly wasNeverReloaded: () => Promise<boolean>
}

export const DESKTOP = { width: 1366, height: 768 } as const
export const PHONE = { width: 390, height: 844 } as const
/** A window of 1280 pixels at 400 % (WCAG 2.2, 1.4.10). */
export const REFLOW = { width: 320, height: 640 } as const

const FAILED_LOAD = /^Failed to load resource/u

export async function openConsole(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<ConsolePage> {
  const context = await browser.newContext({ viewport: DESKTOP, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  const failedLoads: string[] = []
  page.on('console', (message) => {
    if (message.type() !== 'error') return
    const isFailedLoad = FAILED_LOAD.test(message.text())
    if (isFailedLoad) failedLoads.push(`${message.location().url}: ${message.text()}`)
    else complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url)
  await page.evaluate(() => Object.assign(window, { openedByTest: true }))
  return { page, complaints, failedLoads, wasNeverReloaded: () => page.evaluate(() => 'openedByTest' in window) }
}

export async function signIn(page: Page, { user, password }: Credentials): Promise<void> {
  await page.getByLabel('Name').fill(user)
  await page.getByLabel('Password').fill(password)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible()
}

const STOPS_MAX = 120

/** Nothing but the keyboard: fails if the way does not come by. */
export async function moveFocusTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press(key)
  }
  await expect(target, `reached by ${key}`).toBeFocused()
}

/** The badge of a state, wherever it stands on the page; transitions of the past are in tables. */
export function stateBadge(page: Page, server: ServerSide, state: string): Locator {
  return page
    .locator('.pair-server')
    .nth(server === 'this' ? 0 : 1)
    .getByText(state, { exact: true })
}

export type ServerSide = 'this' | 'partner'
