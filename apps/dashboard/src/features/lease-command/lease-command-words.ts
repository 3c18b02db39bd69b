/** What an operator may do with one lease, by the state that it is in, in the words of the console (RFC 8156 section 7.2). */
import type { Lease } from '@tandem/api-contract'
import type { LeaseAct } from './use-lease-command.ts'

export interface LeaseCommandWords {
  /** No client notices it. */
  readonly isHarmless?: true
  readonly act: LeaseAct
  /** On the button of the page. */
  readonly offer: string
  readonly when: string
  readonly question: (lease: string) => string
  readonly button: string
  readonly acting: string
  /** What it means for clients. */
  readonly effect: string
  /** What happens to the lease. */
  readonly follows: (lease: Lease) => string
  readonly reason: string
}

export function commandFor({ state }: Lease): LeaseCommandWords | undefined {
  if (state === 'abandoned') return reset
  return state === 'active' ? release : undefined
}

const reset: LeaseCommandWords = {
  act: 'resetLease',
  offer: 'Bring back into use…',
  when: 'A client found the address in use. Bring it back when you know that nothing on the link uses it any more.',
  question: (lease) => `Bring ${lease} back into use?`,
  button: 'Bring back',
  acting: 'Bringing back…',
  effect: 'Whatever uses it still would share it with the next client.',
  follows: whenFree,
  reason: 'How do you know that nothing on the link uses it?',
}

const release: LeaseCommandWords = {
  act: 'releaseLease',
  offer: 'Release…',
  when: 'Ends the lease before its time. Only for a client that is gone: it is not told, and the lease goes to others.',
  question: (lease) => `Release ${lease}?`,
  button: 'Release',
  acting: 'Releasing…',
  effect:
    'The client is not told. If it is there after all, it goes on using the lease until it renews, and two clients may share it.',
  follows: whenFree,
  reason: 'How do you know that its client is gone?',
}

/** Whatever the state: the records of both servers are not the same. */
export function resendWords(partnerName: string): LeaseCommandWords {
  return {
    act: 'resendLease',
    isHarmless: true,
    offer: `Tell ${partnerName} again…`,
    when: `${partnerName} has another record, and telling it again makes it more careful.`,
    question: (lease) => `Tell ${partnerName} of ${lease} again?`,
    button: 'Tell again',
    acting: 'Telling…',
    effect: 'No client notices.',
    follows: () => `${partnerName} decides by its rules: it takes our record, or answers with its own.`,
    reason: 'Why?',
  }
}

function whenFree({ relationship, kind }: Lease): string {
  if (relationship === null) return 'It is free at once, and may be given to the next client.'
  const what = kind === 'prefix' ? 'prefix' : 'address'
  return `The partner is told; once it has acknowledged that, the ${what} may be given to the next client.`
}
