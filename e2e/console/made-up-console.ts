/** The console on its mock API, for what a real pair does not show at will: built as for development, and handed out as files. */
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

const DASHBOARD = fileURLToPath(new URL('../../apps/dashboard', import.meta.url))
const FILES = join(DASHBOARD, 'dist-mock')
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

export interface MadeUpConsole {
  readonly url: string
  close(): Promise<void>
}

export async function startMadeUpConsole(): Promise<MadeUpConsole> {
  const vite = join(DASHBOARD, 'node_modules', 'vite', 'bin', 'vite.js')
  execFileSync(process.execPath, [vite, 'build', '--mode', 'mock', '--logLevel', 'error'], { cwd: DASHBOARD })
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    // What is no file is a page, as on the real server.
    const file = extname(pathname) === '' ? '/index.html' : normalize(pathname)
    readFile(join(FILES, file)).then(
      (content) => response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream').end(content),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
