/** Passwords are kept as argon2id hashes; checking costs memory, so few are checked at once and not too many wait. */
import { hash, verify } from '@node-rs/argon2'

/** As OWASP has it for argon2id. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const CHECKS_AT_ONCE_MAX = 2
/** Two or three seconds of work; whoever guesses from everywhere at once fills no memory. */
const WAITING_MAX = 100

/** As many wait as may; nothing was checked. */
export class PasswordsBusy extends Error {}

let running = 0
const waiting: (() => void)[] = []

async function inTurn<Result>(work: () => Promise<Result>, first: boolean): Promise<Result> {
  if (running >= CHECKS_AT_ONCE_MAX) {
    if (!first && waiting.length >= WAITING_MAX) throw new PasswordsBusy('too many passwords wait to be checked')
    await new Promise<void>((resolve) => (first ? waiting.unshift(resolve) : waiting.push(resolve)))
  }
  running += 1
  try {
    return await work()
  } finally {
    running -= 1
    waiting.shift()?.()
  }
}

/** For who is signed in already: never kept waiting by those who are not. */
export async function hashPassword(password: string): Promise<string> {
  return inTurn(async () => hash(password, COST), true)
}

let decoy: Promise<string> | undefined

/**
 * Takes as long for a name that nobody has, so that time does not tell which names exist. `first`: before everybody else who
 * waits, for those who have proved something already. Rejects with PasswordsBusy.
 */
export async function checkPassword(
  passwordHash: string | undefined,
  password: string,
  { first = false }: { readonly first?: boolean } = {},
): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password')
  const against = passwordHash ?? (await decoy)
  const matches = await inTurn(async () => verify(against, password), first)
  return matches && passwordHash !== undefined
}
