/** Where the two servers of a relationship do not say the same of one thing: what an operator would otherwise have to find cell by cell. */
import { failoverStateWord } from '@tandem/api-contract'
import type { Relationship } from '@tandem/api-contract'

/** What moves on one server reaches the other, and the next answer, only then. */
const SETTLED_AFTER_MS = 4_000

/** Only while the partner answers, and not in the moment of a change: an old word is no contradiction. */
export function disagreements(of: Relationship): readonly string[] {
  const { serverName, partnerName, partnerView } = of
  const told = partnerView?.channel.state === 'answers' ? partnerView.told : null
  if (told === null || !isSettled(of)) return []
  const { state, partner, communicationsOk, answers } = told
  const said: string[] = []
  if (communicationsOk !== null && communicationsOk !== of.communicationsOk) {
    const [hears, deaf] = of.communicationsOk ? [serverName, partnerName] : [partnerName, serverName]
    said.push(`${hears} is in contact with ${deaf}, and ${deaf} has no contact with ${hears}.`)
  }
  if (of.communicationsOk && of.partner !== null && state !== null && state !== of.partner.state) {
    said.push(
      `${partnerName} is in ${failoverStateWord(state)}, and ${serverName} takes it to be in ${failoverStateWord(of.partner.state)}.`,
    )
  }
  if (communicationsOk === true && partner !== null && partner.state !== of.state) {
    said.push(
      `${serverName} is in ${failoverStateWord(of.state)}, and ${partnerName} takes it to be in ${failoverStateWord(partner.state)}.`,
    )
  }
  if (of.state === 'partner-down' && state === 'partner-down') {
    said.push(
      `Both serve alone, each taking the other not to run: they may give one address to two clients. Stop one of them.`,
    )
  } else if (of.state === 'partner-down' && answers === 'everyone') {
    said.push(`${serverName} serves alone, and ${partnerName} runs and answers every client. Stop one of them.`)
  }
  return said
}

function isSettled({ stateSince, connection, partnerView }: Relationship): boolean {
  const changedAt = Math.max(Date.parse(stateSince), Date.parse(connection.since))
  return Date.parse(partnerView?.asOf ?? '') - changedAt >= SETTLED_AFTER_MS
}
