/** Makes the demo's operator on one server, the way a person would: with the one-time set-up token of its log, over the API. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'

export interface OperatorToMake {
  readonly apiUrl: string
  readonly name: string
  readonly password: string
  /** Where the server said its token. */
  readonly logFile: string
}

const SETUP_TOKEN = /\bSETUP_TOKEN\b.*\btoken=(\S+)$/gmu

export async function ensureOperator({ apiUrl, name, password, logFile }: OperatorToMake): Promise<void> {
  const status: unknown = await (await fetch(`${apiUrl}/api/v1/setup`)).json()
  if (!isRequired(status)) return
  const token = readFileSync(logFile, 'utf8').matchAll(SETUP_TOKEN).toArray().at(-1)?.[1]
  if (token === undefined) throw new Error(`${logFile} does not show the set-up token`)
  const answer = await fetch(`${apiUrl}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), origin: apiUrl },
    body: JSON.stringify({ token, name, password }),
  })
  if (!answer.ok) throw new Error(`${apiUrl} refused to make the operator: ${answer.status} ${await answer.text()}`)
}

function isRequired(status: unknown): boolean {
  return typeof status === 'object' && status !== null && 'required' in status && status.required === true
}
