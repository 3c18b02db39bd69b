/** A declined address: in quarantine on both servers, given to nobody, brought back by an operator in the console, and ended by one (RFC 8156 section 7.2). */
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { firstSignIn, openBrowser, type FirstSignIn } from '../console/first-sign-in.ts'
import { AskingClient } from '../loopback-pair/asking-client.ts'
import { leaseText } from '../loopback-pair/client-message.ts'
import { makeLoopbackPair, type LoopbackPair } from '../loopback-pair/loopback-pair.ts'
import { waitUntil } from '../topology/wait-until.ts'

let pair: LoopbackPair | undefined
let passed = false
const clients: AskingClient[] = []

afterAll(async () => {
  for (const client of clients) client.close()
  await pair?.end()
  if (passed) pair?.remove()
  else console.log(`logs and databases in ${pair?.folder ?? 'no folder'}`)
})

test('is given to nobody until an operator says that nothing uses it, then to a client again', async () => {
  const { alpha, beta } = await startPair()
  const finder = await newClient(1)
  const { lease, by } = await finder.acquire(alpha)
  const address = leaseText(lease)
  await finder.ask(alpha, 'decline', { named: by, leases: [lease] })
  await untilState(address, 'abandoned')

  // Who found it in use gets another one, and so does whoever asks the other server for it.
  expect(leaseText((await finder.acquire(alpha)).lease)).not.toBe(address)
  await alpha.kill()
  await alpha.start()
  await pair?.untilNormal(60_000)
  expect(await stateOn('alpha', address), 'after a restart').toBe('abandoned')

  const browser = await openBrowser()
  try {
    const { page, picture } = await firstSignIn(browser, { apiPort: beta.place.apiPort, output: beta.output() })
    await page.goto(`http://127.0.0.1:${beta.place.apiPort}/leases/${address}`)
    await page.getByRole('button', { name: 'Bring back into use…' }).waitFor()
    await picture('quarantine-lease')
    await page.getByRole('button', { name: 'Bring back into use…' }).click()
    const dialog = page.getByRole('alertdialog', { name: `Bring ${address} back into use?` })
    await dialog.waitFor()
    const act = dialog.getByRole('button', { name: 'Bring back' })
    expect(await act.isDisabled(), 'without a reason').toBe(true)
    await dialog.getByLabel('How do you know').fill('the printer that used it has left')
    await picture('quarantine-dialog')
    await act.click()
    await dialog.waitFor({ state: 'detached' })
    await untilState(address, 'free')
    await page.goto(`http://127.0.0.1:${beta.place.apiPort}/audit`)
    await page.getByText('the printer that used it has left').first().waitFor()
    await picture('quarantine-audit')

    // It is of the primary's half and free: asked for by name, it is given.
    const next = await newClient(2)
    const { server: serverId } = await next.ask(alpha, 'solicit', { leases: [lease] })
    const reply = await next.ask(alpha, 'request', { named: serverId, leases: [lease] })
    expect(reply.grants.map((grant) => [leaseText(grant.lease), grant.validSeconds > 0])).toEqual([[address, true]])
    await untilState(address, 'active')
    await releaseInConsole({ page, picture }, `http://127.0.0.1:${beta.place.apiPort}/leases/${address}`, address)
    passed = true
  } finally {
    await browser.close()
  }
})

/** By the server that did not give it: the same lease, now that its client is gone. */
async function releaseInConsole({ page, picture }: FirstSignIn, url: string, address: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: 'Release…' }).click()
  const dialog = page.getByRole('alertdialog', { name: `Release ${address}?` })
  await dialog.getByLabel('How do you know').fill('the laptop was stolen')
  await dialog.getByRole('button', { name: 'Release' }).click()
  // A client that was heard just now is not gone.
  await dialog.getByText(/was heard \d s ago/).waitFor()
  await picture('release-refused')
  await delay(6_000)
  await dialog.getByRole('button', { name: 'Release' }).click()
  await dialog.waitFor({ state: 'detached' })
  await untilState(address, 'free')
  await picture('release-done')
}

async function startPair(): Promise<LoopbackPair> {
  pair = await makeLoopbackPair({
    name: 'quarantine',
    relationship: { startup: '2s', reconnect: '1s', reconnectAfterRefusal: '1s' },
  })
  await pair.start()
  await pair.untilNormal(60_000)
  return pair
}

async function newClient(index: number): Promise<AskingClient> {
  const client = await AskingClient.start(index)
  clients.push(client)
  return client
}

async function stateOn(name: 'alpha' | 'beta', address: string): Promise<string> {
  if (pair === undefined) throw new Error('the pair runs')
  return (await pair[name].api.getLease({ params: { address } })).state
}

/** On both servers. */
async function untilState(address: string, wanted: string): Promise<void> {
  await waitUntil(`${address} is ${wanted} on both`, 20_000, async () => {
    const states = await Promise.all((['alpha', 'beta'] as const).map((name) => stateOn(name, address)))
    if (states.some((state) => state !== wanted)) throw new Error(states.join(', '))
    return true
  })
}
