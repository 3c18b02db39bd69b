/** Plays a story: each line of it is something that is done to the world, and the transcript says what came of it. */
import type { Violation } from '../checkers/checker.ts'
import { watchWithAll } from '../checkers/checkers.ts'
import { tableDifferences } from '../checkers/tables-agree.ts'
import { parseIpv6Address } from '@tandem/protocol'
import { leaseText, type EndpointState, type Instant, type Role, type TransitionRecord } from '@tandem/engine'
import type { PairSettings } from '../world/pair-configuration.ts'
import type { ServerProcess } from '../world/server-process.ts'
import { World, type WorldObserver } from '../world/world.ts'
import { formatScenario, parseScenario } from './scenario-file.ts'
import { bringIntoState } from './bring-into-state.ts'
import { ScriptedPartner } from './scripted-partner.ts'
import { Transcript } from './transcript.ts'

export interface PlayedScenario {
  /** The story with what happened this time. */
  readonly text: string
  readonly violations: readonly Violation[]
  /** `primary NORMAL -> PARTNER-DOWN (command)`: every move that was made, and what made it. */
  readonly transitions: ReadonlySet<string>
}

interface Stage {
  readonly world: World
  readonly transcript: Transcript
  /** Instead of one of the two servers. */
  partner: ScriptedPartner | undefined
}

interface CommandForm {
  readonly pattern: RegExp
  readonly play: (stage: Stage, words: readonly string[]) => void
}

const NORMAL_WITHIN_MS = 600_000
/** A scripted partner is not left waiting: what it says is answered within the same line. */
const ANSWER_MS = 50

const forms: readonly CommandForm[] = [
  { pattern: /^start (primary|secondary)$/, play: ({ world }, [server]) => serverOf(world, server).start() },
  { pattern: /^kill (primary|secondary)$/, play: ({ world }, [server]) => serverOf(world, server).crash() },
  { pattern: /^destroy (primary|secondary)$/, play: ({ world }, [server]) => serverOf(world, server).crashAndErase() },
  {
    pattern: /^shut down (primary|secondary)$/,
    play: ({ world }, [server]) => {
      world.operator.shutDown(serverOf(world, server))
    },
  },
  {
    pattern: /^declare partner down on (primary|secondary)$/,
    play: ({ world }, [server]) => {
      world.operator.declarePartnerDown(serverOf(world, server))
    },
  },
  {
    pattern: /^declare partner down on (primary|secondary) by force$/,
    play: ({ world }, [server]) => {
      world.operator.declarePartnerDown(serverOf(world, server), true)
    },
  },
  { pattern: /^put (primary|secondary) into ([A-Z-]+)$/, play: putInto },
  { pattern: /^partner says ([A-Z-]+)( \(starting\))?$/, play: partnerSays },
  {
    pattern: /^partner goes into ([A-Z-]+)$/,
    play: (stage, [state = '']) => {
      partnerOf(stage).become(state)
    },
  },
  { pattern: /^partner returns saying ([A-Z-]+)$/, play: partnerReturns },
  {
    pattern: /^partner tells all$/,
    play: (stage) => {
      partnerOf(stage).tellAll()
      stage.world.run(ANSWER_MS)
    },
  },
  {
    pattern: /^partner vanishes$/,
    play: (stage) => {
      partnerOf(stage).vanish()
      stage.world.run(ANSWER_MS)
    },
  },
  { pattern: /^suspend (primary|secondary) (\d+)$/, play: suspend },
  { pattern: /^cut the stream$/, play: ({ world }) => world.streams.cut() },
  { pattern: /^mend the stream$/, play: ({ world }) => world.streams.mend() },
  { pattern: /^break the connection$/, play: ({ world }) => world.streams.reset() },
  {
    pattern: /^lose (all|no) datagrams$/,
    play: ({ world }, [which]) => {
      world.datagrams.lossRate = which === 'all' ? 1 : 0
    },
  },
  { pattern: /^wait (\d+)$/, play: ({ world }, [seconds]) => world.run(Number(seconds) * 1000) },
  {
    pattern: /^wait until both are NORMAL$/,
    play: ({ world, transcript }) => {
      if (!world.runUntil(() => world.areBothNormal, NORMAL_WITHIN_MS)) transcript.note('they are not both NORMAL')
    },
  },
  { pattern: /^client (\w+) asks for (an address|a prefix|both)( with rapid commit)?( through a relay)?$/, play: ask },
  { pattern: /^client (\w+) releases$/, play: ({ world }, [name]) => world.client(name ?? '')?.release() },
  {
    pattern: /^client (\w+) finds its addresses in use$/,
    play: ({ world }, [name]) => world.client(name ?? '')?.decline(),
  },
  { pattern: /^client (\w+) restarts$/, play: ({ world }, [name]) => world.client(name ?? '')?.checkLink() },
  { pattern: /^client (\w+) moves to link (\d)( unnoticed)?$/, play: moveClient },
  { pattern: /^reset ([0-9a-f:]+) on (primary|secondary)$/, play: resetAddress },
  { pattern: /^client (\w+) vanishes$/, play: ({ world }, [name]) => world.client(name ?? '')?.vanish() },
  { pattern: /^slow disk on (primary|secondary) (\d+) ms$/, play: slowDisk },
  { pattern: /^show states$/, play: showStates },
  { pattern: /^show leases$/, play: showLeases },
  { pattern: /^show lifetimes$/, play: showLifetimes },
  { pattern: /^compare tables$/, play: compareTables },
]

