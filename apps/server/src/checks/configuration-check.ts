/** The comparison of both configurations, as a finding. */
import type { Check, ConfigurationComparison } from '@tandem/api-contract'

export function configurationCheck(of: ConfigurationComparison): Check {
  const { relationship, serverName, partnerName, outcome, problem, settings, differing, differences } = of
  const check = {
    subject: 'configuration-match',
    serverName,
    relationship,
    what: `Configurations of ${serverName} and ${partnerName}`,
  } as const
  if (outcome === 'unavailable') {
    return {
      ...check,
      outcome: 'unknown',
      finding: `They could not be compared: ${problem ?? 'no reason is known'}.`,
      remedy: null,
    }
  }
  if (differences.length === 0) {
    return {
      ...check,
      outcome: 'good',
      finding: `All ${settings} settings that both should have alike agree.`,
      remedy: null,
    }
  }
  const must = differences.some(({ weight }) => weight === 'must-agree')
  const should = differences.some(({ weight }) => weight === 'should-agree')
  return {
    ...check,
    outcome: must ? 'bad' : should ? 'warning' : 'good',
    finding: `${differing} of ${settings} settings differ.`,
    remedy: must || should ? `See them on the page of ${relationship}, and make both files say the same.` : null,
  }
}
