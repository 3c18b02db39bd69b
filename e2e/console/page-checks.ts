/** What every page of the console has to stand up to, and pictures of it for whoever wants to look. */
import { AxeBuilder } from '@axe-core/playwright'
import { expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import { join } from 'node:path'

/** A folder for a picture of every page in both themes and sizes. */
const picturesFolder = process.env['TANDEM_PICTURES']

/** Nothing is still being asked for, and nothing sticks out to the right. */
export async function isShownWhole(page: Page): Promise<void> {
  await expect(page.locator('h1, h2').first()).toBeAttached()
  await expect(page.getByText(/^Loading/u)).toHaveCount(0)
  const width = await page.evaluate(() => ({ content: document.documentElement.scrollWidth, window: innerWidth }))
  expect(width.content, 'no scrolling to the right').toBeLessThanOrEqual(width.window)
}

export async function hasNoBarriers(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const barriers = violations.map(
    ({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map(({ html }) => html).join(' ')}`,
  )
  expect(barriers).toEqual([])
}

export async function takePicture(page: Page, name: string): Promise<void> {
  if (picturesFolder === undefined) return
  await page.screenshot({ path: join(picturesFolder, `${name}.png`), animations: 'disabled' })
}