export function playScenario(text: string): PlayedScenario {
  const violations: Violation[] = []
  const transitions = new Set<string>()
  let stage: Stage | undefined
  const played = parseScenario(text).map((block) => {
    for (const command of block.commands) {
      if (command.startsWith('pair')) stage = begin(command, violations, transitions)
      else if (stage === undefined) throw new Error(`a story begins with a line "pair": ${command}`)
      else play(stage, command)
    }
    return { ...block, transcript: stage?.transcript.take() ?? [] }
  })
  return { text: formatScenario(played), violations, transitions }
}

function play(stage: Stage, command: string): void {
  for (const { pattern, play: act } of forms) {
    const match = pattern.exec(command)
    if (match === null) continue
    act(
      stage,
      match.slice(1).map((word) => word ?? ''),
    )
    return
  }
  throw new Error(`a story does not know how to: ${command}`)
}

const settingNames: Readonly<Record<string, Exclude<keyof PairSettings, 'doubleLease'>>> = {
  mclt: 'mcltSeconds',
  valid: 'validSeconds',
  preferred: 'preferredSeconds',
  keepalive: 'keepaliveSeconds',
  startup: 'startupSeconds',
  addresses: 'addresses',
  'delegated-length': 'delegatedLength',
  'auto-partner-down': 'autoPartnerDownSeconds',
  links: 'links',
}

/** `pair mclt=60 valid=240 tls rapid-commit` */
function begin(command: string, violations: Violation[], transitions: Set<string>): Stage {
  const words = command.split(/\s+/).slice(1)
  const settings: Partial<Record<Exclude<keyof PairSettings, 'doubleLease'>, number | boolean>> = {}
  for (const word of words) {
    const [name = '', value] = word.split('=')
    const setting = settingNames[name]
    if (word === 'tls') settings.isTls = true
    else if (word === 'rapid-commit') settings.rapidCommit = true
    else if (setting === undefined || value === undefined) throw new Error(`a pair has no setting ${word}`)
    else settings[setting] = Number(value)
  }
  // Flags are set to true and numbers to numbers, name by name, in the lines above.
  const world = new World({ seed: 1, settings: settings as Partial<PairSettings> })
  const transcript = new Transcript(world)
  world.observe(transcript)
  watchWithAll(world, violations)
  world.observe(noteTransitions(transitions))
  return { world, transcript, partner: undefined }
}

function ask({ world }: Stage, [name = '', what, rapid, relay]: readonly string[]): void {
  const wishes = {
    addresses: what === 'a prefix' ? 0 : 1,
    prefixes: what === 'an address' ? 0 : 1,
    rapidCommit: rapid !== '',
  }
  const client = world.client(name) ?? world.addClient(name, wishes, relay !== '')
  client.ask()
}

/** To the relay of that link. */
function moveClient({ world }: Stage, [name = '', link, unnoticed]: readonly string[]): void {
  const client = world.client(name)
  if (client === undefined) throw new Error(`${name} is a client of this story`)
  world.move(client, { link: Number(link), isRelayed: true })
  if (unnoticed === '') client.checkLink()
}

