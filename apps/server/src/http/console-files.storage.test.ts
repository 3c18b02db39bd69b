/** The console's files are for everybody; the pages of the console are one page; nothing else is served. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, writeConsole } from './test-support/api-fixture.ts'
import type { ApiFixture } from './test-support/api-fixture.ts'
import { ApiNotStarted, startApi } from './start-api.ts'

let api: ApiFixture
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(async () => api.close())

describe('the console', () => {
  it('says how to build it when it is not built', async () => {
    const response = await api.get('/')
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('npm start')
  })

  it('is one page for every path of its own, and files for the rest, without a session', async () => {
    const folder = join(api.folder, 'console')
    mkdirSync(join(folder, 'assets'), { recursive: true })
    writeConsole(folder, { 'index.html': '<!doctype html><title>console</title>', 'assets/main-1a2b.js': 'run()' })
    for (const path of ['/', '/leases', '/relationships/main']) {
      const response = await api.get(path)
      expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-cache'])
      expect(await response.text()).toContain('<title>console</title>')
    }
    const script = await api.get('/assets/main-1a2b.js')
    expect(await script.text()).toBe('run()')
    expect(script.headers.get('cache-control')).toContain('immutable')
    expect((await api.get('/assets/missing.js')).status).toBe(404)
    expect((await api.get('/..%2f..%2fbeta.db')).status).toBeGreaterThanOrEqual(400)
  })

  it('sends scripts as the build has packed them to whoever can unpack them, and as they are to others', async () => {
    const script = 'say("packed once")'
    const folder = join(api.folder, 'console')
    mkdirSync(join(folder, 'assets'), { recursive: true })
    writeConsole(folder, { 'assets/packed-3c4d.js': script })
    writeFileSync(join(folder, 'assets/packed-3c4d.js.gz'), gzipSync(script))
    const packed = await api.get('/assets/packed-3c4d.js')
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect(packed.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(packed.headers.get('cache-control')).toContain('immutable')
    expect(packed.headers.get('vary')).toContain('Accept-Encoding')
    expect(await packed.text()).toBe(script)
    const plain = await fetch(`${api.url}/assets/packed-3c4d.js`, { headers: { 'accept-encoding': 'identity' } })
    expect(plain.headers.get('content-encoding')).toBeNull()
    expect(await plain.text()).toBe(script)
  })

  it('comes with a policy that runs nothing from elsewhere and nothing inline', async () => {
    const response = await api.get('/')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toContain('unsafe')
    expect(policy).toContain("frame-ancestors 'none'")
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('x-powered-by')).toBeNull()
  })
})

describe('starting', () => {
  const elsewhere = async (host: string, port: number) => {
    const { configuration, ...rest } = api.options
    const node = { ...configuration.node, api: { host, port, tls: undefined } }
    return startApi({ ...rest, configuration: { ...configuration, node } })
  }

  it('is refused without TLS where others could listen', async () => {
    await expect(elsewhere('0.0.0.0', 0)).rejects.toThrow(ApiNotStarted)
    await expect(elsewhere('192.0.2.1', 0)).rejects.toThrow('may not listen on 192.0.2.1 port 0 without TLS')
  })

  it('says in a sentence that the port is taken', async () => {
    await expect(elsewhere('127.0.0.1', Number(new URL(api.url).port))).rejects.toThrow(
      /^Port \d+ on 127.0.0.1 is taken/,
    )
  })
})
