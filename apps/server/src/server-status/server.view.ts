/** This server as the API shows it. */
import { serviceLevels } from '@tandem/api-contract'
import type { ClientsNow, Headline, Listener, Relationship, Server } from '@tandem/api-contract'
import { duidFromHex, formatDuid } from '@tandem/protocol'
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import type { PublishedView } from '../engine/engine-service.ts'
import type { ConsoleCertificate } from '../http/console-tls.ts'
import type { ServerFacts } from '../http/injection-tokens.ts'
import { countOf, countsOf, isoOf } from '../http/view-values.ts'
import type { Traffic } from './traffic-window.ts'

/** The data plane publishes at least every second while it runs. */
export const STALE_AFTER_MS = 10_000

export interface ServerSources {
  readonly configuration: ServerConfiguration
  readonly facts: ServerFacts
  readonly published: PublishedView
  readonly traffic: Traffic
  readonly relationships: readonly Pick<Relationship, 'name' | 'headline' | 'clientsNow'>[]
  readonly epoch: string
  readonly consoleCertificate: ConsoleCertificate | undefined
  /** Where the partners' consoles are answered. */
  readonly channelListeners: readonly Listener[]
  readonly nowMs: number
}

function certificateView(certificate: ConsoleCertificate | undefined): Server['consoleCertificate'] {
  if (certificate === undefined) return null
  const { fingerprint, names, endsAtMs, selfMade } = certificate
  return { fingerprint, names: [...names], endsAt: isoOf(endsAtMs), selfMade }
}

export function toServerView(sources: ServerSources): Server {
  const { configuration, facts, published, traffic, relationships, epoch, nowMs } = sources
  const { counters } = published
  const stale = isStale(published, nowMs)
  return {
    name: configuration.node.name,
    version: facts.version,
    duid: formatDuid(duidFromHex(facts.duid)),
    headline: stale ? stalled(published, nowMs) : (blind(sources) ?? worstHeadline(configuration, relationships)),
    clientsNow: clientsNow(sources),
    traffic: {
      windowSeconds: traffic.windowSeconds,
      answered: countOf(traffic.answered),
      unanswered: countOf(traffic.unanswered),
    },
    startedAt: isoOf(facts.startedAtMs),
    uptimeSeconds: Math.max(0, Math.floor((nowMs - facts.startedAtMs) / 1000)),
    now: isoOf(nowMs),
    commitNumber: countOf(published.commitNumber),
    publishedAt: isoOf(published.publishedAtMs),
    stale,
    epoch,
    warnings: [...configuration.warnings],
    consoleCertificate: certificateView(sources.consoleCertificate),
    listeners: [...listeners(configuration, published.snapshot.listenersDown), ...sources.channelListeners],
    counters: {
      datagramsReceived: countOf(counters.datagramsReceived),
      datagramsSent: countOf(counters.datagramsSent),
      datagramsUnanswered: countsOf(counters.datagramsUnanswered),
      receivedByType: countsOf(counters.receivedByType),
      sentByType: countsOf(counters.sentByType),
      framesReceived: countOf(counters.framesReceived),
      framesSent: countOf(counters.framesSent),
      framesMalformed: countOf(counters.framesMalformed),
      commits: countOf(counters.commits),
      commitLatencyMsMedian: counters.commitLatencyMsMedian,
      commitLatencyMsMax: counters.commitLatencyMsMax,
    },
    configuration: {
      revision: facts.configurationRevision,
      sha256: configuration.source.sha256,
      file: configuration.source.file,
    },
    relationships: relationships.map(({ name }) => name),
  }
}

export function isStale({ publishedAtMs }: PublishedView, nowMs: number): boolean {
  return nowMs - publishedAtMs > STALE_AFTER_MS
}

function stalled({ publishedAtMs }: PublishedView, nowMs: number): Headline {
  const seconds = Math.floor((nowMs - publishedAtMs) / 1000)
  return {
    level: 'at-risk',
    sentence: `At risk — the part that serves clients has said nothing for ${seconds} s; what is shown may be old.`,
  }
}

/** Not a matter of one relationship. */
function blind({ configuration, published: { snapshot } }: ServerSources): Headline | undefined {
  if (snapshot.blindSince === undefined) return undefined
  const reasons = snapshot.listenersDown.map(({ reason }) => reason).join('; ')
  return { level: 'down', sentence: `Down — ${configuration.node.name} hears no client: ${reasons}.` }
}

function worstHeadline({ node }: ServerConfiguration, relationships: ServerSources['relationships']): Headline {
  const [worst] = relationships
    .map(({ headline }) => headline)
    .toSorted((a, b) => serviceLevels.indexOf(b.level) - serviceLevels.indexOf(a.level))
  return worst ?? { level: 'ok', sentence: `OK — ${node.name} serves its subnets alone, as configured.` }
}

const ANSWERED = ['all', 'some', 'none'] as const

function clientsNow({ configuration: { node }, published, relationships }: ServerSources): ClientsNow {
  if (published.snapshot.blindSince !== undefined) {
    return { answered: 'none', sentence: `${node.name} hears no client.` }
  }
  const [least] = relationships
    .map((relationship) => relationship.clientsNow)
    .toSorted((a, b) => ANSWERED.indexOf(b.answered) - ANSWERED.indexOf(a.answered))
  return least ?? { answered: 'all', sentence: `${node.name} answers every client of its subnets.` }
}

function listeners({ node }: ServerConfiguration, down: PublishedView['snapshot']['listenersDown']): Listener[] {
  const clients = node.clientListeners.map((listener): Listener => {
    const problem = down.find(({ listenerId }) => listenerId === listener.id)?.reason ?? null
    const replies =
      listener.replyTo === 'source' ? 'answers go to the port they came from' : 'relays are answered at port 547'
    return listener.kind === 'interface'
      ? {
          purpose: 'clients',
          at: `${listener.interfaceName} port ${listener.port}`,
          detail: `multicast on this link; ${replies}`,
          problem,
        }
      : {
          purpose: 'clients',
          at: hostAndPort(listener.address, listener.port),
          detail: `relays only; ${replies}`,
          problem,
        }
  })
  const partners = node.partnerLinks.map((link): Listener => ({
    purpose: 'partner',
    at: hostAndPort(link.localAddress, link.localPort),
    detail:
      link.role === 'primary'
        ? `${link.relationship}: dials ${hostAndPort(link.partnerAddress, link.partnerPort)} over ${link.transport}`
        : `${link.relationship}: awaits ${link.partnerAddress} over ${link.transport}`,
    problem: null,
  }))
  const console: Listener = {
    purpose: 'console',
    at: hostAndPort(node.api.host, node.api.port),
    detail: node.api.tls === undefined ? 'HTTP, on this host only' : 'HTTPS',
    problem: null,
  }
  return [...clients, ...partners, console]
}

function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
