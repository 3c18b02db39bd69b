/** Two configurations of one relationship, setting by setting: what differs, how much that matters and what comes of it. */
import type { ConfigurationDifference, SettingGroup } from '@tandem/api-contract'
import { keyOf, type SharedSetting } from './shared-settings.ts'

type Consequence = Pick<ConfigurationDifference, 'weight' | 'meaning'>

export interface ComparedSettings {
  /** Those that one of the two has, without what stands in a subnet that only one of them serves. */
  readonly compared: number
  /** What must agree first. */
  readonly differences: readonly ConfigurationDifference[]
}

/** Groups of what is there or not; a setting of any other group has a value on each server that knows it. */
const MAY_BE_ABSENT: ReadonlySet<SettingGroup> = new Set(['subnet', 'address-pool', 'prefix-pool', 'reservation'])

export function compareSettings(here: readonly SharedSetting[], there: readonly SharedSetting[]): ComparedSettings {
  const subnetsOfBoth = subnetsIn(here).intersection(subnetsIn(there))
  const isCompared = ({ group, subnetId }: SharedSetting): boolean =>
    subnetId === null || group === 'subnet' || subnetsOfBoth.has(subnetId)
  const ours = byKey(here.filter(isCompared))
  const theirs = byKey(there.filter(isCompared))
  const pairs = [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((key) =>
    pairOf(ours.get(key), theirs.get(key)),
  )
  const differences = pairs.flatMap(({ here: mine, there: other, of }) =>
    mine === other ? [] : [{ ...of, here: mine, there: other, ...consequenceOf(of) }],
  )
  return { compared: pairs.length, differences: differences.toSorted(byWeight) }
}

interface Pair {
  readonly of: Omit<SharedSetting, 'value'>
  readonly here: string | null
  readonly there: string | null
}

function pairOf(ours: SharedSetting | undefined, theirs: SharedSetting | undefined): readonly Pair[] {
  const known = ours ?? theirs
  if (known === undefined) return []
  // The other server is of a version that does not tell it, or tells what this one does not know.
  if ((ours === undefined || theirs === undefined) && !MAY_BE_ABSENT.has(known.group)) return []
  const { value: _, ...of } = known
  return [{ of, here: ours?.value ?? null, there: theirs?.value ?? null }]
}

function subnetsIn(settings: readonly SharedSetting[]): Set<string | null> {
  return new Set(settings.filter(({ group }) => group === 'subnet').map(({ subnetId }) => subnetId))
}

function byKey(settings: readonly SharedSetting[]): ReadonlyMap<string, SharedSetting> {
  return new Map(settings.map((each) => [keyOf(each), each]))
}

const weights: readonly ConfigurationDifference['weight'][] = ['must-agree', 'should-agree', 'one-is-in-force']

function byWeight(a: ConfigurationDifference, b: ConfigurationDifference): number {
  return weights.indexOf(a.weight) - weights.indexOf(b.weight) || (keyOf(a) < keyOf(b) ? -1 : 1)
}

function consequenceOf({ group, setting }: Omit<SharedSetting, 'value'>): Consequence {
  return group === 'relationship' ? (ofRelationship[setting] ?? unknownSetting) : ofGroup[group]
}

const unknownSetting: Consequence = { weight: 'should-agree', meaning: 'The two servers do not do the same.' }

const ofRelationship: Readonly<Record<string, Consequence>> = {
  primary: { weight: 'must-agree', meaning: 'Both take the same part, and refuse each other’s connection.' },
  transport: { weight: 'must-agree', meaning: 'One speaks TLS and the other does not: they cannot connect.' },
  mclt: { weight: 'one-is-in-force', meaning: 'That of the primary is in force on both (RFC 8156 6.1.2).' },
  doubleLease: {
    weight: 'must-agree',
    meaning: 'Where a client has got a lease from each, one server would keep the latest and the other both.',
  },
  autoPartnerDown: {
    weight: 'should-agree',
    meaning: 'They begin to serve alone by themselves after different times, or only one of them does.',
  },
  secondaryPrefixShare: {
    weight: 'one-is-in-force',
    meaning: 'The primary balances the prefixes, by its own setting.',
  },
  prefixRebalanceThreshold: {
    weight: 'one-is-in-force',
    meaning: 'The primary balances the prefixes, by its own setting.',
  },
  activeStandby: { weight: 'one-is-in-force', meaning: 'Only the setting of the secondary has an effect.' },
}

const ofGroup: Readonly<Record<Exclude<SettingGroup, 'relationship'>, Consequence>> = {
  subnet: {
    weight: 'must-agree',
    meaning: 'Only one of them serves its clients, and updates of its leases are rejected by the other.',
  },
  'address-pool': {
    weight: 'must-agree',
    meaning:
      'The other gives none of its addresses: a part of them is given by nobody, and when it serves alone all are missing.',
  },
  'prefix-pool': {
    weight: 'must-agree',
    meaning: 'The other gives none of its prefixes, and its part of them goes to nobody.',
  },
  reservation: {
    weight: 'must-agree',
    meaning: 'One server keeps the lease for a client, and the other may give it to another or refuse the update.',
  },
  lifetime: { weight: 'should-agree', meaning: 'A client gets another lifetime, by whichever server answers.' },
  option: { weight: 'should-agree', meaning: 'A client is told something else, by whichever server answers.' },
}
