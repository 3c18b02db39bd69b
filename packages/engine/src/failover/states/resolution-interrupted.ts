/** RFC 8156 section 8.11: the partner vanished while the conflict was being resolved; clients must not wait for it. */
import { defineState, forBoth } from './define-state.ts'

export const resolutionInterrupted = defineState({
  name: 'RESOLUTION-INTERRUPTED',
  policy: {
    answers: forBoth('everyone'),
    allocatesFrom: forBoth('own'),
    mcltBound: true,
    rule: 'RFC 8156 8.11.1',
  },
  alarm: 'always',
})
