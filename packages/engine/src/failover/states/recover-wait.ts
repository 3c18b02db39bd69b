/** RFC 8156 section 8.6: what this server may have promised before it failed has to run out first. */
import { defineState, forBoth } from './define-state.ts'

export const recoverWait = defineState({
  name: 'RECOVER-WAIT',
  policy: {
    answers: forBoth('nobody'),
    allocatesFrom: forBoth('nothing'),
    mcltBound: true,
    rule: 'RFC 8156 8.6.1',
  },
  alarm: 'never',
  enter: (endpoint, step) => endpoint.endRecoverWaitIfDue(step),
})
