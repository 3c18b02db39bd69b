/** RFC 8156 section 8.12: the primary has heard all and serves; the secondary is still fetching (decision 0026). */
import { defineState } from './define-state.ts'

export const conflictDone = defineState({
  name: 'CONFLICT-DONE',
  policy: {
    answers: { primary: 'everyone', secondary: 'nobody' },
    allocatesFrom: { primary: 'own', secondary: 'nothing' },
    mcltBound: true,
    rule: 'RFC 8156 8.12',
  },
  alarm: 'never',
  enter: (endpoint, step) => endpoint.flushUpdates(step),
})
