/** The folder of the demo: made once, kept at the second start, and cleared of what the demo made when asked to. */
import { randomInt } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeCertificates } from '../certificates/make-certificates.ts'
import { errorCode, UserError } from '../cli/user-error.ts'
import { demoPlan, demoTexts, type DemoPlan } from './demo-configuration.ts'

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
const DATABASES = SERVERS.flatMap((name) => ['', '-wal', '-shm', '-commits'].map((end) => `${name}/tandem.db${end}`))
/** All that the demo ever writes: what --fresh may remove. */
const MADE = [
  'demo.json',
  'traffic.json',
  'traffic.json.new',
  ...CERTIFICATES,
  ...DATABASES,
  ...SERVERS.flatMap((name) => [`${name}.yaml`, `${name}.log`]),
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
  const before = isNew ? undefined : readMemory(file('demo.json'))
  const { portOffset } = plan
  for (const name of SERVERS) writeConfiguration(file(`${name}.yaml`), name, { plan, before: before?.portOffset })
  const password = before?.password ?? makePassword()
  if (before?.portOffset !== portOffset) {
    writeFileSync(file('demo.json'), `${JSON.stringify({ password, portOffset })}\n`, { mode: 0o600 })
  }
  return { folder, password, isNew, file }
}

/** Ports may move between two starts; what somebody has changed by hand stays, and then they may not. */
function writeConfiguration(
  file: string,
  name: (typeof SERVERS)[number],
  { plan, before = plan.portOffset }: { readonly plan: DemoPlan; readonly before: number | undefined },
): void {
  const text = demoTexts(plan)[name]
  if (!existsSync(file)) writeFileSync(file, text)
  if (before === plan.portOffset) return
  const present = readFileSync(file, 'utf8')
  if (present === demoTexts(demoPlan(before))[name]) writeFileSync(file, text)
  else if (present !== text) {
    throw new UserError(
      `${file} was changed by hand, so its ports cannot be moved: start the demo with --port-offset ${before} as before, or with --fresh.`,
    )
  }
}

function clear(folder: string): void {
  for (const name of MADE) rmSync(join(folder, name), { recursive: true, force: true })
  for (const name of ['certificates', ...SERVERS]) removeIfEmpty(join(folder, name))
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch (error) {
    // Somebody else's files are in it, or it never was.
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(errorCode(error) ?? '')) throw error
  }
}

function makePassword(): string {
  return Array.from({ length: PASSWORD_LENGTH }, () => PASSWORD_LETTERS[randomInt(PASSWORD_LETTERS.length)]).join('')
}

interface Memory {
  readonly password: string
  readonly portOffset: number
}

function readMemory(file: string): Memory {
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (
    typeof content === 'object' &&
    content !== null &&
    'password' in content &&
    typeof content.password === 'string'
  ) {
    const portOffset = 'portOffset' in content && typeof content.portOffset === 'number' ? content.portOffset : 0
    return { password: content.password, portOffset }
  }
  throw new UserError(`${file} is not what the demo wrote: start it with --fresh.`)
}
