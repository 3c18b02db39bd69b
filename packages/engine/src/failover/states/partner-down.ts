/** RFC 8156 section 8.4: act alone, and touch what was the partner's only when its promises have run out. */
import { defineState, forBoth } from './define-state.ts'

export const partnerDown = defineState({
  name: 'PARTNER-DOWN',
  policy: {
    answers: forBoth('everyone'),
    allocatesFrom: forBoth('own-then-partners-prefixes-after-mclt'),
    mcltBound: false,
    rule: 'RFC 8156 8.4.1',
  },
  alarm: 'always',
})
