/** What anybody may ask: is the process up, and does it serve. */
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

export const Readiness = z.object({ status: z.literal('ready') }).meta({ id: 'Readiness' })
export type Readiness = z.infer<typeof Readiness>

export const getReadiness = defineRoute({
  method: 'GET',
  path: '/readiness',
  permission: 'open',
  summary: 'Whether the server answers clients',
  description:
    'For supervisors and load balancers: 200 while it answers clients, or leaves them to a partner in contact; else 503 with ' +
    'the reason: it is stalled, hears no client, or waits before it may serve.',
  answer: Readiness,
})
