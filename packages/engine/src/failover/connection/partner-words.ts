/** What the partner says by status codes, in sentences for operators (RFC 8156 sections 5.3.10 and 5.6). */
import { findOption, statusCodeName, statusCodeOption, type Options, type Status } from '@tandem/protocol'

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
