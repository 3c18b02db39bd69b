/** The folder of the demo: made once, kept at the second start, and cleared of what the demo made when asked to. */
import { randomInt } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeCertificates } from '../certificates/make-certificates.ts'
import { errorCode, UserError } from '../cli/user-error.ts'
import { demoConfiguration, type DemoPlan } from './demo-configuration.ts'

export interface DemoFolder {
  readonly folder: string
  readonly password: string
  readonly isNew: boolean
  file(name: string): string
}

export const DEMO_OPERATOR = 'admin'

const SERVERS = ['alpha', 'beta'] as const
const CERTIFICATES = ['authority', ...SERVERS].flatMap((name) => [
  `certificates/${name}.pem`,
  `certificates/${name}.key`,
])
/** All that the demo ever writes: what --fresh may remove. */
const MADE = [
  'demo.json',
  'traffic.json',
  'traffic.json.new',
  ...CERTIFICATES,
  ...SERVERS.flatMap((name) => [`${name}.yaml`, `${name}.db`, `${name}.db-wal`, `${name}.db-shm`, `${name}.log`]),
]
/** No letters that look alike. */
const PASSWORD_LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
const PASSWORD_LENGTH = 16

export async function prepareDemoFolder(path: string, plan: DemoPlan, fresh: boolean): Promise<DemoFolder> {
  const folder = resolve(path)
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    if (fresh) clear(folder)
    return await fill(folder, plan)
  } catch (error) {
    if (error instanceof UserError) throw error
    const code = errorCode(error)
    if (code === undefined) throw error
    throw new UserError(`The demo cannot write to ${folder} (${code}): give --folder one that is yours.`)
  }
}

async function fill(folder: string, plan: DemoPlan): Promise<DemoFolder> {
  const file = (name: string) => join(folder, name)
  const isNew = !existsSync(file('demo.json'))
  if (!existsSync(file('certificates/authority.pem'))) {
    await makeCertificates({ folder: file('certificates'), names: SERVERS, nowMs: Date.now() })
  }
  const texts = { alpha: demoConfiguration(plan.alpha, plan.beta), beta: demoConfiguration(plan.beta, plan.alpha) }
  for (const name of SERVERS) {
    if (!existsSync(file(`${name}.yaml`))) writeFileSync(file(`${name}.yaml`), texts[name])
  }
  if (isNew) writeFileSync(file('demo.json'), `${JSON.stringify({ password: makePassword() })}\n`, { mode: 0o600 })
  return { folder, password: readPassword(file('demo.json')), isNew, file }
}

function clear(folder: string): void {
  for (const name of MADE) rmSync(join(folder, name), { force: true })
  try {
    rmdirSync(join(folder, 'certificates'))
  } catch (error) {
    // Somebody else's files are in it, or it never was.
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(errorCode(error) ?? '')) throw error
  }
}

function makePassword(): string {
  return Array.from({ length: PASSWORD_LENGTH }, () => PASSWORD_LETTERS[randomInt(PASSWORD_LETTERS.length)]).join('')
}

function readPassword(file: string): string {
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (
    typeof content === 'object' &&
    content !== null &&
    'password' in content &&
    typeof content.password === 'string'
  ) {
    return content.password
  }
  throw new UserError(`${file} is not what the demo wrote: start it with --fresh.`)
}
