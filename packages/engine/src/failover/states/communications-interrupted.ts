/** RFC 8156 section 8.9: the partner may be running, so both answer everybody, each from its own leases. */
import { defineState, forBoth } from './define-state.ts'

export const communicationsInterrupted = defineState({
  name: 'COMMUNICATIONS-INTERRUPTED',
  policy: {
    answers: forBoth('everyone'),
    allocatesFrom: forBoth('own'),
    mcltBound: true,
    rule: 'RFC 8156 8.9.1',
  },
  alarm: { from: ['NORMAL', 'STARTUP'] },
})
