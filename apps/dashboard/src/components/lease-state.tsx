/** Binding states (RFC 8156 section 7.2) in the console's words, as docs/glossary.md has them. */
import type { LeaseKind, LeaseState } from '@tandem/api-contract'
import type { IconName } from '../ui/icon.tsx'
import { Badge } from '../ui/notice.tsx'
import type { Tone } from '../ui/notice.tsx'

interface Look {
  readonly word: string
  readonly tone: Tone
  readonly icon: IconName
  readonly meaning: string
}

const looks: Readonly<Record<LeaseState, Look>> = {
  active: { word: 'Leased', tone: 'ok', icon: 'ok', meaning: 'A client holds it' },
  expired: {
    word: 'Expired',
    tone: 'idle',
    icon: 'waiting',
    meaning: 'Its time ran out; the partner has yet to agree before it is free',
  },
  released: {
    word: 'Released',
    tone: 'idle',
    icon: 'waiting',
    meaning: 'The client gave it back; the partner has yet to agree before it is free',
  },
  free: { word: 'Free', tone: 'idle', icon: 'idle', meaning: 'May be given to any client' },
  'free-backup': {
    word: 'Free (secondary)',
    tone: 'idle',
    icon: 'idle',
    meaning: 'May be given to any client by the secondary server',
  },
  abandoned: {
    word: 'Declined',
    tone: 'at-risk',
    icon: 'at-risk',
    meaning: 'A client found that somebody else uses it; nobody gets it for now',
  },
  reset: {
    word: 'Reset',
    tone: 'accent',
    icon: 'waiting',
    meaning: 'An operator freed it; the partner has yet to agree',
  },
}

export function LeaseStateBadge({ state }: { readonly state: LeaseState }) {
  const { word, tone, icon, meaning } = looks[state]
  return (
    <Badge tone={tone} icon={icon} title={meaning}>
      {word}
    </Badge>
  )
}

export function leaseStateWord(state: LeaseState): string {
  return looks[state].word
}

export function leaseStateMeaning(state: LeaseState): string {
  return looks[state].meaning
}

export const leaseKindWords: Readonly<Record<LeaseKind, string>> = { address: 'Address', prefix: 'Prefix' }
