/** What a server does in a state, in words. */
import { failoverStateMachine } from '@tandem/api-contract'
import type { FailoverState, FailoverStateRules, Relationship } from '@tandem/api-contract'

const answersWords: Readonly<Record<FailoverStateRules['answers']['primary'], string>> = {
  everyone: 'answers every client',
  'own-identifier': 'answers only clients that name it',
  nobody: 'answers no client',
}

const leasesWords: Readonly<
  Record<FailoverStateRules['newLeasesFrom']['primary'], (names: { readonly partnerName: string }) => string>
> = {
  nothing: () => 'gives no new leases',
  own: () => 'gives new leases of what it holds free itself',
  'own-then-partners-prefixes-after-mclt': ({ partnerName }) =>
    `gives new leases of what it holds free itself, and after the MCLT of the prefixes that ${partnerName} held free`,
}

/** `alpha answers every client, and gives new leases of what it holds free itself.` */
export function rulesWords(
  state: FailoverState,
  {
    serverName,
    partnerName,
    role,
    activeStandby,
  }: Pick<Relationship, 'serverName' | 'partnerName' | 'role' | 'activeStandby'>,
): string {
  const rules = failoverStateMachine.states.find((each) => each.state === state)
  if (rules === undefined) throw new Error(`${state} has no rules`)
  const answers = rules.answers[role]
  // Decision 0082: the one rule that configuration changes.
  const offersToo = activeStandby && state === 'normal' && role === 'secondary' ? ' and offers leases to new ones' : ''
  const leases = leasesWords[rules.newLeasesFrom[role]]({ partnerName })
  const who = `${serverName} ${answersWords[answers]}${offersToo}`
  if (answers === 'nobody') return `${who}.`
  const bound = rules.mcltBound
    ? `no lease runs further than the MCLT beyond what ${partnerName} knows`
    : 'lifetimes are not bound by the MCLT'
  return `${who} and ${leases}; ${bound}.`
}
