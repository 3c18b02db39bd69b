/** The document that is built from the routes is complete and refers to nothing that it does not hold. */
import { describe, expect, it } from 'vitest'
import { buildOpenApi } from './openapi.ts'
import type { RouteDefinition } from './define-route.ts'
import { routes } from './resources/index.ts'

const document = buildOpenApi({ version: '1.2.3', serverName: 'alpha' })
const text = JSON.stringify(document)

describe('the OpenAPI document', () => {
  it('stands in docs/generated, so that a change of the API is seen where it is made', async () => {
    await expect(`${JSON.stringify(document, undefined, 2)}\n`).toMatchFileSnapshot(
      '../../../docs/generated/openapi.json',
    )
  })

  it('has an operation for every route', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.keys(path))
    expect(operations).toHaveLength(Object.keys(routes).length)
    for (const route of Object.values<RouteDefinition>(routes)) {
      const path = route.path.replace(/:(\w+)/g, '{$1}')
      expect(document.paths[path]?.[route.method.toLowerCase()]?.['summary']).toBe(route.summary)
    }
  })

  it('resolves each of its references', () => {
    const references = [...text.matchAll(/"\$ref":"#\/components\/([^"]+)"/g)].map(([, path]) => path ?? '')
    expect(references.length).toBeGreaterThan(30)
    for (const path of references) expect(document.components).toHaveProperty(path.split('/'))
    expect(text).not.toContain('$defs')
  })

  it('names each parameter of a path exactly once', () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      for (const operation of Object.values(operations)) {
        const parameters = operation['parameters'] as readonly { readonly in: string; readonly name: string }[]
        expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(inPath)
      }
    }
  })

  it('shows an example of every body and of every answer', () => {
    const contents = Object.values(document.paths)
      .flatMap((operations) => Object.values(operations))
      .flatMap(({ requestBody, responses }) => [
        requestBody,
        ...Object.entries(responses as object)
          .filter(([status]) => status.startsWith('2'))
          .map(([, response]) => response as unknown),
      ])
      .flatMap((part) => {
        const content = (part as { content?: Record<string, object> } | undefined)?.content
        return content === undefined ? [] : Object.values(content)
      })
    expect(contents.length).toBeGreaterThan(30)
    for (const content of contents) expect(content).toHaveProperty('example')
  })

  it('says of each route how it may be refused', () => {
    const refusals = (path: string, method: string) =>
      Object.keys(document.paths[path]?.[method]?.['responses'] as object).filter((status) => /^[45]/.test(status))
    expect(refusals('/health', 'get')).toEqual(['429', '503'])
    expect(refusals('/leases', 'get')).toEqual(['401', '403', '422', '429', '503'])
    expect(refusals('/leases/{address}/reset', 'post')).toEqual([
      '400',
      '401',
      '403',
      '404',
      '409',
      '412',
      '413',
      '415',
      '422',
      '429',
      '503',
    ])
  })

  it('says that a default need not be sent, and that a cursor is optional', () => {
    const leases = document.paths['/leases']?.['get']?.['parameters'] as readonly { name: string; required: boolean }[]
    expect(leases.map(({ name }) => name)).toEqual([
      'cursor',
      'limit',
      'sort',
      'address',
      'duid',
      'subnet',
      'state',
      'kind',
      'relationship',
      'iaid',
      'hostName',
      'relay',
    ])
    expect(leases.every(({ required }) => !required)).toBe(true)
    expect(document.components.schemas['DeclarePartnerDown']).toMatchObject({ required: ['reason', 'seenState'] })
  })

  it('asks for a session or token everywhere but on open routes', () => {
    const open = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([, operation]) => (operation['security'] as readonly unknown[]).length === 0)
        .map(([method]) => `${method} ${path}`),
    )
    expect(open.toSorted()).toEqual([
      'get /health',
      'get /readiness',
      'get /setup',
      'post /session',
      'post /session/from-partner',
      'post /setup',
    ])
  })
})
