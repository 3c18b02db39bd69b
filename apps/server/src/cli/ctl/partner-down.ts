/** `tandem ctl partner-down`: shows what there is to know, asks for the name of the partner, and declares it down. */
import { createInterface } from 'node:readline/promises'
import { failoverStateWord } from '@tandem/api-contract'
import type { FailoverState, Relationship } from '@tandem/api-contract'
import { UserError } from '../user-error.ts'
import type { CtlApi } from './api-over-http.ts'
import { ExitCode } from './exit-codes.ts'
import { print, printJson, remark } from './output.ts'
import type { Format } from './output.ts'
import { relationshipText } from './status.ts'

export interface PartnerDownWish {
  readonly relationship: string
  readonly reason: string
  readonly force: boolean
  readonly downSince: string | undefined
  /** The state on which it was decided; absent: the one that is shown now. */
  readonly seenState: FailoverState | undefined
  readonly idempotencyKey: string | undefined
  /** Without being asked. */
  readonly yes: boolean
  /** Only says whether it is allowed. */
  readonly check: boolean
}

export async function declarePartnerDown(api: CtlApi, wish: PartnerDownWish, format: Format): Promise<ExitCode> {
  const before = await api.getRelationship({ params: { name: wish.relationship } })
  if (wish.check) return check(before, wish, format)
  if (!wish.yes) await confirm(before)
  const { reason, force, downSince, idempotencyKey } = wish
  const after = await api.declarePartnerDown({
    params: { name: wish.relationship },
    body: {
      reason,
      force,
      seenState: wish.seenState ?? before.state,
      ...(downSince === undefined ? {} : { downSince }),
    },
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  })
  if (format === 'text') print(relationshipText(after).trimStart())
  else printJson(after, format)
  return ExitCode.done
}

function check({ state, commands }: Relationship, { force }: PartnerDownWish, format: Format): ExitCode {
  const { allowed, needsForce, because } = commands.declarePartnerDown
  if (format !== 'text') printJson({ state, ...commands.declarePartnerDown }, format)
  else print(`${allowed ? (needsForce ? 'Allowed with --force' : 'Allowed') : 'Not allowed'}: ${because}`)
  return allowed && (force || !needsForce) ? ExitCode.done : ExitCode.refused
}

/** Two servers that both serve alone give one address to two clients, so a slip of the hand must not do it. */
async function confirm(relationship: Relationship): Promise<void> {
  const { partnerName, state, commands } = relationship
  if (!process.stdin.isTTY) {
    throw new UserError(`Nobody is there to confirm it: add --yes if you are sure that ${partnerName} does not run.`)
  }
  remark(relationshipText(relationship).trimStart())
  remark(`\n${commands.declarePartnerDown.because}`)
  remark(`In ${failoverStateWord(state)} you are about to declare that ${partnerName} does not run. Be sure of it:`)
  remark('two servers that both serve alone give one address to two clients.')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await lines.question(`Type ${partnerName} to go on: `)
  lines.close()
  if (answer.trim() !== partnerName) throw new UserError('Nothing was done.')
}
