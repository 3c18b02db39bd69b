/** RFC 8156 section 8.5: fetch from the partner what this server has missed or lost before it speaks to anyone. */
import { defineState, forBoth } from './define-state.ts'

export const recover = defineState({
  name: 'RECOVER',
  policy: {
    answers: forBoth('nobody'),
    allocatesFrom: forBoth('nothing'),
    mcltBound: true,
    rule: 'RFC 8156 8.5.1',
  },
  // Silent, and nobody to fetch from: the clients of both are without a server.
  alarm: { from: ['STARTUP'] },
})
