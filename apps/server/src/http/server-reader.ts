/** Reads the view of the whole server. It needs the words of every relationship, so app.module.ts puts it together. */
import type { Server } from '@tandem/api-contract'

export const SERVER_READER = Symbol('server reader')

export interface ServerReader {
  read(): Promise<Server>
}
