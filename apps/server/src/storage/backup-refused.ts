/** Why a backup is not made, not brought back, or not served from (decision 0070). */
import { parse } from 'yaml'

/** What cannot be copied or brought back; the message is the sentence for the operator. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused'
}

/** For a storage that says of itself since when it is a copy. */
export function refuseBackup(madeAtMs: number | undefined, storage: string): void {
  if (madeAtMs === undefined) return
  throw new BackupRefused(
    `The storage ${storage} is a backup of ${new Date(madeAtMs).toISOString()}, and what was promised since then is not in it. ` +
      'Run "tandem restore --config FILE" first: the server then recovers from its partner.',
  )
}

/** The name of the server in the text of a configuration. */
export function parseServerName(configuration: string): string | undefined {
  const text: unknown = parse(configuration)
  if (typeof text !== 'object' || text === null || !('node' in text)) return undefined
  const { node } = text
  return typeof node === 'object' && node !== null && 'name' in node && typeof node.name === 'string'
    ? node.name
    : undefined
}
