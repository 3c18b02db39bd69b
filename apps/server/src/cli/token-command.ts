/** `tandem token create`: an API token, written straight to the server's database, whether the server runs or not. */
import { roles } from '@tandem/api-contract'
import { userInfo } from 'node:os'
import { formatDuration, parseDurationSeconds } from '../configuration/duration.ts'
import { insertApiToken } from '../storage/api-tokens.queries.ts'
import { openConsoleDatabase } from '../storage/console-database.ts'
import { openStorage } from '../storage/open-storage.ts'
import { StorageUnusable } from '../storage/storage-unusable.ts'
import { insistOnConfiguration } from './check-command.ts'
import { UserError } from './user-error.ts'

export interface TokenWish {
  readonly file: string
  readonly role: string
  readonly name: string
  readonly expires: string | undefined
}

/** The token alone goes to standard output, so that a script can take it; the rest goes to standard error. */
export async function createTokenCommand({ file, role, name, expires }: TokenWish): Promise<void> {
  const known = roles.find((each) => each === role)
  if (known === undefined) throw new UserError(`"${role}" is no role: write ${roles.join(', ')}.`)
  const lifetimeSeconds = expires === undefined ? undefined : parseDurationSeconds(expires)
  if (expires !== undefined && (lifetimeSeconds ?? 0) === 0) {
    throw new UserError(`--expires takes a duration such as 90d or 12h, not "${expires}".`)
  }
  const { node } = insistOnConfiguration(file)
  const token = await create(node.storageUrl, { role: known, name, lifetimeSeconds })
  process.stdout.write(`${token}\n`)
  const end = lifetimeSeconds === undefined ? 'It has no end' : `It ends in ${formatDuration(lifetimeSeconds)}`
  process.stderr.write(`A token for ${node.name} with the role ${known}, shown only this once. ${end}.\n`)
}

async function create(
  storageUrl: string,
  {
    role,
    name,
    lifetimeSeconds,
  }: { readonly role: string; readonly name: string; readonly lifetimeSeconds: number | undefined },
): Promise<string> {
  const nowMs = Date.now()
  const createdBy = userInfo().username
  await bringToPresentSchema(storageUrl, nowMs)
  const database = await openConsoleDatabase(storageUrl)
  try {
    const expiresAtMs = lifetimeSeconds === undefined ? undefined : nowMs + lifetimeSeconds * 1000
    const wish = { name, role, createdBy, nowMs, expiresAtMs }
    const { secret } = await insertApiToken(database, wish, ', on the command line')
    return secret
  } finally {
    await database.close()
  }
}

/** A server that never ran has no tables yet; one that runs waits while we look. */
async function bringToPresentSchema(storageUrl: string, nowMs: number): Promise<void> {
  try {
    const storage = await openStorage(storageUrl, nowMs)
    await storage.close()
  } catch (error) {
    if (error instanceof StorageUnusable) throw new UserError(error.message)
    throw error
  }
}
