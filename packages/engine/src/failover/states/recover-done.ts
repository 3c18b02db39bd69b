/** RFC 8156 section 8.7: recovered, waiting for the partner to agree; renews what is on record, allocates nothing. */
import { defineState, forBoth } from './define-state.ts'

export const recoverDone = defineState({
  name: 'RECOVER-DONE',
  policy: {
    answers: forBoth('own-identifier'),
    allocatesFrom: forBoth('nothing'),
    mcltBound: true,
    rule: 'RFC 8156 8.7.1',
  },
  alarm: 'never',
})
