/** Messages of the live stream as examples: documents show them, and a test holds them to the contract. */
import type { LiveClientMessage, LiveEvent, LiveServerMessage } from '../live-events.ts'
import { relationshipExample, transitionExample } from './relationship-example.ts'
import { leaseExample } from './lease-example.ts'

const EPOCH = '5b0f4c0e-3f55-4b4e-9a53-6d1e9f0a7c11'
const AT = '2026-11-27T02:43:02.300Z'

const change = (sequence: number, event: LiveEvent) => ({
  event: 'change' as const,
  data: { epoch: EPOCH, sequence, at: AT, commitNumber: '9071101', change: event },
})

type Messages = LiveServerMessage | LiveClientMessage
type Examples = {
  readonly [Event in Messages['event']]: readonly Extract<Messages, { readonly event: Event }>[]
}

export const messageExamples: Examples = {
  hello: [{ event: 'hello', data: { epoch: EPOCH, sequence: 1180, serverName: 'beta', heartbeatSeconds: 15 } }],
  resumed: [{ event: 'resumed', data: { epoch: EPOCH, fromSequence: 1172 } }],
  refetch: [{ event: 'refetch', data: { epoch: EPOCH, sequence: 1180, reason: 'that is too long ago' } }],
  heartbeat: [{ event: 'heartbeat', data: { at: AT, sequence: 1180 } }],
  change: [
    change(1181, { kind: 'transition', transition: transitionExample }),
    change(1182, { kind: 'relationship-changed', relationship: relationshipExample }),
    change(1183, {
      kind: 'leases-summary',
      subnets: [{ subnetId: 'offices', activated: '2', renewed: '51', ended: '1', other: '0' }],
    }),
    change(1184, { kind: 'lease-changed', lease: leaseExample, from: 'free', cause: 'client' }),
  ],
  problem: [
    {
      event: 'problem',
      data: { detail: 'The message resume is not as the contract has it.', remedy: 'See /api/asyncapi.json.' },
    },
  ],
  resume: [{ event: 'resume', data: { epoch: EPOCH, fromSequence: 1172 } }],
  subscribe: [{ event: 'subscribe', data: { singleLeases: true } }],
}
