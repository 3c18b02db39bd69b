/** Plays a story: each line of it is something that is done to the world, and the transcript says what came of it. */
import type { Violation } from '../checkers/checker.ts'
import { watchWithAll } from '../checkers/checkers.ts'
import { tableDifferences } from '../checkers/tables-agree.ts'
import { leaseText, type Role } from '@tandem/engine'
import type { PairSettings } from '../world/pair-configuration.ts'
import type { ServerProcess } from '../world/server-process.ts'
import { World } from '../world/world.ts'
import { formatScenario, parseScenario } from './scenario-file.ts'
import { Transcript } from './transcript.ts'

export interface PlayedScenario {
  /** The story with what happened this time. */
  readonly text: string
  readonly violations: readonly Violation[]
}

interface Stage {
  readonly world: World
  readonly transcript: Transcript
}

interface CommandForm {
  readonly pattern: RegExp
  readonly play: (stage: Stage, words: readonly string[]) => void
}

const NORMAL_WITHIN_MS = 600_000

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
  { pattern: /^client (\w+) vanishes$/, play: ({ world }, [name]) => world.client(name ?? '')?.vanish() },
  { pattern: /^slow disk on (primary|secondary) (\d+) ms$/, play: slowDisk },
  { pattern: /^show states$/, play: showStates },
  { pattern: /^show leases$/, play: showLeases },
  { pattern: /^compare tables$/, play: compareTables },
]

export function playScenario(text: string): PlayedScenario {
  const violations: Violation[] = []
  let stage: Stage | undefined
  const played = parseScenario(text).map((block) => {
    for (const command of block.commands) {
      if (command.startsWith('pair')) stage = begin(command, violations)
      else if (stage === undefined) throw new Error(`a story begins with a line "pair": ${command}`)
      else play(stage, command)
    }
    return { ...block, transcript: stage?.transcript.take() ?? [] }
  })
  return { text: formatScenario(played), violations }
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

const settingNames: Readonly<Record<string, keyof PairSettings>> = {
  mclt: 'mcltSeconds',
  valid: 'validSeconds',
  preferred: 'preferredSeconds',
  keepalive: 'keepaliveSeconds',
  startup: 'startupSeconds',
  addresses: 'addresses',
  'delegated-length': 'delegatedLength',
  'auto-partner-down': 'autoPartnerDownSeconds',
}

/** `pair mclt=60 valid=240 tls rapid-commit` */
function begin(command: string, violations: Violation[]): Stage {
  const words = command.split(/\s+/).slice(1)
  const settings: Partial<Record<keyof PairSettings, number | boolean>> = {}
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
  return { world, transcript }
}

function ask({ world }: Stage, [name = '', what, rapid, relay]: readonly string[]): void {
  const wishes = { address: what !== 'a prefix', prefix: what !== 'an address', rapidCommit: rapid !== '' }
  const client = world.client(name) ?? world.addClient(name, wishes, relay !== '')
  client.ask()
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

function compareTables({ world, transcript }: Stage): void {
  const differences = tableDifferences(world)
  if (differences.length === 0) transcript.note('tables agree')
  for (const difference of differences) transcript.note(`tables differ: ${difference}`)
}

function serverOf(world: World, name: string | undefined): ServerProcess {
  const role: Role = name === 'primary' ? 'primary' : 'secondary'
  return world.server(role)
}
