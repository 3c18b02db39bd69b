/** Which situation the mock plays: `?mock=degraded` in the address chooses, and this browser tab remembers. `young`: just started. */

export const scenarios = [
  'normal',
  'young',
  'degraded',
  'partner-down',
  'recovering',
  'recover-wait',
  'empty',
  'error',
  'setup',
] as const
export type Scenario = (typeof scenarios)[number]

const KEY = 'tandem-mock-scenario'

export function chosenScenario(): Scenario {
  const asked = new URLSearchParams(location.search).get('mock') ?? sessionStorage.getItem(KEY)
  const scenario = scenarios.find((name) => name === asked) ?? 'normal'
  sessionStorage.setItem(KEY, scenario)
  return scenario
}