function resetAddress({ world }: Stage, [text = '', server]: readonly string[]): void {
  const address = parseIpv6Address(text)
  if (address === undefined) throw new Error(`${text} is an address`)
  world.operator.resetLease(serverOf(world, server), { kind: 'address', prefix: { address, length: 128 } })
}

function slowDisk({ world }: Stage, [server, ms]: readonly string[]): void {
  serverOf(world, server).commitMs = Number(ms)
}

function showStates({ world, transcript }: Stage): void {
  const states = world.servers.map((server) => `${server.name} ${world.stateOf(server) ?? 'down'}`)
  transcript.note(`states: ${states.join(', ')}`)
}

function showLeases({ world, transcript }: Stage): void {
  for (const server of world.servers) {
    for (const binding of server.store.bindings()) {
      const holder = world.clients.find(({ duid }) => duid === binding.client?.duid)
      transcript.note(
        [`${server.name} has ${leaseText(binding)} ${binding.status}`, holder?.name ?? ''].join(' ').trimEnd(),
      )
    }
  }
}

/** In seconds after the client was heard last: its own, and what the servers have told and acknowledged of it. */
function showLifetimes({ world, transcript }: Stage): void {
  for (const server of world.servers) {
    for (const binding of server.store.bindings()) {
      const heardAt = binding.clientHeardAt ?? binding.partnerHeardClientAt
      if (binding.status !== 'ACTIVE' || heardAt === undefined) continue
      const after = (at: Instant | undefined): string =>
        at === undefined ? '-' : `${Math.round((at - heardAt) / 1000)}`
      transcript.note(
        `${server.name} has ${leaseText(binding)} until ${after(binding.statusExpiresAt)}; acknowledged by the partner until ${after(binding.ackedPartnerLifetime)}, to the partner until ${after(binding.expirationTime)}`,
      )
    }
  }
}

function compareTables({ world, transcript }: Stage): void {
  const differences = tableDifferences(world)
  if (differences.length === 0) transcript.note('tables agree')
  for (const difference of differences) transcript.note(`tables differ: ${difference}`)
}

/** Not told: how it got there. */
function putInto(stage: Stage, [server, state]: readonly string[]): void {
  const { world, transcript } = stage
  const role: Role = server === 'primary' ? 'primary' : 'secondary'
  const partner = new ScriptedPartner(world, role === 'primary' ? 'secondary' : 'primary', transcript)
  stage.partner = partner
  // A state that does not exist has no way into it, which is an error.
  bringIntoState({ world, server: world.server(role), partner }, state as EndpointState, role)
  transcript.take()
  transcript.note(`${role} is in ${state ?? ''}; its partner is played by this story`)
}

function partnerSays(stage: Stage, [state = '', starting]: readonly string[]): void {
  partnerOf(stage).say({ state, isStarting: starting !== '' })
  stage.world.run(ANSWER_MS)
}

/** The dialler may have to wait for its turn. */
function partnerReturns(stage: Stage, [state = '']: readonly string[]): void {
  partnerOf(stage).connect({ state })
  stage.world.run(stage.world.settings.reconnectSeconds * 1000 + ANSWER_MS)
}

function partnerOf({ partner }: Stage): ScriptedPartner {
  if (partner === undefined) throw new Error('no server has been put into a state')
  return partner
}

/** As SIGSTOP and SIGCONT: to itself no time has passed. */
function suspend({ world }: Stage, [server, seconds]: readonly string[]): void {
  const suspended = serverOf(world, server)
  suspended.suspend()
  world.run(Number(seconds) * 1000)
  suspended.resume()
}

function noteTransitions(transitions: Set<string>): WorldObserver {
  return {
    decided(server, _event, effects) {
      for (const change of effects.commit) {
        if (change.kind === 'transition-added') transitions.add(transitionText(server, change.transition))
      }
    },
  }
}

export function transitionText(
  server: string,
  { from, to, operator, inputs }: Pick<TransitionRecord, 'from' | 'to' | 'operator' | 'inputs'>,
): string {
  const partnerState = inputs['partnerState']
  const heard = typeof partnerState === 'string' ? `partner in ${partnerState}` : 'by itself'
  return `${server} ${from} -> ${to} (${operator === undefined ? heard : 'command'})`
}

function serverOf(world: World, name: string | undefined): ServerProcess {
  const role: Role = name === 'primary' ? 'primary' : 'secondary'
  return world.server(role)
}
