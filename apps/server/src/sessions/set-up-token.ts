/** The one-time token that makes the first administrator: lives in memory and in the log, until an operator exists. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { hashOfSecret } from '../storage/api-tokens.queries.ts'

export class SetUpToken {
  private hash: string | undefined

  /** A new one; the one before it is worth nothing any more. */
  issue(): string {
    const token = randomBytes(18).toString('base64url')
    this.hash = hashOfSecret(token)
    return token
  }

  matches(token: string): boolean {
    return this.hash !== undefined && timingSafeEqual(Buffer.from(this.hash), Buffer.from(hashOfSecret(token)))
  }

  spend(): void {
    this.hash = undefined
  }
}
