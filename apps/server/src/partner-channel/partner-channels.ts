/** All private channels of this server: it answers its partners and asks them, as long as the API runs (decision 0108). */
import type { Listener, PartnerLease, PartnerPool, PartnerView } from '@tandem/api-contract'
import type { RelationshipSnapshot } from '@tandem/engine'
import type { PartnerLink, ServerConfiguration } from '../configuration/server-configuration.ts'
import type { EngineService } from '../engine/engine-service.ts'
import type { ChannelViews } from '../http/channel-views.ts'
import type { Log } from '../observability/log.ts'
import type { ChannelSource } from './channel-contract.ts'
import { ChannelListener, type AnsweredLink } from './channel-listener.ts'
import { PartnerAsker } from './partner-asker.ts'
import { askLease, unavailable } from './partner-lease.ts'
import { askPool, unavailablePool } from './partner-pool.ts'
import { PartnerQuestions } from './partner-questions.ts'

export interface PartnerChannelsOptions {
  readonly configuration: ServerConfiguration
  readonly engineService: EngineService
  readonly log: Log
  readonly clock: () => number
}

const NO_CHANNEL = 'there is no private channel to it (node.partners, channel)'

interface AskedLink {
  readonly relationship: string
  readonly partnerName: string
  readonly questions: PartnerQuestions
  readonly asker: PartnerAsker
}

export class PartnerChannels implements ChannelViews {
  readonly #options: PartnerChannelsOptions
  readonly #links: readonly AnsweredLink[]
  readonly #asked: readonly AskedLink[]
  #listeners: readonly ChannelListener[] = []
  #stopWatching: () => void = () => undefined

  constructor(options: PartnerChannelsOptions) {
    this.#options = options
    this.#links = options.configuration.node.partnerLinks.flatMap(answeredLink)
    this.#asked = this.#links.map((link) => askedLink(link, options))
  }

  partnerView(relationship: string): PartnerView | null {
    return this.#askedOf(relationship)?.asker.view() ?? null
  }

  async partnerLease(relationship: string, lease: string): Promise<PartnerLease> {
    const { clock } = this.#options
    const asked = this.#askedOf(relationship)
    return asked === undefined
      ? unavailable(this.#partnerNameOf(relationship), NO_CHANNEL, clock())
      : askLease(asked, lease, clock)
  }

  async partnerPool(relationship: string, poolId: string): Promise<PartnerPool> {
    const { clock } = this.#options
    const asked = this.#askedOf(relationship)
    return asked === undefined
      ? unavailablePool(this.#partnerNameOf(relationship), NO_CHANNEL, clock())
      : askPool(asked, poolId, clock)
  }

  #askedOf(relationship: string): AskedLink | undefined {
    return this.#asked.find((each) => each.relationship === relationship)
  }

  #partnerNameOf(relationship: string): string {
    const { relationships } = this.#options.configuration.engine
    return relationships.find(({ name }) => name === relationship)?.partnerName ?? ''
  }

  listeners(): readonly Listener[] {
    return this.#listeners.map(({ at, relationships, problem }) => ({
      purpose: 'channel',
      at,
      detail: `${relationships.join(', ')}: HTTPS, answers the partner's console only`,
      problem: problem ?? null,
    }))
  }

  async start(source: ChannelSource): Promise<void> {
    const bySocket = Map.groupBy(
      this.#links,
      ({ channel: { localAddress, localPort } }) => `${localAddress} ${localPort}`,
    )
    const { log, clock, engineService } = this.#options
    this.#listeners = [...bySocket.values()].map((links) => new ChannelListener(links, source, log, clock))
    await Promise.all(this.#listeners.map((listener) => listener.start()))
    for (const { asker } of this.#asked) asker.start()
    const shown = new Map<string, string>()
    this.#stopWatching = engineService.onView(({ snapshot }) => {
      for (const relationship of snapshot.relationships) this.#askIfMoved(relationship, shown)
    })
  }

  async stop(): Promise<void> {
    this.#stopWatching()
    for (const { asker, questions } of this.#asked) {
      asker.stop()
      questions.close()
    }
    await Promise.all(this.#listeners.map((listener) => listener.stop()))
  }

  #askIfMoved({ name, state, communicationsOk, partner }: RelationshipSnapshot, shown: Map<string, string>): void {
    const text = `${state} ${communicationsOk} ${partner?.state}`
    if (shown.get(name) === text) return
    shown.set(name, text)
    this.#asked.find(({ relationship }) => relationship === name)?.asker.askSoon()
  }
}

function answeredLink({ relationship, channel, tls }: PartnerLink): readonly AnsweredLink[] {
  return channel === undefined || tls === undefined ? [] : [{ relationship, channel, tls }]
}

function askedLink(
  { relationship, channel, tls }: AnsweredLink,
  { configuration, log, clock }: PartnerChannelsOptions,
): AskedLink {
  const questions = new PartnerQuestions({ channel, tls, clock })
  const configured = configuration.engine.relationships.find(({ name }) => name === relationship)
  const partnerName = configured?.partnerName ?? ''
  const asker = new PartnerAsker({ relationship, partnerName, ask: (path) => questions.ask(path), clock, log })
  return { relationship, partnerName, questions, asker }
}
