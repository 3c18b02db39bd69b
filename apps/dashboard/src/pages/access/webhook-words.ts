/** What a webhook is sent, and how it goes, in words. */
import type { Webhook, WebhookDelivery } from '@tandem/api-contract'

export function sendsWords({ subnets, kinds, events }: Pick<Webhook, 'subnets' | 'kinds' | 'events'>): string {
  const what = kinds.length === 1 ? (kinds[0] === 'prefix' ? 'prefixes' : 'addresses') : 'addresses and prefixes'
  const when = events.length === 0 ? 'assigned, renewed, ended' : events.join(', ')
  const where = subnets.length === 0 ? '' : ` of ${subnets.join(', ')}`
  return `${what}${where}: ${when}`
}

type Tone = 'ok' | 'degraded' | 'down' | 'idle'

export const webhookStateWords: Readonly<
  Record<WebhookDelivery['state'], { readonly word: string; readonly tone: Tone }>
> = {
  'in-step': { word: 'All delivered', tone: 'ok' },
  delivering: { word: 'Delivering', tone: 'idle' },
  'trying-again': { word: 'Trying again', tone: 'degraded' },
  stopped: { word: 'Stopped', tone: 'down' },
  'not-begun': { word: 'Not begun', tone: 'idle' },
}
