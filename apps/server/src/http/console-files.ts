/** The console's files: what the build made, and its one page for every path that is neither a file nor the API. */
import { createReadStream, existsSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { NestExpressApplication } from '@nestjs/platform-express'
import type { RequestHandler } from 'express'

/** As deep from `src/http` as from `dist/http`. */
export const CONSOLE_FOLDER = fileURLToPath(new URL('../../../dashboard/dist', import.meta.url))

const NOT_BUILT = 'The console is not built: run `npm start`, or `pnpm build`, in the folder of the workspace.\n'

export function serveConsole(application: NestExpressApplication, folder: string): void {
  application.useStaticAssets(folder, {
    index: false,
    // Names under assets/ carry a hash of their content.
    setHeaders: (response: ServerResponse, path) => {
      const forEver = path.includes('/assets/')
      response.setHeader('Cache-Control', forEver ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  application.use(onePage(join(folder, 'index.html')))
}

function onePage(page: string): RequestHandler {
  return (request, response, next) => {
    const isPage = request.method === 'GET' || request.method === 'HEAD'
    if (!isPage || request.path === '/api' || request.path.startsWith('/api/')) return next()
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
