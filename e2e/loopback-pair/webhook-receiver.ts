/** A receiver of webhooks as bad as they come: it is away at times, refuses some deliveries, and accepts some without saying so. */
import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebhookMessage } from '@tandem/api-contract'
import type { SeededRandom } from './seeded-random.ts'

const REFUSED_PROBABILITY = 0.1
const UNANSWERED_PROBABILITY = 0.1

export class WebhookReceiver {
  readonly #random: SeededRandom
  readonly #server: Server
  #isAway = false
  /** Of each server: the ids of events in the order in which they first came. */
  readonly #seen = new Map<string, Set<string>>()
  deliveries = 0
  repeated = 0
  readonly lost: string[] = []

  constructor(random: SeededRandom) {
    this.#random = random
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => this.#received(Buffer.concat(parts).toString(), response))
    })
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  set isAway(isAway: boolean) {
    this.#isAway = isAway
  }

  idsOf(server: string): readonly string[] {
    return [...(this.#seen.get(server) ?? [])]
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #received(body: string, response: ServerResponse): void {
    if (this.#isAway) return void response.destroy()
    if (this.#random.chance(REFUSED_PROBABILITY)) return void response.writeHead(503).end()
    const { type, data } = WebhookMessage.parse(JSON.parse(body))
    this.deliveries += 1
    if (type === 'lease-events.lost') this.lost.push(`${data.server} before ${data.position}`)
    const seen = this.#seen.get(data.server) ?? new Set<string>()
    this.#seen.set(data.server, seen)
    for (const { id } of data.events) {
      if (seen.has(id)) this.repeated += 1
      seen.add(id)
    }
    // Taken, but the sender does not hear of it and has to send it again.
    if (this.#random.chance(UNANSWERED_PROBABILITY)) return void response.destroy()
    response.writeHead(204).end()
  }
}
