/** What the two servers of a relationship are configured to do, setting by setting: where they differ, and what that means. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { Count, Timestamp } from '../values.ts'

export const settingGroups = [
  'relationship',
  'subnet',
  'address-pool',
  'prefix-pool',
  'reservation',
  'lifetime',
  'option',
] as const
export const SettingGroup = z.enum(settingGroups)
export type SettingGroup = z.infer<typeof SettingGroup>

export const differenceWeights = ['must-agree', 'should-agree', 'one-is-in-force'] as const

export const ConfigurationDifference = z
  .object({
    group: SettingGroup,
    subnetId: z.string().nullable().describe('null: a setting of the relationship itself'),
    setting: z
      .string()
      .describe('As in the configuration file, for example `lifetimes.valid`; or the id of what has it'),
    here: z.string().nullable().describe('On this server; null: it has no such thing'),
    there: z.string().nullable().describe('On the partner; null: it has no such thing'),
    weight: z
      .enum(differenceWeights)
      .describe(
        '`must-agree`: failover does not work for it while it differs; `should-agree`: clients are treated differently, by whichever ' +
          'server answers; `one-is-in-force`: the setting of one of the two rules both',
      ),
    meaning: z.string().describe('What comes of it, in words'),
  })
  .meta({ id: 'ConfigurationDifference' })
export type ConfigurationDifference = z.infer<typeof ConfigurationDifference>

/** Of more, the first ones are told. */
export const CONFIGURATION_DIFFERENCES_MAX = 200

export const ConfigurationComparison = z
  .object({
    relationship: z.string(),
    serverName: z.string(),
    partnerName: z.string(),
    outcome: z.enum(['compared', 'unavailable']).describe('`unavailable`: the partner could not be asked'),
    problem: z.string().nullable().describe('Why it could not be asked'),
    asOf: Timestamp.describe('When it was asked, by the clock of this server'),
    settings: Count.describe(
      'How many were compared; what is each server’s own, such as its addresses, is not among them',
    ),
    differing: Count,
    differences: z
      .array(ConfigurationDifference)
      .describe(`What must agree first; ${CONFIGURATION_DIFFERENCES_MAX} at most`),
  })
  .meta({ id: 'ConfigurationComparison' })
export type ConfigurationComparison = z.infer<typeof ConfigurationComparison>

export const compareConfigurations = defineRoute({
  method: 'GET',
  path: '/relationships/:name/configuration-comparison',
  permission: 'status.read',
  summary: 'Where the configurations of the two servers differ, asked now over the private channel',
  description:
    'Of the relationship and of its subnets. The order in a file, and how a value is written, make no difference. The answer ' +
    'takes some seconds at most.',
  params: z.object({ name: z.string().min(1).max(255) }),
  answer: ConfigurationComparison,
})
