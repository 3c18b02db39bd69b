/** /api/openapi.json with the page that shows it at /api/docs, and /api/asyncapi.json for the live stream; all of it is served from here, nothing from elsewhere. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { buildAsyncApi, buildOpenApi } from '@tandem/api-contract'
import type { OpenApiFacts } from '@tandem/api-contract'
import type { RequestHandler } from 'express'

const FILES: ReadonlySet<string> = new Set(['swagger-ui.css', 'swagger-ui-bundle.js'])

/** No inline script: the page obeys the same content security policy as the console. */
function page(serverName: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>API of ${serverName} - Tandem</title>
    <link rel="icon" href="/favicon.svg" />
    <link rel="stylesheet" href="/api/docs/swagger-ui.css" />
  </head>
  <body>
    <main id="api"></main>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/start.js"></script>
  </body>
</html>
`
}

const START = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  validatorUrl: null,
})
`

export function serveApiDocs(application: NestExpressApplication, facts: OpenApiFacts): void {
  const document = JSON.stringify(buildOpenApi(facts))
  const streamDocument = JSON.stringify(buildAsyncApi(facts))
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  const html = page(facts.serverName)
  const answers: Readonly<Record<string, RequestHandler>> = {
    '/api/openapi.json': (_request, response) => {
      response.type('application/json').send(document)
    },
    '/api/asyncapi.json': (_request, response) => {
      response.type('application/json').send(streamDocument)
    },
    '/api/docs': (_request, response) => {
      response.type('html').send(html)
    },
    '/api/docs/start.js': (_request, response) => {
      response.type('text/javascript').send(START)
    },
  }
  application.use(((request, response, next) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const answer = isRead ? answers[request.path.replace(/\/$/, '')] : undefined
    if (answer !== undefined) return answer(request, response, next)
    const file = request.path.startsWith('/api/docs/') ? request.path.slice('/api/docs/'.length) : ''
    if (!isRead || !FILES.has(file)) return next()
    response.sendFile(join(folder, file), { dotfiles: 'allow' })
    return undefined
  }) satisfies RequestHandler)
}
