/** A console over TLS with a certificate that the server made: the fingerprint is the same wherever it is told. */
import { expect, test } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { startProgram } from '../topology/program.ts'
import { waitUntil } from '../topology/wait-until.ts'
import { DESKTOP, PHONE } from './console-page.ts'
import { hasNoBarriers, isShownWhole, takePicture } from './page-checks.ts'

const TANDEM = fileURLToPath(new URL('../../bin/tandem', import.meta.url))
const PORTS = { from: 22_000, to: 30_000 }

test('log, command line, browser and page tell the same fingerprint, and the page is live over TLS', async ({
  browser,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-own-certificate-'))
  const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from))
  const config = join(folder, 'gamma.yaml')
  writeFileSync(
    config,
    `node:
  name: gamma
  storage: 'file:./gamma.db'
  listeners: [{ address: '::1', port: ${port + 1}, replyTo: source }]
  api: { listen: '127.0.0.1:${port}', tls: { selfMade: tls, names: [console.example.com] } }
subnets:
  - { prefix: '2001:db8::/64', interfaces: [lo], addressPools: ['2001:db8::1000/116'] }
`,
  )
  const server = startProgram({ command: [TANDEM, 'serve', '--config', config], logFile: join(folder, 'gamma.log') })
  try {
    await waitUntil('gamma is ready', 30_000, () => /^ready /mu.test(server.output()))
    const logged = /CONSOLE_CERTIFICATE\b.*fingerprint=(\S+)/u.exec(server.output())?.[1]
    const told = execFileSync(TANDEM, ['console-certificate', '--config', config], { encoding: 'utf8', stdio: 'pipe' })
    expect(told.trim()).toBe(logged)
    expect(await fingerprintSeen(port)).toBe(logged)
    const context = await browser.newContext({ viewport: DESKTOP, ignoreHTTPSErrors: true })
    const page = await context.newPage()
    await page.goto(`https://127.0.0.1:${port}/account`)
    await page.getByLabel('One-time token').fill(/SETUP_TOKEN .* token=(\S+)/u.exec(server.output())?.[1] ?? '')
    await page.getByLabel('Your name here').fill('ada')
    await page.getByLabel('Password').fill('a long enough password')
    await page.keyboard.press('Enter')
    await expect(page.getByText('Live', { exact: true })).toBeVisible()
    await expect(page.getByText(logged ?? 'nothing')).toBeVisible()
    const [cookie] = (await context.cookies()).filter(({ name }) => name === 'tandem-gamma-session')
    expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Strict' })
    for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      await page.setViewportSize(viewport)
      await isShownWhole(page)
      await hasNoBarriers(page)
      await takePicture(page, `certificate-${size}`)
    }
    await context.close()
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

async function fingerprintSeen(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    // What a browser does before its user has decided: look, and trust nothing yet.
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256)
      socket.destroy()
    })
    socket.on('error', reject)
  })
}
