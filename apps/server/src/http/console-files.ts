/** The console's files: what the build made, and its one page for every path that is neither a file nor the API. */
import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { NestExpressApplication } from '@nestjs/platform-express'
import type { RequestHandler } from 'express'
import serveStatic from 'serve-static'

/** As deep from `src/http` as from `dist/http`. */
export const CONSOLE_FOLDER = fileURLToPath(new URL('../../../dashboard/dist', import.meta.url))

const NOT_BUILT = 'The console is not built: run `npm start`, or `pnpm build`, in the folder of the workspace.\n'

const PACKED = '.gz'
/** What the build packs; of the API nothing is, whose answers hold secrets beside what a stranger may choose. */
const PACKED_FILE = /^\/assets\/[\w.-]+\.(?<kind>js|css)$/u
const CONTENT_TYPES = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' } as const

export function serveConsole(application: NestExpressApplication, folder: string): void {
  application.use(packedInstead(folder))
  application.use(outsideTheApi(filesIn(folder)))
  application.use(outsideTheApi(onePage(join(folder, 'index.html'))))
}

/** No request of the API is looked for on the disk first. */
function outsideTheApi(handler: RequestHandler): RequestHandler {
  return (request, response, next) =>
    request.path === '/api' || request.path.startsWith('/api/') ? next() : handler(request, response, next)
}

function filesIn(folder: string): RequestHandler {
  return serveStatic(folder, {
    index: false,
    // Names under assets/ carry a hash of their content.
    setHeaders: (response, path) => {
      const forEver = path.includes('/assets/')
      response.setHeader('Cache-Control', forEver ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}

/** A third of the octets, packed once by the build and not again by a server that has clients to answer. */
function packedInstead(folder: string): RequestHandler {
  return (request, response, next) => {
    const kind = PACKED_FILE.exec(request.path)?.groups?.['kind']
    if (kind !== 'js' && kind !== 'css') return next()
    response.vary('Accept-Encoding')
    const isThere = request.acceptsEncodings('gzip') === 'gzip' && existsSync(join(folder, request.path + PACKED))
    if (!isThere) return next()
    request.url = request.path + PACKED
    response.setHeader('Content-Encoding', 'gzip')
    response.setHeader('Content-Type', CONTENT_TYPES[kind])
    return next()
  }
}

function onePage(page: string): RequestHandler {
  return (request, response, next) => {
    const isPage = request.method === 'GET' || request.method === 'HEAD'
    if (!isPage) return next()
    // A missing file is missing: only what looks like a page of the console is one.
    if (/\.[a-z0-9]+$/i.test(request.path)) return next()
    if (!existsSync(page)) {
      response.status(503).type('text/plain').send(NOT_BUILT)
      return undefined
    }
    response.setHeader('Cache-Control', 'no-cache')
    response.type('html')
    if (request.method === 'HEAD') response.end()
    else createReadStream(page).on('error', next).pipe(response)
    return undefined
  }
}
