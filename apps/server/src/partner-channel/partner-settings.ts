/** The settings of the partner, asked page by page, and what of them differs from ours. */
import { CONFIGURATION_DIFFERENCES_MAX, SettingGroup } from '@tandem/api-contract'
import type { ConfigurationComparison } from '@tandem/api-contract'
import * as z from 'zod'
import { compareSettings } from '../configuration/compare-settings.ts'
import { keyOf, type SharedSetting } from '../configuration/shared-settings.ts'
import { countOf, isoOf } from '../http/view-values.ts'
import { pathOf } from './channel-contract.ts'
import type { PartnerToAsk } from './partner-lease.ts'

/** Of what the partner reads in one answer, with room for what stands around it. */
const SETTINGS_OCTETS_MAX = 200_000
/** More than a server with a hundred thousand reservations has. */
const PAGES_MAX = 100

export interface ToldSettings {
  readonly items: readonly SharedSetting[]
  /** From which key on there are more; null: that was all. */
  readonly nextFrom: string | null
}

/** Those with this key and the following ones, as many as are told at once. */
export function settingsFrom(settings: readonly SharedSetting[], from = ''): ToldSettings {
  const rest = settings.filter((each) => keyOf(each) >= from)
  let octets = 0
  let count = 0
  for (const each of rest) {
    octets += Buffer.byteLength(JSON.stringify(each)) + 1
    // At least one, so that whoever asks goes on.
    if (octets > SETTINGS_OCTETS_MAX && count > 0) break
    count += 1
  }
  const next = rest[count]
  return { items: rest.slice(0, count), nextFrom: next === undefined ? null : keyOf(next) }
}

export interface ComparedSide {
  readonly serverName: string
  readonly settings: readonly SharedSetting[]
}

export async function askSettings(
  partner: PartnerToAsk,
  { serverName, settings }: ComparedSide,
  clock: () => number,
): Promise<ConfigurationComparison> {
  const { relationship, partnerName } = partner
  const told = await allOf(partner)
  const asOfMs = clock()
  if (!told.ok) return settingsUnavailable({ relationship, serverName, partnerName }, told.problem, asOfMs)
  const { compared, differences } = compareSettings(settings, told.settings)
  return {
    relationship,
    serverName,
    partnerName,
    outcome: 'compared',
    problem: null,
    asOf: isoOf(asOfMs),
    settings: countOf(compared),
    differing: countOf(differences.length),
    differences: differences.slice(0, CONFIGURATION_DIFFERENCES_MAX),
  }
}

export function settingsUnavailable(
  names: Pick<ConfigurationComparison, 'relationship' | 'serverName' | 'partnerName'>,
  problem: string,
  asOfMs: number,
): ConfigurationComparison {
  const nothing = { settings: countOf(0), differing: countOf(0), differences: [] }
  return { ...names, outcome: 'unavailable', problem, asOf: isoOf(asOfMs), ...nothing }
}

/** Of groups that this version does not know nothing is understood. */
const Told = z.object({
  items: z.array(
    z.looseObject({ group: z.string(), subnetId: z.string().nullable(), setting: z.string(), value: z.string() }),
  ),
  nextFrom: z.string().nullable(),
})

type All =
  | { readonly ok: true; readonly settings: readonly SharedSetting[] }
  | { readonly ok: false; readonly problem: string }

async function allOf({ relationship, questions }: PartnerToAsk): Promise<All> {
  const settings: SharedSetting[] = []
  let from: string | undefined
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const asked = await questions.ask(
      pathOf({ relationship, kind: 'settings', ...(from === undefined ? {} : { from }) }),
    )
    if (asked.kind === 'unusable' && asked.status === 404) {
      return { ok: false, problem: 'it does not tell its configuration; it may be of an older version' }
    }
    if (asked.kind !== 'answered') return { ok: false, problem: asked.problem }
    const told = Told.safeParse(asked.body)
    if (!told.success) return { ok: false, problem: 'its answer is not understood: it has no list of settings' }
    for (const { group, subnetId, setting, value } of told.data.items) {
      const known = SettingGroup.safeParse(group)
      if (known.success) settings.push({ group: known.data, subnetId, setting, value })
    }
    if (told.data.nextFrom === null) return { ok: true, settings }
    from = told.data.nextFrom
  }
  return { ok: false, problem: `it has not told all of its settings in ${PAGES_MAX} answers` }
}
