/** All private channels of this server: it answers its partners and asks them, as long as the API runs (decision 0108). */
import type {
  AccountSharing,
  ConfigurationComparison,
  Lease,
  Listener,
  PartnerLease,
  PartnerPool,
  PartnerView,
} from '@tandem/api-contract'
import type { RelationshipSnapshot } from '@tandem/engine'
import { sharedSettings } from '../configuration/shared-settings.ts'
import type { PartnerLink, ServerConfiguration } from '../configuration/server-configuration.ts'
import type { EngineService } from '../engine/engine-service.ts'
import type {
  AskedStretch,
  ChannelViews,
  ComparedRecords,
  ComparedStretch,
  PartnerChecks,
  PartnerTimeline,
  StretchAnswer,
  UsedCode,
} from '../http/channel-views.ts'
import { isoOf } from '../http/view-values.ts'
import type { Log } from '../observability/log.ts'
import { AccountsFollower } from './accounts-follower.ts'
import type { TakeOver } from './accounts-follower.ts'
import { methodOf, pathOf, UsedSignInCode } from './channel-contract.ts'
import type { ChannelSource } from './channel-contract.ts'
import { ChannelListener, type AnsweredLink } from './channel-listener.ts'
import { PartnerAsker } from './partner-asker.ts'
import { askChecks, noChecks } from './partner-checks.ts'
import { askComparison, notCompared } from './partner-comparison.ts'
import { askLease, unavailable } from './partner-lease.ts'
import { askPool, unavailablePool } from './partner-pool.ts'
import { askSettings, settingsUnavailable } from './partner-settings.ts'
import { PartnerQuestions } from './partner-questions.ts'
import { askStretch } from './partner-stretch.ts'
import { askTimeline, noTimeline } from './partner-timeline.ts'
import type { Asked } from './partner-questions.ts'

export interface PartnerChannelsOptions {
  readonly configuration: ServerConfiguration
  readonly engineService: EngineService
  readonly log: Log
  readonly clock: () => number
}

const NO_CHANNEL = 'there is no private channel to it (node.partners, channel)'

/** An open question is answered after two seconds, and what is told the first time may take a while to arrive. */
const ACCOUNTS_WITHIN_MS = 8_000
const ACCOUNTS_OCTETS_MAX = 8_388_608

