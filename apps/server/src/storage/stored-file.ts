/** The database file by its identity: what goes into a file that was taken away is not durable, though every write succeeds. */
import { statSync } from 'node:fs'

export class StorageGone extends Error {
  override readonly name = 'StorageGone'
  readonly code = 'STORAGE_GONE'
}

export class StoredFile {
  readonly #file: string
  readonly #identity: string

  constructor(file: string) {
    this.#file = file
    this.#identity = identityOf(file) ?? ''
  }

  /** Throws when a restart would not find this file any more. */
  mustBeInPlace(): void {
    if (identityOf(this.#file) !== this.#identity) {
      throw new StorageGone(`the database file ${this.#file} was removed or replaced while the server runs`)
    }
  }
}

function identityOf(file: string): string | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? undefined : `${found.dev}/${found.ino}`
}
