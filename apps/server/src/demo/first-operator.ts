/** Makes the demo's operator on one server, the way a person would: with the one-time set-up token of its log, over the API; the other server takes him over. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

export interface OperatorToMake {
  readonly apiUrl: string
  readonly name: string
  readonly password: string
  /** Where the server said its token. */
  readonly logFile: string
}

const LOOK_MS = 200
const LOOKS_MAX = 150
const SETUP_TOKEN = /\bSETUP_TOKEN\b.*\btoken=(\S+)$/gmu

export async function ensureOperator({ apiUrl, name, password, logFile }: OperatorToMake): Promise<void> {
  if (!(await isSetUpRequired(apiUrl))) return
  const token = readFileSync(logFile, 'utf8').matchAll(SETUP_TOKEN).toArray().at(-1)?.[1]
  if (token === undefined) throw new Error(`${logFile} does not show the set-up token`)
  const answer = await fetch(`${apiUrl}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), origin: apiUrl },
    body: JSON.stringify({ token, name, password }),
  })
  if (!answer.ok) throw new Error(`${apiUrl} refused to make the operator: ${answer.status} ${await answer.text()}`)
}

/** Accounts belong to the pair: resolves once those of the partner have come. */
export async function operatorIsThere(apiUrl: string): Promise<void> {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    if (!(await isSetUpRequired(apiUrl))) return
    await delay(LOOK_MS)
  }
  throw new Error(`${apiUrl} has not taken the operator over from its partner`)
}

async function isSetUpRequired(apiUrl: string): Promise<boolean> {
  const status: unknown = await (await fetch(`${apiUrl}/api/v1/setup`)).json()
  return typeof status === 'object' && status !== null && 'required' in status && status.required === true
}
