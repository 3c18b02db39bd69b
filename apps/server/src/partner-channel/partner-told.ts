/** Reads what the partner says of itself. It may be of another version: what is new is passed over, what is missing or odd counts as not said. */
import { AnsweredClients, Count, FailoverState, Timestamp } from '@tandem/api-contract'
import type { PartnerTold } from '@tandem/api-contract'
import * as z from 'zod'

export interface ToldBy {
  readonly partnerName: string
  readonly relationship: string
}

export type ReadAnswer =
  | { readonly ok: true; readonly told: PartnerTold }
  | { readonly ok: false; readonly problem: string }

const Version = z.string().min(1).max(64)
const Partner = z.object({ state: FailoverState, since: Timestamp, startup: z.boolean() })

/** `askedAtMs`: the middle between question and answer, by the clock of this server. */
export function readStatus(body: unknown, { partnerName, relationship }: ToldBy, askedAtMs: number): ReadAnswer {
  const server = partOf(body, 'server')
  const own = partOf(body, 'relationship')
  const name = said(z.string(), server, 'name')
  if (name === null) return { ok: false, problem: 'its answer is not understood: it does not say who answers' }
  if (name !== partnerName) return { ok: false, problem: `another server answers there, not ${partnerName}` }
  if (said(z.literal(relationship), own, 'name') === null) {
    return { ok: false, problem: `its answer is not understood: it is not about ${relationship}` }
  }
  const now = said(Timestamp, server, 'now')
  return {
    ok: true,
    told: {
      version: said(Version, server, 'version'),
      state: said(FailoverState, own, 'state'),
      stateSince: said(Timestamp, own, 'stateSince'),
      answers: said(AnsweredClients, own, 'answers'),
      communicationsOk: said(z.boolean(), own, 'communicationsOk'),
      lastHeardFromPartnerAt: said(Timestamp, own, 'lastHeardFromPartnerAt'),
      partner: said(Partner, own, 'partner'),
      drainingPools: said(z.array(z.string()), own, 'drainingPools'),
      updatesOwed: said(Count, own, 'updatesOwed'),
      stale: said(z.boolean(), server, 'stale'),
      clockOffsetMs: now === null ? null : Math.round(askedAtMs - Date.parse(now)),
    },
  }
}

function partOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}

function said<T>(schema: z.ZodType<T>, part: unknown, name: string): T | null {
  const read = schema.safeParse(partOf(part, name))
  return read.success ? read.data : null
}
