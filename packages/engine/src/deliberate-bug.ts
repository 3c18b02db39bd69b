/** Rules that the simulator may break on purpose, to see whether a checker notices (architecture, section 8; decision 0032). */

/** What goes wrong, by name. Each is one condition at the place where its rule lives. */
export const deliberateBugs = {
  // Durable, then told (architecture, rule 3).
  'reply-before-commit': 'what was decided leaves before it is on disk',
  'grant-not-committed': 'what a client was given is not written to disk',
  'state-not-recorded': 'a transition is made and announced, and its state is not written to disk',
  'update-not-stored': 'an update of the partner is acknowledged and not stored',
  // Lifetimes (RFC 8156 sections 4.4, 7.2).
  'mclt-forgotten': 'a lifetime is given without the MCLT bound',
  'mclt-forgotten-out-of-contact': 'a lifetime is given without the MCLT bound in COMMUNICATIONS-INTERRUPTED',
  'promise-without-acknowledgement': 'what was only told to the partner counts as acknowledged',
  'lifetime-misexplained': 'the record of a lease explains another lifetime than the client was told',
  'ended-before-acknowledged-time': 'a lease of the partner is ended before the time that was acknowledged to it',
  // Who may use which lease (RFC 8156 sections 4.2, 7.2, 8.4, 8.8).
  'partners-half-allocated': 'addresses come from the half of the partner',
  'given-prefixes-kept': 'a server goes on with prefixes that are the partner’s when its own are used up',
  'partners-prefixes-at-once': 'in PARTNER-DOWN the prefixes of the partner are used without waiting',
  'reused-before-acknowledgement': 'an ended lease goes to another client before the partner knows of its end',
  'reused-in-partner-down-at-once': 'in PARTNER-DOWN an ended lease goes to another client without waiting',
  'records-ignored-in-search': 'a lease with a record is taken for one that was never used',
  'declined-lease-given-again': 'a declined address goes to the next client that asks for it by name',
  'reset-not-told': 'an address that an operator has brought back is not owed to the partner',
  'recover-done-allocates': 'new leases are given in RECOVER-DONE',
  'reservation-ignored': 'what is kept for one client goes to another who asks for it',
  'drain-ignored': 'new leases are given from a pool that an operator drains',
  // Whom to answer (RFC 8156 sections 3 and 8).
  'take-back-of-leased-accepted': 'a secondary gives back a block out of which it has leased',
  'secondary-answers-in-normal': 'the secondary answers everybody in NORMAL',
  'silent-state-answers': 'everybody is answered in RECOVER, RECOVER-WAIT and POTENTIAL-CONFLICT',
  'partners-leases-not-renewed': 'a lease that the partner gave is not extended',
  'link-ignored': 'a CONFIRM is answered with success on every link',
  'new-clients-ignored': 'a SOLICIT is left unanswered',
  // Moving through the states (RFC 8156 section 8).
  'gap-ignored': 'a server that was suspended goes on as if nothing had happened',
  'recovery-cut-short': 'RECOVER goes to NORMAL as soon as the partner has told all',
  'recover-wait-skipped': 'RECOVER-WAIT ends at once',
  'time-of-failure-forgotten': 'a start does not record when the promises of the time before it ended',
  'startup-flag-followed': 'a STATE with the STARTUP flag moves the endpoint',
  'partner-down-ends-at-sight': 'PARTNER-DOWN goes to NORMAL at sight of the partner, whatever that reports',
  'state-not-announced': 'a transition is made and the partner is not told',
  'part-recovery-after-loss': 'after a loss of storage only what is owed is asked for',
  // Updates (RFC 8156 sections 5.3, 6.1, 7).
  'window-ignored': 'more updates are under way than the partner accepts',
  'owed-not-flushed': 'what is owed to the partner is never looked for',
  'older-answer-clears-newer-change': 'an answer to an older update settles a newer change',
  'crossing-update-unanswered': 'an update that crosses one of our own gets no answer',
  'outdated-update-accepted': 'an update that is older than the record is taken',
  'conflict-decided-alike': 'of two clients with one lease each server keeps its own',
  'upddone-too-early': 'UPDDONE leaves before everything has been acknowledged',
  'refused-update-repeated': 'a refused update is sent again at once',
  'lease-end-mistold': 'the partner is told another end of a lease than is recorded',
  // Keepalive (RFC 8156 sections 6.5 and 6.6).
  'contact-not-sent': 'CONTACT is never sent',
  'silence-ignored': 'a partner that says nothing is taken for present',
} as const

export type DeliberateBug = keyof typeof deliberateBugs

/** Set for the time of one call of the engine's door, and only by the entry that the simulator has. */
let present: DeliberateBug | undefined

/** False in every server. */
export function hasBug(bug: DeliberateBug): boolean {
  return present === bug
}

export function withBug<T>(bug: DeliberateBug, call: () => T): T {
  present = bug
  try {
    return call()
  } finally {
    present = undefined
  }
}
