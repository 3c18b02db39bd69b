/** Lists are paged by key: each page carries the cursor of the next, or null at the end. */
import * as z from 'zod'
import { Timestamp } from './values.ts'

export const PAGE_LIMIT_MAX = 500
export const PAGE_LIMIT_DEFAULT = 50

export const pageQuery = {
  cursor: z.string().min(1).max(400).optional().describe('nextCursor of the page before; opaque'),
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
}

/** For lists in the order of a time. */
export const timeQuery = {
  from: Timestamp.optional().describe('Not older than this'),
  to: Timestamp.optional().describe('Not newer than this'),
}

/** A page of items, in the order of their keys. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}
