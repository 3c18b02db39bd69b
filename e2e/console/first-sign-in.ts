/** The console of a server that nobody has signed in to yet: the first administrator is made with the token from its log. */
import { chromium, type Browser, type Page } from '@playwright/test'
import { DESKTOP, PHONE } from './console-page.ts'
import { launchOptions } from './launch-options.ts'

/** Signed in, on the first page. */
export interface FirstSignIn {
  readonly page: Page
  /** At 1366x768 and 390x844, into the folder that TANDEM_PICTURES names, if it names one. */
  readonly picture: (name: string) => Promise<void>
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch(launchOptions())
}

export async function firstSignIn(browser: Browser, server: { apiPort: number; output: string }): Promise<FirstSignIn> {
  const token = /SETUP_TOKEN .* token=(\S+)/.exec(server.output)?.[1]
  if (token === undefined) throw new Error('the log has no set-up token')
  const context = await browser.newContext({ viewport: DESKTOP })
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${server.apiPort}/`)
  await page.getByLabel('One-time token').fill(token)
  await page.getByLabel('Your name here').fill('first')
  await page.getByLabel('Password').fill('a long enough password')
  await page.keyboard.press('Enter')
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
  return { page, picture: (name) => takePictures(page, name) }
}

async function takePictures(page: Page, name: string): Promise<void> {
  const folder = process.env['TANDEM_PICTURES']
  if (folder === undefined) return
  for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    await page.setViewportSize(viewport)
    await page.screenshot({ path: `${folder}/${name}-${size}.png`, fullPage: true })
  }
  await page.setViewportSize(DESKTOP)
}
