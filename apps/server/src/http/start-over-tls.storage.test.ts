/** Console and API over TLS with a certificate that the server made, and never in the clear on the network. */
import { readFileSync } from 'node:fs'
import { get } from 'node:https'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ApiListener } from '../configuration/server-configuration.ts'
import { ApiNotStarted, startApi } from './start-api.ts'
import type { RunningApi } from './start-api.ts'
import { startTestApi } from './test-support/api-fixture.ts'
import type { ApiFixture } from './test-support/api-fixture.ts'

let api: ApiFixture
let running: RunningApi | undefined
beforeEach(async () => {
  api = await startTestApi()
})
afterEach(async () => {
  await running?.close()
  running = undefined
  await api.close()
})

async function startWith(listener: Partial<ApiListener>): Promise<RunningApi> {
  const { configuration } = api.options
  const node = { ...configuration.node, api: { host: '127.0.0.1', port: 0, tls: undefined, ...listener } }
  running = await startApi({ ...api.options, configuration: { ...configuration, node } })
  return running
}

it('serves with the certificate that it made, tells its fingerprint, and says that nothing else is to be spoken', async () => {
  const certificateFile = join(api.folder, 'tls', 'beta-console.pem')
  const tls = { certificateFile, keyFile: join(api.folder, 'tls', 'beta-console.key'), selfMade: { names: [] } }
  const { url } = await startWith({ tls })
  expect(url).toMatch(/^https:/)
  const token = await api.token('viewer')
  const { body, headers } = await new Promise<{ body: string; headers: Readonly<Record<string, unknown>> }>(
    (resolve, reject) => {
      const options = { ca: readFileSync(certificateFile), headers: { authorization: `Bearer ${token}` }, agent: false }
      get(`${url}/api/v1/server`, options, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => resolve({ body: Buffer.concat(parts).toString(), headers: response.headers }))
      }).on('error', reject)
    },
  )
  const told = api.log.find(({ id }) => id === 'CONSOLE_CERTIFICATE')?.fields['fingerprint']
  expect(JSON.parse(body)).toMatchObject({ consoleCertificate: { fingerprint: told, selfMade: true } })
  expect(headers['strict-transport-security']).toContain('max-age=')
})

it.each(['0.0.0.0', '::', '192.0.2.1'])('does not start in the clear on %s, and says what to do', async (host) => {
  await expect(startWith({ host })).rejects.toThrow(ApiNotStarted)
  await expect(startWith({ host })).rejects.toThrow(/without TLS.*node\.api\.tls.*selfMade.*node\.api\.listen/)
})

it('says on loopback that there is no certificate', async () => {
  const response = await api.get('/api/v1/server', await api.token('viewer'))
  expect(await response.json()).toMatchObject({ consoleCertificate: null })
})
