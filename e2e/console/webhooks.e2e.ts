/** Webhooks in the browser: made with their secret shown once, tried, begun again, removed; from the mock API, which keeps the contract. */
import { expect, test } from '@playwright/test'
import { DESKTOP, openConsole, PHONE } from './console-page.ts'
import { startMadeUpConsole, type MadeUpConsole } from './made-up-console.ts'
import { hasNoBarriers, isShownWhole, takePicture } from './page-checks.ts'

let madeUp: MadeUpConsole

test.beforeAll(async () => {
  test.setTimeout(120_000)
  madeUp = await startMadeUpConsole()
})

test.afterAll(async () => {
  await madeUp.close()
})

test('a webhook is made, tried, begun again and removed', async ({ browser }) => {
  const { page, complaints } = await openConsole(browser, `${madeUp.url}/access/webhooks?mock=normal`)
  const rowOf = (name: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) })

  await test.step('each says what it is sent and how it goes', async () => {
    await expect(rowOf('routes of the core')).toContainText('prefixes: assigned, ended')
    await expect(rowOf('routes of the core')).toContainText('All delivered')
    await expect(rowOf('inventory')).toContainText('Trying again')
    await expect(rowOf('inventory')).toContainText('4 times: it answered 503')
    for (const viewport of [DESKTOP, PHONE, { width: 320, height: 640 }]) {
      await page.setViewportSize(viewport)
      await isShownWhole(page)
      await takePicture(page, `webhooks-${viewport.width}`)
    }
    await hasNoBarriers(page)
    await page.setViewportSize(DESKTOP)
  })

  await test.step('one that says nothing of itself is tried', async () => {
    await rowOf('routes of the core').getByRole('button', { name: 'Try routes of the core' }).click()
    await expect(rowOf('routes of the core').getByRole('status')).toHaveText('Accepted with 204 after 12 ms')
    await rowOf('inventory').getByRole('button', { name: 'Try inventory' }).click()
    await expect(rowOf('inventory').getByRole('status')).toHaveText('Not accepted: it answered 503')
  })

  await test.step('one that was stopped is begun again', async () => {
    await expect(rowOf('old firewall')).toContainText('Stopped')
    await rowOf('old firewall').getByRole('button', { name: 'Send again to old firewall' }).click()
    await expect(rowOf('old firewall')).toContainText('All delivered')
  })

  await test.step('a new one shows its secret once', async () => {
    await page.getByRole('button', { name: 'Make a webhook…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Make the webhook' }).click()
    await expect(dialog).toContainText('Say it, so that others know')
    await dialog.getByLabel('Who receives them').fill('edge')
    await dialog.getByLabel('URL').fill('http://fw.example.net/')
    await dialog.getByRole('button', { name: 'Make the webhook' }).click()
    await expect(dialog.getByRole('alert')).toContainText('has to begin with https://')
    await takePicture(page, 'webhooks-dialog')
    await hasNoBarriers(page)
    await dialog.getByLabel('URL').fill('https://fw.example.net/')
    await dialog.getByRole('checkbox', { name: 'Renewed' }).click()
    await dialog.getByRole('button', { name: 'Make the webhook' }).click()
    const made = page.getByRole('alertdialog', { name: 'Secret of the webhook for edge' })
    await expect(made).toContainText('whsec_')
    await takePicture(page, 'webhooks-secret')
    await made.getByRole('button', { name: 'I have copied it' }).click()
    await expect(rowOf('edge')).toContainText('addresses and prefixes: assigned, ended')
    await expect(page.locator('body')).not.toContainText('whsec_')
  })

  await test.step('it is removed after a question', async () => {
    await rowOf('inventory').getByRole('button', { name: 'Remove the webhook for inventory' }).click()
    const question = page.getByRole('alertdialog', { name: 'Remove the webhook for inventory?' })
    await expect(question).toContainText('is not delivered at all')
    await question.getByRole('button', { name: 'Remove for good' }).click()
    await expect(rowOf('inventory')).toHaveCount(0)
  })
  expect(complaints).toEqual([])
  await page.context().close()
})

test('what to write to keep a lease for its client is shown on its page', async ({ browser }) => {
  const { page, complaints } = await openConsole(browser, `${madeUp.url}/leases/2001:db8:1::1007?mock=normal`)
  await page.getByRole('button', { name: 'Keep it for this client…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Keep 2001:db8:1::1007 for its client' })
  await expect(dialog).toContainText(/- \{ duid: '[0-9a-f:]+', address: '2001:db8:1::1007'/u)
  await expect(dialog).toContainText('in the files of both servers')
  await hasNoBarriers(page)
  for (const viewport of [DESKTOP, PHONE]) {
    await page.setViewportSize(viewport)
    await takePicture(page, `reserve-${viewport.width}`)
  }
  await dialog.getByRole('button', { name: 'Close' }).click()
  expect(complaints).toEqual([])
  await page.context().close()
})
