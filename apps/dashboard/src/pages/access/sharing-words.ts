/** Whether accounts are those of the partner too, in a sentence. */
import type { AccountSharing } from '@tandem/api-contract'

export interface SharingWords {
  readonly tone: 'ok' | 'degraded' | 'idle'
  readonly text: string
}

export function sharingWords({ serverName, state, problem }: AccountSharing): SharingWords {
  switch (state) {
    case 'in-step':
      return problem === null
        ? {
            tone: 'ok',
            text: `Operators, API tokens and webhooks are those of ${serverName} too. A change is in force there within two seconds.`,
          }
        : {
            tone: 'degraded',
            text: `Operators, API tokens and webhooks are those of ${serverName} too, but: ${problem}.`,
          }
    case 'not-asked-yet':
    case 'silent':
      return {
        tone: 'degraded',
        text: `${serverName} is not heard: what is changed here, a revoked token too, is in force there only once it is heard again.`,
      }
    case 'unusable':
      return {
        tone: 'degraded',
        text: `Accounts are not in step with ${serverName} (${problem}): revoke and remove there too.`,
      }
    case 'own-accounts':
      return {
        tone: 'idle',
        text: `${serverName} has operators, API tokens and webhooks of its own, and nothing done here holds there: ${problem}.`,
      }
  }
}
