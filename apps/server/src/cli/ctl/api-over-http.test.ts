/** How the command line reaches a server: over TLS with a private authority, and what it says when it cannot. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { makeCertificates } from '../../certificates/make-certificates.ts'
import type { CertificateFiles } from '../../certificates/make-certificates.ts'
import { apiOverHttp } from './api-over-http.ts'

let folder = ''
let files: CertificateFiles
const servers: Server[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-ctl-'))
  files = await makeCertificates({ folder, names: ['localhost', 'alpha'], nowMs: Date.now() })
})
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

const up: RequestListener = (request, response) => {
  const known = request.headers.authorization === 'Bearer tandem_secret'
  response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' })
  response.end(known ? '{"status":"up"}' : '{}')
}

async function listening(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function overTls(name: string): Promise<number> {
  const own = files.servers.find((each) => each.name === name)
  if (own === undefined) throw new Error(`no certificate for ${name}`)
  const material = { cert: readFileSync(own.certificate), key: readFileSync(own.key) }
  return listening(createSecureServer(material, up))
}

const healthAt = async (url: string, ca: string | undefined, timeoutSeconds = 5) =>
  apiOverHttp({ url, token: 'tandem_secret', ca }, timeoutSeconds, 1).getHealth()

test('a server is trusted by the authority that is named, and by none that is not', async () => {
  const url = `https://localhost:${await overTls('localhost')}`
  expect(await healthAt(url, readFileSync(files.authority, 'utf8'))).toEqual({ status: 'up' })
  await expect(healthAt(url, undefined)).rejects.toThrow(/is signed by no authority that is trusted here .* --ca\.$/)
})

test('a certificate for another name is refused', async () => {
  const url = `https://localhost:${await overTls('alpha')}`
  await expect(healthAt(url, readFileSync(files.authority, 'utf8'))).rejects.toThrow('is for another name')
})

test('a server that is silent, one that is not there and one of another kind are told apart', async () => {
  const silent = await listening(createServer(() => undefined))
  await expect(healthAt(`http://127.0.0.1:${silent}`, undefined, 0.2)).rejects.toThrow('has not answered within 0.2 s')
  await expect(healthAt('http://127.0.0.1:1', undefined)).rejects.toThrow('cannot be reached (ECONNREFUSED)')
  const other = await listening(createServer((_request, response) => response.end('<html>hello</html>')))
  await expect(healthAt(`http://127.0.0.1:${other}`, undefined)).rejects.toThrow('is of another version of the API')
})
