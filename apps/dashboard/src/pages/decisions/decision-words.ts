/** The recorded decisions in the console's words. */
import type { Decision } from '@tandem/api-contract'

export const decisionKindWords: Readonly<Record<Decision['kind'], string>> = {
  'no-answer': 'Not answered',
  'allocation-failed': 'No lease found',
  'update-rejected': 'Update rejected',
}

/** What has no words here is shown as it is recorded. */
const reasonWords: Readonly<Record<string, string>> = {
  malformed: 'The message cannot be read',
  'not-for-a-server': 'No message for a server',
  'rule-violated': 'The message breaks a rule of DHCPv6',
  'wrong-server-identifier': 'It is meant for another server',
  'no-matching-link': 'No subnet fits the link it came from',
  'failover-state': 'The failover state leaves it to the partner, or to nobody',
  'nothing-to-say': 'There is nothing to answer',
  'relay-too-deep': 'It came through too many relays',
  'answer-too-large': 'The answer fits into no datagram',
  'no-address': 'No address',
  'no-prefix': 'No prefix',
}

const rejection = /^by-(us|partner)-status-(\d+)$/u

export function reasonInWords(reason: string): string {
  const [, by, status] = rejection.exec(reason) ?? []
  if (by !== undefined) return `${by === 'us' ? 'By this server' : 'By the partner'}, status code ${status}`
  return reasonWords[reason] ?? reason
}

/** `ownClientTime` as `own client time`. */
export function inputInWords(name: string): string {
  return name.replace(/[A-Z]+/gu, (capitals) => ` ${capitals.toLowerCase()}`)
}
