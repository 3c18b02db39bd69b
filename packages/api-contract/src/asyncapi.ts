/** The AsyncAPI 3.0 document of the live stream, built from the schemas of its messages; nothing of it is written by hand. */
import type * as z from 'zod'
import { messageExamples } from './examples/message-examples.ts'
import { JsonSchemas } from './json-schemas.ts'
import type { Json, JsonObject } from './json-schemas.ts'
import { LIVE_HISTORY_SECONDS, LIVE_PATH, LiveClientMessage, LiveCloseCode, LiveServerMessage } from './live-events.ts'
import type { OpenApiFacts } from './openapi.ts'

export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0'
  readonly info: JsonObject
  readonly defaultContentType: string
  readonly servers: JsonObject
  readonly channels: { readonly live: { readonly address: string; readonly messages: JsonObject } & JsonObject }
  readonly operations: JsonObject
  readonly components: {
    readonly messages: JsonObject
    readonly schemas: JsonObject
    readonly securitySchemes: JsonObject
  }
}

const closeCodes = Object.entries(LiveCloseCode)
  .map(([name, code]) => `- ${code}: ${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`)
  .join('\n')

const DESCRIPTION = `What changes on this server, as it changes. Each message is one JSON text of the form \`{event, data}\`.

**Beginning.** After the upgrade comes \`hello\` with the epoch (another one after each start of the server) and the sequence
number at which the stream stands. Then say \`resume\` with what you saw last, or nothing: half a second later everything
comes as it is, and then what changes.

**Resuming.** After a gap of up to ${LIVE_HISTORY_SECONDS / 60} minutes everything after your number comes, each thing that is
shown whole in its newest form only, and every \`transition\`. Where that is not possible \`refetch\` says so: ask for
everything over HTTP, and for the transitions back to the last one that you saw. Numbers grow, but not always by one.

**Reading slowly.** What replaces itself is coalesced; when too much of the rest is held back, \`refetch\` follows.
\`transition\` is never left out. Who reads nothing for half a minute is let go, and may resume.

**Closing codes.**

${closeCodes}`

export function buildAsyncApi({ version, serverName }: OpenApiFacts): AsyncApiDocument {
  const schemas = new JsonSchemas()
  const fromServer = messagesOf(LiveServerMessage.options, 'output', schemas)
  const fromClient = messagesOf(LiveClientMessage.options, 'input', schemas)
  const messages = { ...fromServer, ...fromClient }
  const reference = (name: string): JsonObject => ({ $ref: `#/components/messages/${name}` })
  return {
    asyncapi: '3.0.0',
    info: {
      title: `Tandem ${serverName}, live stream`,
      version,
      license: { name: 'MPL-2.0', url: 'https://www.mozilla.org/MPL/2.0/' },
      description: DESCRIPTION,
    },
    defaultContentType: 'application/json',
    servers: {
      console: {
        host: '{host}',
        protocol: 'wss',
        description: 'Where the console is; plain `ws` on loopback only.',
        variables: { host: { default: 'localhost:8067', description: 'As in `node.api.listen`' } },
        security: [{ $ref: '#/components/securitySchemes/session' }, { $ref: '#/components/securitySchemes/apiToken' }],
      },
    },
    channels: {
      live: {
        address: LIVE_PATH,
        title: 'Live events',
        messages: Object.fromEntries(Object.keys(messages).map((name) => [name, reference(name)])),
        bindings: { ws: { method: 'GET' } },
      },
    },
    operations: {
      tell: operation('send', 'The server tells what changes', Object.keys(fromServer)),
      wish: operation('receive', 'A client says where it was, and what it wants', Object.keys(fromClient)),
    },
    components: {
      messages,
      schemas: schemas.named(),
      securitySchemes: {
        session: {
          type: 'httpApiKey',
          in: 'cookie',
          name: `tandem-${serverName}-session`,
          description: 'Of a browser; its Origin must be the console itself.',
        },
        apiToken: { type: 'http', scheme: 'bearer' },
      },
    },
  }
}

function operation(action: 'send' | 'receive', summary: string, names: readonly string[]): JsonObject {
  return {
    action,
    summary,
    channel: { $ref: '#/channels/live' },
    messages: names.map((name) => ({ $ref: `#/channels/live/messages/${name}` })),
  }
}

type Message = z.ZodObject<{ readonly event: z.ZodLiteral<string> }>

function messagesOf(options: readonly Message[], io: 'input' | 'output', schemas: JsonSchemas): JsonObject {
  return Object.fromEntries(
    options.map((option) => {
      const name = option.shape.event.value
      const examples = (messageExamples as Readonly<Record<string, readonly JsonObject[]>>)[name] ?? []
      const message: Json = {
        name,
        title: name,
        ...(option.description === undefined ? {} : { summary: option.description }),
        payload: schemas.of(option, io),
        examples: examples.map((payload) => ({ payload })),
      }
      return [name, message]
    }),
  )
}
