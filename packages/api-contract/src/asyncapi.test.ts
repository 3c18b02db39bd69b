/** The document of the live stream names every message, and refers to nothing that it does not hold. */
import { describe, expect, it } from 'vitest'
import { buildAsyncApi } from './asyncapi.ts'
import { objectOf } from './json-schemas.ts'
import type { Json } from './json-schemas.ts'
import { LiveClientMessage, LiveEvent, LiveServerMessage } from './live-events.ts'

const document = buildAsyncApi({ version: '1.2.3', serverName: 'alpha' })
const text = JSON.stringify(document)

describe('the AsyncAPI document', () => {
  it('has every message, each with a summary, a payload and an example, in the operation of who says it', () => {
    const said = (options: readonly { readonly shape: { readonly event: { readonly value: string } } }[]) =>
      options.map(({ shape }) => shape.event.value)
    const [server, client] = [said(LiveServerMessage.options), said(LiveClientMessage.options)]
    expect(Object.keys(document.components.messages)).toEqual([...server, ...client])
    for (const message of Object.values(document.components.messages)) {
      const { summary, payload, examples } = objectOf(message)
      expect([typeof summary, typeof payload]).toEqual(['string', 'object'])
      expect(examples).not.toEqual([])
    }
    const named = (operation: string) => JSON.stringify(objectOf(document.operations[operation])['messages'])
    for (const name of server) expect(named('tell')).toContain(`/${name}"`)
    for (const name of client) expect(named('wish')).toContain(`/${name}"`)
  })

  it('has every event, each with a word about it', () => {
    const event = objectOf(document.components.schemas['LiveEvent'])
    const options = event['oneOf'] ?? event['anyOf']
    if (!Array.isArray(options)) throw new Error('the events are a union')
    expect(options).toHaveLength(LiveEvent.options.length)
    for (const option of options as readonly Json[]) expect(objectOf(option)['description']).toBeTypeOf('string')
  })

  it('resolves each of its references', () => {
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? '')
    expect(references.length).toBeGreaterThan(30)
    for (const path of new Set(references)) {
      const found = path.split('/').reduce<unknown>((at, key) => objectOf(at as never)[key], document)
      expect(found, path).toBeDefined()
    }
    expect(text).not.toContain('$defs')
  })

  it('says what the closing codes mean', () => {
    expect(document.info['description']).toContain('- 4002: too slow')
  })
})
