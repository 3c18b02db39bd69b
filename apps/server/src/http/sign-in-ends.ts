/** The little that a capability may know of sessions: to say that a sign-in has ended. */

export const SIGN_IN_ENDS = Symbol('sign-in ends')

export interface SignInEnds {
  /** Hash of a session's cookie, or the id of an API token. */
  announceEnd(principalId: string): void
}
