/** `tandem ctl hand-over`, `take-back`, `resync` and `rebalance`: whether it is allowed, what it does, and the command itself. */
import type { CommandAllowance, Relationship } from '@tandem/api-contract'
import type { CtlApi } from './api-over-http.ts'
import { ExitCode } from './exit-codes.ts'
import { print, printJson } from './output.ts'
import type { Format } from './output.ts'
import { relationshipText } from './status.ts'

export type ServiceCommandName = 'hand-over' | 'take-back' | 'resync' | 'rebalance'

interface Words {
  readonly allowance: (of: Relationship['commands']) => CommandAllowance
  readonly send: CtlApi['handOver']
}

export interface ServiceWish {
  readonly relationship: string
  readonly reason: string
  readonly idempotencyKey: string | undefined
  /** Only says whether it is allowed. */
  readonly check: boolean
}

export const serviceCommandDescriptions: Readonly<Record<ServiceCommandName, string>> = {
  'hand-over': 'hand service over to the partner, for maintenance of this server',
  'take-back': 'take service back after a hand-over',
  resync: 'fetch every lease from the partner',
  rebalance: 'share out the pools between the servers exactly as configured',
}

function wordsOf(api: CtlApi, name: ServiceCommandName): Words {
  switch (name) {
    case 'hand-over':
      return { allowance: ({ handOver }) => handOver, send: (input) => api.handOver(input) }
    case 'take-back':
      return { allowance: ({ takeBack }) => takeBack, send: (input) => api.takeBack(input) }
    case 'resync':
      return { allowance: ({ resync }) => resync, send: (input) => api.resync(input) }
    case 'rebalance':
      return { allowance: ({ rebalance }) => rebalance, send: (input) => api.rebalance(input) }
  }
}

export async function commandService(
  api: CtlApi,
  name: ServiceCommandName,
  { relationship, reason, idempotencyKey, check }: ServiceWish,
  format: Format,
): Promise<ExitCode> {
  const { allowance, send } = wordsOf(api, name)
  if (check) {
    const { state, commands, imbalances } = await api.getRelationship({ params: { name: relationship } })
    const { allowed, because } = allowance(commands)
    if (format === 'text') print(`${allowed ? 'Allowed' : 'Not allowed'}: ${because}`)
    else printJson({ state, ...allowance(commands), ...(name === 'rebalance' ? { imbalances } : {}) }, format)
    if (format === 'text' && name === 'rebalance') for (const each of imbalances ?? []) print(imbalanceText(each))
    return allowed ? ExitCode.done : ExitCode.refused
  }
  const after = await send({
    params: { name: relationship },
    body: { reason },
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  })
  if (format === 'text') print(relationshipText(after).trimStart())
  else printJson(after, format)
  return ExitCode.done
}

function imbalanceText({ pool, direction, leases }: NonNullable<Relationship['imbalances']>[number]): string {
  return `${pool}: ${leases} ${direction === 'give' ? 'from the primary to the secondary' : 'from the secondary to the primary'}`
}