interface FollowedLink {
  readonly relationship: string
  readonly questions: PartnerQuestions
  readonly follower: AccountsFollower
}

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
  #followed: readonly FollowedLink[] = []
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

  async compareLeases(relationship: string, leases: readonly Lease[]): Promise<ComparedRecords> {
    const { clock } = this.#options
    const asked = this.#askedOf(relationship)
    const partnerName = this.#partnerNameOf(relationship)
    return asked === undefined
      ? notCompared({ relationship, partnerName }, leases, NO_CHANNEL, clock())
      : askComparison(asked, leases, clock)
  }

  async compareStretch(relationship: string, stretch: ComparedStretch): Promise<StretchAnswer> {
    const asked = this.#askedOf(relationship)
    return asked === undefined ? { kind: 'failed', problem: NO_CHANNEL, isFinal: true } : askStretch(asked, stretch)
  }

  async partnerPool(relationship: string, poolId: string): Promise<PartnerPool> {
    const { clock } = this.#options
    const asked = this.#askedOf(relationship)
    return asked === undefined
      ? unavailablePool(this.#partnerNameOf(relationship), NO_CHANNEL, clock())
      : askPool(asked, poolId, clock)
  }

  async compareConfigurations(relationship: string): Promise<ConfigurationComparison> {
    const { clock, configuration } = this.#options
    const { engine } = configuration
    const serverName = engine.serverName
    const asked = this.#askedOf(relationship)
    if (asked !== undefined) {
      return askSettings(asked, { serverName, settings: sharedSettings(engine, relationship) }, clock)
    }
    const names = { relationship, serverName, partnerName: this.#partnerNameOf(relationship) }
    return settingsUnavailable(names, NO_CHANNEL, clock())
  }

  async partnerChecks(relationship: string): Promise<PartnerChecks> {
    const { clock } = this.#options
    const asked = this.#askedOf(relationship)
    return asked === undefined
      ? noChecks(this.#partnerNameOf(relationship), NO_CHANNEL, clock())
      : askChecks(asked, clock)
  }

  async partnerTimeline(relationship: string, stretch: AskedStretch): Promise<PartnerTimeline> {
    const { clock } = this.#options
    const asked = this.#askedOf(relationship)
    return asked === undefined
      ? noTimeline(this.#partnerNameOf(relationship), NO_CHANNEL, clock())
      : askTimeline(asked, stretch, clock)
  }

  #askedOf(relationship: string): AskedLink | undefined {
    return this.#asked.find((each) => each.relationship === relationship)
  }

  #partnerNameOf(relationship: string): string {
    return partnerNameIn(this.#options.configuration, relationship)
  }

  listeners(): readonly Listener[] {
    return this.#listeners.map(({ at, relationships, problem }) => ({
      purpose: 'channel',
      at,
      detail: `${relationships.join(', ')}: HTTPS, answers the partner's console only`,
      problem: problem ?? null,
    }))
  }

  async useSignInCode(relationship: string, hash: string): Promise<UsedCode> {
    const serverName = this.#partnerNameOf(relationship)
    const questions = this.#askedOf(relationship)?.questions
    const sharing = this.#followed.some((each) => each.relationship === relationship)
    if (questions === undefined || !sharing) return { kind: 'not-good' }
    const question = { relationship, kind: 'sign-in-code', hash } as const
    return usedCodeIn(await questions.ask(pathOf(question), methodOf(question)), serverName)
  }

  accountSharing(): readonly AccountSharing[] {
    const { configuration, clock } = this.#options
    return configuration.engine.relationships.map(({ name, partnerName }) => {
      const followed = this.#followed.find(({ relationship }) => relationship === name)
      return followed?.follower.view() ?? ownAccounts(name, partnerName, this.#askedOf(name) !== undefined, clock())
    })
  }

  async start(source: ChannelSource, takeOver: TakeOver): Promise<void> {
    const bySocket = Map.groupBy(
      this.#links,
      ({ channel: { localAddress, localPort } }) => `${localAddress} ${localPort}`,
    )
    const { log, clock, engineService } = this.#options
    this.#listeners = [...bySocket.values()].map((links) => new ChannelListener(links, source, log, clock))
    await Promise.all(this.#listeners.map((listener) => listener.start()))
    for (const { asker } of this.#asked) asker.start()
    this.#followed = this.#links.flatMap((link) => followedLink(link, this.#options, takeOver))
    for (const { follower } of this.#followed) follower.start()
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
    for (const { questions } of this.#followed) questions.close()
    await Promise.all(this.#followed.map(({ follower }) => follower.stop()))
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
  const partnerName = partnerNameIn(configuration, relationship)
  const asker = new PartnerAsker({ relationship, partnerName, ask: (path) => questions.ask(path), clock, log })
  return { relationship, partnerName, questions, asker }
}

/** With a connection of its own, since a question is open there all the time. */
function followedLink(
  { relationship, channel, tls }: AnsweredLink,
  { configuration, log, clock }: PartnerChannelsOptions,
  takeOver: TakeOver,
): readonly FollowedLink[] {
  if (!channel.sharesAccounts) return []
  const limits = { withinMs: ACCOUNTS_WITHIN_MS, octetsMax: ACCOUNTS_OCTETS_MAX }
  const questions = new PartnerQuestions({ channel, tls, clock, ...limits })
  const partnerName = partnerNameIn(configuration, relationship)
  const ask = (path: string) => questions.ask(path)
  const follower = new AccountsFollower({ relationship, partnerName, ask, takeOver, clock, log })
  return [{ relationship, questions, follower }]
}

function partnerNameIn({ engine }: ServerConfiguration, relationship: string): string {
  return engine.relationships.find(({ name }) => name === relationship)?.partnerName ?? ''
}

function ownAccounts(relationship: string, serverName: string, hasChannel: boolean, nowMs: number): AccountSharing {
  const problem = hasChannel ? 'the configuration says so (node.partners, channel, accounts)' : NO_CHANNEL
  return { relationship, serverName, state: 'own-accounts', since: isoOf(nowMs), asOf: null, problem }
}

function usedCodeIn(asked: Asked, serverName: string): UsedCode {
  if (asked.kind === 'unusable' && asked.status === 404) return { kind: 'not-good' }
  if (asked.kind !== 'answered') return { kind: 'unavailable', serverName, problem: asked.problem }
  const read = UsedSignInCode.safeParse(asked.body)
  return read.success
    ? { kind: 'good', serverName, operatorId: read.data.operatorId }
    : { kind: 'unavailable', serverName, problem: 'its answer is not understood' }
}
