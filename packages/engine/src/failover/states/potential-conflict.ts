/** RFC 8156 section 8.10: both may have granted the same lease; nobody is answered until both have told all. */
import { defineState, forBoth } from './define-state.ts'

export const potentialConflict = defineState({
  name: 'POTENTIAL-CONFLICT',
  policy: {
    answers: forBoth('nobody'),
    allocatesFrom: forBoth('nothing'),
    mcltBound: true,
    rule: 'RFC 8156 8.10.1',
  },
  alarm: 'always',
  // The secondary waits until the primary has heard everything.
  enter: (endpoint, step) => {
    if (endpoint.role === 'primary' && endpoint.communicationsOk()) endpoint.requestUpdates(step)
  },
})
