/** The storage cannot be used: not there, not ours, not safe. */
export class StorageUnusable extends Error {
  override readonly name = 'StorageUnusable'

  /** The message is the whole sentence for the operator. */
  constructor(sentence: string, options: { readonly cause?: unknown } = {}) {
    super(sentence, options)
  }
}

/** One sentence from whatever went wrong. */
export function asUnusable(storage: string, error: unknown): StorageUnusable {
  if (error instanceof StorageUnusable) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new StorageUnusable(`The storage ${storage} cannot be used: ${reason}.`, { cause: error })
}
