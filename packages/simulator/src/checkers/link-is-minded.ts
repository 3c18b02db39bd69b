/** A client gets leases of the link on which it is, and is told when those that it has are not (RFC 9915 sections 18.3.2 to 18.3.5). */
import { bindingKey, NO_SUBNET, type Binding } from '@tandem/engine'
import { findOption, MessageType, prefixContains, serverIdOption, StatusCode } from '@tandem/protocol'
import { isSameIa, nameOf, type NamedLease } from '../actors/client-message.ts'
import { responsivenessOf } from './answers-as-state-allows.ts'
import { defineChecker, roleOf } from './checker.ts'
import { Leaving } from './leaving.ts'
import { holderOf, holderText } from '../world/lease-holder.ts'
import { isOfSubnet, subnetOf } from './message-link.ts'
import { answerIn, clientMessageOf } from './read-reply.ts'

export const linkIsMinded = defineChecker({
  name: 'link-is-minded',
  property: 'Leases are of the link from which they are asked; CONFIRM, RENEW, REBIND and REQUEST say so of others.',
  watch: ({ world, onlooker, report }) => {
    const leaving = new Leaving(onlooker)
    return {
      started: (server) => {
        leaving.started(server)
      },
      decided(server, event, effects) {
        leaving.decided(server, event, effects)
        const message = event.kind === 'datagram-received' ? clientMessageOf(event.bytes) : undefined
        const { configuration } = world.server(roleOf(server))
        const subnet = message === undefined ? undefined : subnetOf(event, configuration)
        if (message === undefined || subnet === undefined || leaving.has(server)) return
        const [answer] = effects.afterCommit.flatMap((output) => {
          const found = output.kind === 'send-datagram' ? clientMessageOf(output.bytes) : undefined
          return found === undefined ? [] : [answerIn(found)]
        })
        const asked = answerIn(message)
        // What an earlier configuration gave is of the subnet in which it was recorded.
        const isOff = (lease: NamedLease): boolean =>
          !isOfSubnet(lease, subnet) &&
          onlooker.lease(server, bindingKey(lease.kind, lease.prefix))?.subnetId !== subnet.id
        for (const lease of answer?.leases ?? []) {
          if (lease.validSeconds > 0 && isOff(lease)) report(`${server} gave ${nameOf(lease)} on the link ${subnet.id}`)
        }
        if (message.type === MessageType.Confirm) {
          const mayAnswer = responsivenessOf(onlooker.stateOf(server), server) === 'to-all'
          const isRight = asked.leases.every(({ prefix }) => prefixContains(subnet.prefix, prefix.address))
          const expected = mayAnswer ? (isRight ? StatusCode.Success : StatusCode.NotOnLink) : undefined
          if (answer?.status !== expected)
            report(
              `${server} answered a CONFIRM with ${answer?.status ?? 'nothing'} instead of ${expected ?? 'nothing'}`,
            )
          return
        }
        if (answer === undefined) return
        const addressed = findOption(message.options, serverIdOption)
        if (addressed !== undefined && addressed !== configuration.serverDuid) return
        const isExtending = message.type === MessageType.Renew || message.type === MessageType.Rebind
        for (const lease of asked.leases.filter(isOff)) {
          const isWithdrawn = answer.leases.some((told) => nameOf(told) === nameOf(lease) && told.validSeconds === 0)
          const isRefused = [...answer.offLinkIas, ...answer.unknownIas].some((ia) => isSameIa(ia, lease))
          if (message.type === MessageType.Request && lease.kind === 'address' && !isRefused) {
            report(`${server} did not say that ${nameOf(lease)} is not of the link ${subnet.id}`)
          }
          const record = onlooker.lease(server, bindingKey(lease.kind, lease.prefix))
          const isTheirs = record !== undefined && isHeldWithPlace(record, holderText(asked.client, lease))
          if (isExtending && isTheirs && !isWithdrawn) {
            report(`${server} did not take ${nameOf(lease)} back, which is not of the link ${subnet.id}`)
          }
        }
      },
    }
  },
})

/** A prefix of no pool here may be one that the partner gave and goes on giving: nobody is answered for it (decision 0033). */
export function isHeldWithPlace(record: Binding, holder: string): boolean {
  const hasPlace = record.kind === 'address' || record.subnetId !== NO_SUBNET
  return record.status === 'ACTIVE' && holderOf(record) === holder && hasPlace
}
