/** Passwords are kept as argon2id hashes; checking costs memory, so few are checked at once. */
import { hash, verify } from '@node-rs/argon2'

/** As OWASP has it for argon2id. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const CHECKS_AT_ONCE_MAX = 2

let running = 0
const waiting: (() => void)[] = []

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= CHECKS_AT_ONCE_MAX) await new Promise<void>((resolve) => waiting.push(resolve))
  running += 1
  try {
    return await work()
  } finally {
    running -= 1
    waiting.shift()?.()
  }
}

export async function hashPassword(password: string): Promise<string> {
  return inTurn(async () => hash(password, COST))
}

let decoy: Promise<string> | undefined

/** Takes as long for a name that nobody has, so that time does not tell which names exist. */
export async function checkPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password')
  const against = passwordHash ?? (await decoy)
  const matches = await inTurn(async () => verify(against, password))
  return matches && passwordHash !== undefined
}
