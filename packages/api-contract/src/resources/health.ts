/** The one route that anybody may ask: is the process up. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'

export const Health = z.object({ status: z.enum(['up', 'stalled']) }).meta({ id: 'Health' })
export type Health = z.infer<typeof Health>

export const getHealth = defineRoute({
  method: 'GET',
  path: '/health',
  permission: 'open',
  summary: 'Whether the server is up',
  description: 'One word: `up`, or `stalled` while the data plane publishes nothing. More needs a session.',
  answer: Health,
})
