/** RFC 8156 section 8.8: the primary answers everybody, the secondary what is addressed to it by name. */
import { defineState, forBoth } from './define-state.ts'

export const normal = defineState({
  name: 'NORMAL',
  policy: {
    answers: { primary: 'everyone', secondary: 'own-identifier' },
    allocatesFrom: forBoth('own'),
    mcltBound: true,
    rule: 'RFC 8156 8.8.1',
  },
  alarm: 'never',
  enter: (endpoint, step) => endpoint.flushUpdates(step),
})
