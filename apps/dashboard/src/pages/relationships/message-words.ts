/** The messages of failover (RFC 8156 section 5.3) in an order that stays, each with what it is for. */
import type { Relationship } from '@tandem/api-contract'

const purposes: Readonly<Record<string, string>> = {
  BNDUPD: 'News of leases',
  BNDREPLY: 'Answers to them',
  CONTACT: 'Signs of life',
  STATE: 'The state that the sender is in',
  CONNECT: 'The primary wants to begin',
  CONNECTREPLY: 'The secondary agrees, or not',
  UPDREQ: 'Asks for what it has not heard',
  UPDREQALL: 'Asks for everything, after a loss',
  UPDDONE: 'All that was asked for is told',
  POOLREQ: 'The secondary asks for free leases',
  POOLRESP: 'The primary has looked at its pools',
  DISCONNECT: 'The sender ends the connection',
  STARTTLS: 'The primary wants to encrypt',
  REPLY: 'The secondary agrees to that, or not',
}

/** Shown before the first of them came. */
const ALWAYS = ['BNDUPD', 'BNDREPLY', 'CONTACT', 'STATE']

export interface MessageRow {
  readonly type: string
  readonly what: string
  readonly received: string
  readonly sent: string
}

export function messageRows({ received, sent }: Relationship['messages']): readonly MessageRow[] {
  const counted = new Set([...ALWAYS, ...Object.keys(received), ...Object.keys(sent)])
  const known = Object.keys(purposes)
  const others = [...counted].filter((type) => !known.includes(type)).toSorted()
  return [...known.filter((type) => counted.has(type)), ...others].map((type) => ({
    type,
    what: purposes[type] ?? 'Not known here',
    received: received[type] ?? '0',
    sent: sent[type] ?? '0',
  }))
}
