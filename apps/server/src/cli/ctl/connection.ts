/** Which server `tandem ctl` speaks to, and as whom: from flags, the environment, or a file that names several servers. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import { errorCode, UserError } from '../user-error.ts'

/** As the flags are named. */
export interface ConnectionFlags {
  readonly server?: string | undefined
  readonly url?: string | undefined
  readonly token?: string | undefined
  readonly tokenFile?: string | undefined
  readonly ca?: string | undefined
  readonly file?: string | undefined
}

export interface Connection {
  /** `https://alpha:8067`, without a slash at its end. */
  readonly url: string
  readonly token: string
  /** PEM of the authority to trust beside those of the system. */
  readonly ca: string | undefined
}

export const CONNECTION_HELP = `
Which server, and as whom, in this order:
  --url, --token or --token-file, --ca                  others on this machine may see a --token
  TANDEM_URL, TANDEM_TOKEN or TANDEM_TOKEN_FILE, TANDEM_CA
  the file --file or TANDEM_CTL_FILE, otherwise ~/.config/tandem/ctl.yaml; --server or TANDEM_SERVER chooses in it,
  otherwise its first one is meant:

    servers:
      alpha: { url: 'https://alpha:8067', tokenFile: alpha.token, caFile: authority.pem }
      beta:  { url: 'https://beta:8067', tokenFile: beta.token, caFile: authority.pem }
`

const CtlServer = z.strictObject({
  url: z.string(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  caFile: z.string().optional(),
})
const CtlFile = z.strictObject({
  servers: z.record(z.string(), CtlServer).refine((servers) => Object.keys(servers).length > 0, 'names no server'),
})

type Environment = Readonly<Record<string, string | undefined>>

/** Throws a UserError that says what is missing and where to write it. */
export function connectionOf(flags: ConnectionFlags, environment: Environment = process.env): Connection {
  const written = flags.url === undefined && set(environment['TANDEM_URL']) === undefined
  const inFile = written || flags.server !== undefined ? serverInFile(flags, environment) : undefined
  const url = flags.url ?? set(environment['TANDEM_URL']) ?? inFile?.url
  if (url === undefined) {
    throw new UserError('Which server? Give --url or TANDEM_URL, or name it in a file (see `tandem ctl --help`).')
  }
  const token =
    flags.token ??
    secretIn(flags.tokenFile) ??
    set(environment['TANDEM_TOKEN']) ??
    secretIn(set(environment['TANDEM_TOKEN_FILE'])) ??
    inFile?.token ??
    secretIn(inFile?.tokenFile)
  if (token === undefined) {
    throw new UserError(
      'As whom? Give --token-file or TANDEM_TOKEN; `tandem token create` or the console makes a token (see `tandem ctl --help`).',
    )
  }
  const caFile = flags.ca ?? set(environment['TANDEM_CA']) ?? inFile?.caFile
  return { url: checkedUrl(url), token, ca: caFile === undefined ? undefined : read(caFile) }
}

/** A variable that is empty is one that is not set. */
const set = (value: string | undefined): string | undefined => (value === '' ? undefined : value)

function checkedUrl(text: string): string {
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol) || !['', '/'].includes(url.pathname)) {
    throw new UserError(`"${text}" is no address of a server: write it like https://alpha:8067, without a path.`)
  }
  return url.origin
}

function serverInFile(flags: ConnectionFlags, environment: Environment): z.output<typeof CtlServer> | undefined {
  const named = flags.file ?? set(environment['TANDEM_CTL_FILE'])
  const file = named ?? join(set(environment['XDG_CONFIG_HOME']) ?? join(homedir(), '.config'), 'tandem', 'ctl.yaml')
  const name = flags.server ?? set(environment['TANDEM_SERVER'])
  if (named === undefined && !existsSync(file)) {
    if (name === undefined) return undefined
    throw new UserError(`There is no ${file} to look up the server ${name} in; give --url, or write the file.`)
  }
  const { servers } = parsed(file)
  const found = name === undefined ? Object.values(servers)[0] : servers[name]
  if (found === undefined)
    throw new UserError(`${file} names no server ${name}; it has ${Object.keys(servers).join(', ')}.`)
  if (found.token !== undefined) warnIfOthersRead(file)
  // As they stand in the file: beside it.
  const beside = (path: string | undefined) => (path === undefined ? undefined : resolve(dirname(file), path))
  return { ...found, tokenFile: beside(found.tokenFile), caFile: beside(found.caFile) }
}

function parsed(file: string): z.output<typeof CtlFile> {
  let content: unknown
  try {
    content = parse(read(file))
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`${file} is no YAML: ${error instanceof Error ? error.message : String(error)}`)
  }
  const result = CtlFile.safeParse(content)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new UserError(
    `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not right'}; see \`tandem ctl --help\`.`,
  )
}

function secretIn(file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  const secret = read(file).trim()
  if (secret === '') throw new UserError(`${file} holds no token.`)
  warnIfOthersRead(file)
  return secret
}

function warnIfOthersRead(file: string): void {
  if ((statSync(file).mode & 0o077) === 0) return
  process.stderr.write(`${file} holds a token that other users of this machine may read: chmod 600 ${file}\n`)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UserError(`${file} cannot be read (${errorCode(error) ?? String(error)}).`)
  }
}
