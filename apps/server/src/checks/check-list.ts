/** All findings in one list: of this server, of both configurations, and of each partner. */
import { checkOutcomes } from '@tandem/api-contract'
import type { Check, CheckedServer, CheckList } from '@tandem/api-contract'
import type { PartnerChecks } from '../http/channel-views.ts'

export interface Looked {
  readonly server: CheckedServer
  /** By this server; comparisons of configurations too. */
  readonly own: readonly Check[]
  /** One for each relationship: several may have the same partner. */
  readonly partners: readonly PartnerChecks[]
}

export function checkListOf({ server, own, partners }: Looked): CheckList {
  const told = partners.flatMap(({ items }) => items)
  return {
    servers: [server, ...eachOnce(partners.map((partner) => partner.server))],
    items: [...own, ...withoutRepetitions(told)].toSorted(worstFirst),
  }
}

/** Of a partner that answers for one relationship and not for another, that it does not. */
function eachOnce(servers: readonly CheckedServer[]): readonly CheckedServer[] {
  const told = servers.filter(({ outcome }) => outcome === 'told')
  const unavailable = servers.filter(({ outcome }) => outcome === 'unavailable')
  return [...new Map([...told, ...unavailable].map((each) => [each.serverName, each])).values()]
}

/** What a partner finds of itself it says for each relationship. */
function withoutRepetitions(items: readonly Check[]): readonly Check[] {
  const keyOf = ({ serverName, relationship, subject, what }: Check): string =>
    JSON.stringify([serverName, relationship, subject, what])
  return [...new Map(items.map((item) => [keyOf(item), item])).values()]
}

/** For a stable sort: within an outcome the order of who found it stays. */
function worstFirst(a: Check, b: Check): number {
  return checkOutcomes.indexOf(b.outcome) - checkOutcomes.indexOf(a.outcome)
}
