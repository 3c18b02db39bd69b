/** Looks at this server now. It needs the words of the whole server and of every relationship, so app.module.ts puts it together. */
import type { Check } from '@tandem/api-contract'

export const CHECK_READER = Symbol('check reader')

export interface CheckReader {
  /** Of the whole server, and of this relationship; undefined: of each. */
  read(relationship?: string): Promise<readonly Check[]>
}
