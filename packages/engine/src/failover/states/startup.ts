/** RFC 8156 section 8.3: silent until the partner has been heard or the start-up time is over. Never recorded. */
import { defineState, forBoth } from './define-state.ts'

export const startup = defineState({
  name: 'STARTUP',
  policy: {
    answers: forBoth('nobody'),
    allocatesFrom: forBoth('nothing'),
    mcltBound: true,
    rule: 'RFC 8156 8.3.1',
  },
  alarm: 'never',
})
