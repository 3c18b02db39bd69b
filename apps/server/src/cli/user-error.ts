/** A failure that the user can do something about: its message is one clear sentence, and no stack is shown. */
export class UserError extends Error {}

/** The sentence for an error of the operating system, for example a port that is taken. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
