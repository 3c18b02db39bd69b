/** `tandem ctl compare-configuration`: where the two servers of a relationship are configured otherwise. */
import type { ConfigurationComparison, ConfigurationDifference } from '@tandem/api-contract'
import type { CtlApi } from './api-over-http.ts'
import { ExitCode } from './exit-codes.ts'
import { print, printJson, remark, table } from './output.ts'
import type { Format, Row } from './output.ts'

export async function compareConfigurations(api: CtlApi, relationship: string, format: Format): Promise<ExitCode> {
  const comparison = await api.compareConfigurations({ params: { name: relationship } })
  if (format !== 'text') printJson(comparison, format)
  else printText(comparison)
  return exitCodeOf(comparison)
}

function printText({
  partnerName,
  serverName,
  outcome,
  problem,
  settings,
  differing,
  ...of
}: ConfigurationComparison): void {
  if (outcome === 'unavailable') return remark(`Not compared with ${partnerName}: ${problem}.`)
  if (of.differences.length === 0) return print(`All ${settings} settings that both should have alike agree.`)
  print(table([['WEIGHT', 'SUBNET', 'SETTING', serverName, partnerName, 'MEANS'], ...of.differences.map(rowOf)]))
  remark(`${differing} of ${settings} settings differ.`)
}

function rowOf({ weight, subnetId, group, setting, here, there, meaning }: ConfigurationDifference): Row {
  const named = setting === subnetId || group === 'relationship' ? setting : `${group} ${setting}`
  return [weight, subnetId ?? '-', named, here ?? 'not there', there ?? 'not there', meaning]
}

function exitCodeOf({ outcome, differences }: ConfigurationComparison): ExitCode {
  if (outcome === 'unavailable') return ExitCode.notNow
  return differences.some(({ weight }) => weight !== 'one-is-in-force') ? ExitCode.degraded : ExitCode.done
}
