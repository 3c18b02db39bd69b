/** The ten failover states (RFC 8156 section 8) as the console shows them; full records, so that none can be forgotten. */
import { failoverStateWord } from '@tandem/api-contract'
import type { FailoverRole, FailoverState } from '@tandem/api-contract'
import type { IconName } from '../ui/icon.tsx'
import { Badge } from '../ui/notice.tsx'
import type { Tone } from '../ui/notice.tsx'

interface Look {
  readonly tone: Tone
  readonly icon: IconName
  readonly meaning: string
}

const looks: Readonly<Record<FailoverState, Look>> = {
  startup: { tone: 'idle', icon: 'waiting', meaning: 'Starts and listens for its partner before it serves' },
  normal: { tone: 'ok', icon: 'ok', meaning: 'Both servers work together' },
  'communications-interrupted': {
    tone: 'degraded',
    icon: 'unlinked',
    meaning: 'No contact; each server assumes that the other still runs',
  },
  'partner-down': { tone: 'degraded', icon: 'degraded', meaning: 'Serves alone, since its partner does not run' },
  'potential-conflict': {
    tone: 'at-risk',
    icon: 'at-risk',
    meaning: 'Both may have served alone; their leases are compared',
  },
  'conflict-done': { tone: 'at-risk', icon: 'waiting', meaning: 'This side has finished comparing leases' },
  'resolution-interrupted': {
    tone: 'at-risk',
    icon: 'unlinked',
    meaning: 'Contact was lost while leases were being compared',
  },
  recover: { tone: 'accent', icon: 'waiting', meaning: 'Fetches what it missed from its partner' },
  'recover-wait': {
    tone: 'accent',
    icon: 'waiting',
    meaning: 'Has all it missed, and waits until older promises have run out',
  },
  'recover-done': { tone: 'accent', icon: 'ok', meaning: 'Has recovered, and waits for its partner to go on together' },
}

export interface FailoverStateBadgeProps {
  readonly state: FailoverState
  /** Second-hand: as the partner last told it. */
  readonly told?: boolean
  /** Second-hand and from before the contact was lost. */
  readonly outdated?: boolean
}

export function FailoverStateBadge({ state, told = false, outdated = false }: FailoverStateBadgeProps) {
  const { tone, icon, meaning } = looks[state]
  return (
    <Badge tone={outdated ? 'idle' : tone} icon={outdated ? 'waiting' : icon} told={told} title={meaning}>
      {failoverStateWord(state)}
    </Badge>
  )
}

export function failoverStateMeaning(state: FailoverState): string {
  return looks[state].meaning
}

export function failoverStateTone(state: FailoverState): Tone {
  return looks[state].tone
}

export function failoverStateIcon(state: FailoverState): IconName {
  return looks[state].icon
}

export const roleWords: Readonly<Record<FailoverRole, string>> = { primary: 'Primary', secondary: 'Secondary' }
