/** What is wrong with a configuration, where, and what to do about it. */

export interface ConfigurationProblem {
  /** Where it stands, for example `['subnets', 0, 'addressPools', 1]`. */
  readonly path: readonly (string | number)[]
  /** What is wrong, without the path. */
  readonly message: string
  /** What to do about it, a sentence. */
  readonly remedy: string
}

/** As people write it: `subnets[0].addressPools[1]`. */
export function pathText(path: ConfigurationProblem['path']): string {
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('')
}
