/** Waiting in tests: a condition is asked again and again until it holds or its time is over. */
import { setTimeout as delay } from 'node:timers/promises'

const ASK_EVERY_MS = 200

/** The answer is what made the condition true; the error says what was awaited, and the last reason why it did not hold. */
export async function waitUntil<T>(
  what: string,
  limitMs: number,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const endsAt = Date.now() + limitMs
  let reason = ''
  for (;;) {
    try {
      const answer = await ask()
      if (answer !== undefined && answer !== false) return answer
      reason = ''
    } catch (error) {
      reason = `: ${error instanceof Error ? error.message : String(error)}`
    }
    if (Date.now() >= endsAt) throw new Error(`${what}: not within ${limitMs / 1000} s${reason}`)
    await delay(ASK_EVERY_MS)
  }
}
