/** A client message that gets no answer: told with the section that says so and what it came from. */
import type { NoAnswerReason } from '../notices.ts'
import type { Step } from '../step.ts'
import type { SilenceInputs } from './answer.ts'

/** The section behind each reason; the failover state has one of its own. */
const rules: Readonly<Record<NoAnswerReason, string>> = {
  malformed: 'RFC 9915 16',
  'not-for-a-server': 'RFC 9915 16',
  'rule-violated': 'RFC 9915 16',
  'wrong-server-identifier': 'RFC 9915 16',
  'no-matching-link': 'RFC 9915 13.1',
  'failover-state': 'RFC 8156 8',
  'nothing-to-say': 'RFC 9915 18.3',
  'relay-too-deep': 'RFC 9915 19.1.2',
  'answer-too-large': 'RFC 9915 19.3',
}

export interface Silence extends SilenceInputs {
  readonly reason: NoAnswerReason
  readonly messageType: string
  readonly detail: string
  readonly clientDuid?: string | undefined
}

export function noteSilence(step: Step, silence: Silence): void {
  const { reason, messageType, detail, relationship, clientDuid, rule = rules[reason], inputs = {} } = silence
  step.notice({ kind: 'datagram-unanswered', reason, messageType, detail, rule, inputs, relationship, clientDuid })
}
