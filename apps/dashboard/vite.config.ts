/** The console's build: static files that the server hands out. In mode `mock` the API is played by src/mock-api, for development and pictures. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import type { Plugin } from 'vite'

const server = process.env['TANDEM_CONSOLE'] ?? 'http://127.0.0.1:8067'

function source(name: string): string {
  return fileURLToPath(new URL(`../../packages/${name}/src/index.ts`, import.meta.url))
}

/** Starts the page from the mock and hands out its service worker; in no other mode does either exist. */
function mockApi(): Plugin {
  const workerSource = (): string =>
    readFileSync(fileURLToPath(import.meta.resolve('msw/mockServiceWorker.js')), 'utf8')
  return {
    name: 'tandem-mock-api',
    transformIndexHtml: { order: 'pre', handler: (html) => html.replace('/src/main.tsx', '/src/mock-api/start.ts') },
    configureServer: ({ middlewares }) => {
      middlewares.use('/mockServiceWorker.js', (_request, response) => {
        response.setHeader('Content-Type', 'text/javascript').end(workerSource())
      })
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'mockServiceWorker.js', source: workerSource() })
    },
  }
}

/** Each script and style sheet once more, packed: the server sends that one to browsers. */
function packed(): Plugin {
  return {
    name: 'tandem-packed',
    apply: 'build',
    writeBundle({ dir = '' }, bundle) {
      for (const name of Object.keys(bundle).filter((each) => /^assets\/.*\.(?:js|css)$/u.test(each))) {
        writeFileSync(join(dir, `${name}.gz`), gzipSync(readFileSync(join(dir, name)), { level: 9 }))
      }
    },
  }
}

interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [part: string]: unknown
}

/** The contract says of each route and field what it is: for its documents, which the server hands out, and not for browsers. */
function withoutProse(): Plugin {
  return {
    name: 'tandem-without-prose',
    apply: 'build',
    enforce: 'post',
    transform(code, id) {
      if (!id.includes('/packages/api-contract/src/')) return null
      const cuts: Cut[] = []
      findProse(this.parse(code), cuts)
      let left = code
      // From the end, so that what is before keeps its place; no two of them overlap.
      for (const { start, end, put } of cuts.sort((one, other) => other.start - one.start)) {
        left = left.slice(0, start) + put + left.slice(end)
      }
      return { code: left, map: null }
    },
  }
}

interface Cut {
  readonly start: number
  readonly end: number
  readonly put: string
}

/** `.describe('…')` and `.meta({…})` of a schema, `summary` and `description` of a route. */
function findProse(part: unknown, cuts: Cut[]): void {
  if (Array.isArray(part)) return part.forEach((each) => findProse(each, cuts))
  if (!isNode(part)) return
  const { callee, arguments: given, key, value } = part
  if (part.type === 'CallExpression' && isNode(callee) && Array.isArray(given) && given.length > 0) {
    const { object: schema, property: method } = callee
    if (isNode(schema) && isNamed(method, 'describe', 'meta')) {
      cuts.push({ start: schema.end, end: part.end, put: '' })
      return findProse(schema, cuts)
    }
  }
  if (part.type === 'Property' && isNamed(key, 'summary', 'description') && isText(value)) {
    cuts.push({ start: value.start, end: value.end, put: "''" })
    return
  }
  for (const each of Object.values(part)) findProse(each, cuts)
}

function isNode(part: unknown): part is SyntaxNode {
  return typeof part === 'object' && part !== null && 'type' in part && 'start' in part
}

function isNamed(part: unknown, ...names: readonly string[]): boolean {
  return isNode(part) && part.type === 'Identifier' && names.includes(String(part['name']))
}

function isText(part: unknown): part is SyntaxNode {
  return isNode(part) && ['Literal', 'BinaryExpression', 'TemplateLiteral'].includes(part.type)
}

export default defineConfig(({ mode }) => ({
  plugins: [react(), packed(), withoutProse(), ...(mode === 'mock' ? [mockApi()] : [])],
  // Our packages are read from source by name: the `source` condition would pick that of other libraries too.
  resolve: { alias: { '@tandem/api-contract': source('api-contract'), '@tandem/protocol': source('protocol') } },
  // Older targets would have the colours written twice; these browsers know light-dark().
  build: {
    outDir: mode === 'mock' ? 'dist-mock' : 'dist',
    emptyOutDir: true,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
  },
  server: {
    host: '127.0.0.1',
    proxy:
      mode === 'mock' ? {} : { '/api': { target: server, ws: true, changeOrigin: true, headers: { origin: server } } },
  },
}))
