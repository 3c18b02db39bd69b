/** What the partner says by status codes, or by going away, in sentences for operators (RFC 8156 sections 5.3.10 and 5.6). */
import { findOption, statusCodeName, statusCodeOption, type Options, type Status } from '@tandem/protocol'
import type { PartnerConnection } from './partner-connection.ts'

export function disconnectSentence(options: Options): string {
  const status = findOption(options, statusCodeOption)
  const code = status === undefined ? 'without a reason' : statusCodeName(status.code)
  const words = status === undefined || status.message === '' ? '' : `: ${status.message}`
  return `The partner disconnected (${code})${words}`
}

/** `what`: what it refuses, or nothing for all of it. */
export function refusalSentence(status: Status, what?: 'TLS'): string {
  const refuses = what === undefined ? 'refuses' : `refuses ${what}`
  return `The partner ${refuses}: ${statusCodeName(status.code)} ${status.message}`.trim()
}

/**
 * A partner that demands TLS closes without a word (RFC 7653 section 9.1), and one that does not accept our certificate
 * may do so too: TLS 1.3 lets it look at it when we have already gone on.
 */
export function endSentence({ stage, secured }: PartnerConnection, reason: string): string {
  if (stage !== 'awaiting-connect-reply') return `The connection ended: ${reason}.`
  const hint = secured
    ? 'The partner may not accept the certificate of this server; its log says why.'
    : 'The partner may demand TLS, which is not configured here.'
  return `The connection ended before CONNECT was answered: ${reason}. ${hint}`
}
