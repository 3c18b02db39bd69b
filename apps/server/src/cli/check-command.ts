/** `tandem check FILE`: is this configuration right, and if not, what is wrong where. */
import { formatDuration } from '../configuration/duration.ts'
import { loadConfiguration, problemText, type LoadedConfiguration } from '../configuration/load-configuration.ts'
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import { UserError } from './user-error.ts'

export function checkCommand(file: string): void {
  const configuration = insistOnConfiguration(file)
  for (const warning of configuration.warnings) process.stderr.write(`${file}: warning: ${warning}\n`)
  process.stdout.write(`${file}: ok (${summary(configuration)})\n`)
}

/** The configuration, or everything that is wrong with it as the message of an error. */
export function insistOnConfiguration(file: string): ServerConfiguration {
  const loaded = loadConfiguration(file)
  if (loaded.ok) return loaded.configuration
  throw new UserError(problemLines(loaded))
}

function problemLines(loaded: Extract<LoadedConfiguration, { ok: false }>): string {
  return loaded.problems.map((problem) => problemText(loaded.file, problem)).join('\n')
}

function summary({ node, engine }: ServerConfiguration): string {
  const relationships = engine.relationships.map(
    ({ name, role, partnerName, mcltSeconds }) =>
      `${role} of ${name} with ${partnerName}, MCLT ${formatDuration(mcltSeconds)}`,
  )
  const subnets = `${engine.subnets.length} ${engine.subnets.length === 1 ? 'subnet' : 'subnets'}`
  return [`server ${node.name}`, ...relationships, subnets].join('; ')
}
