/** Bugs put into the engine's answers on purpose, each of which a checker must notice: the proof that the checkers can fail. */
import type { Effects, Output } from '@tandem/engine'
import {
  decodeDatagram,
  encodeDatagram,
  iaAddressOption,
  iaNaOption,
  MessageType,
  parseIpv6Address,
  type IdentityAssociation,
  type OptionInstance,
} from '@tandem/protocol'
import { findOptions } from '@tandem/protocol'
import { clientMessageOf } from '../src/checkers/read-reply.ts'
import { readFrame } from '../src/world/read-frame.ts'
import type { Sabotage } from '../src/world/server-process.ts'

export interface DeliberateBug {
  readonly bug: string
  readonly sabotage: Sabotage
  readonly caughtBy: readonly string[]
}

const ONE_ADDRESS = parseIpv6Address('2001:db8:1::1001') ?? 0n

export const deliberateBugs: readonly DeliberateBug[] = [
  {
    bug: 'answers leave before the commit is done',
    sabotage: { releasesBeforeCommit: true },
    caughtBy: ['promises-are-durable', 'recorded-before-announced'],
  },
  {
    bug: 'leases are granted but not written',
    sabotage: withoutCommit('binding-put'),
    caughtBy: ['promises-are-durable', 'one-client-per-lease'],
  },
  {
    bug: 'states are announced but not written',
    sabotage: withoutCommit('endpoint-put'),
    caughtBy: ['recorded-before-announced'],
  },
  {
    bug: 'lifetimes are given without the MCLT bound',
    sabotage: { changeEffects: (effects) => withLeases(effects, (lease) => ({ ...lease, validLifetime: 100_000 })) },
    caughtBy: ['lifetime-within-mclt'],
  },
  {
    bug: 'every client is given the same address',
    sabotage: { changeEffects: (effects) => withLeases(effects, (lease) => ({ ...lease, address: oneAddress() })) },
    caughtBy: ['one-client-per-lease', 'moves-after-acknowledgement'],
  },
  {
    bug: 'the primary never answers a SOLICIT',
    sabotage: { changeEffects: (effects, server) => (server === 'primary' ? withoutAdvertise(effects) : effects) },
    caughtBy: ['solicit-is-answered'],
  },
  {
    bug: 'the secondary never tells what it granted',
    sabotage: {
      changeEffects: (effects, server) =>
        server === 'secondary' ? withoutOutputs(effects, (output) => isFrameOf(output, MessageType.Bndupd)) : effects,
    },
    caughtBy: ['tables-agree'],
  },
  {
    bug: 'the recovering server goes straight to NORMAL',
    sabotage: { changeEffects: skipRecoverWait },
    caughtBy: ['only-known-transitions'],
  },
]

function withoutCommit(kind: 'binding-put' | 'endpoint-put'): Sabotage {
  return {
    changeEffects: (effects) => ({ ...effects, commit: effects.commit.filter((change) => change.kind !== kind) }),
  }
}

function withoutOutputs(effects: Effects, isLost: (output: Output) => boolean): Effects {
  return { ...effects, afterCommit: effects.afterCommit.filter((output) => !isLost(output)) }
}

function withoutAdvertise(effects: Effects): Effects {
  return withoutOutputs(
    effects,
    (output) => output.kind === 'send-datagram' && clientMessageOf(output.bytes)?.type === MessageType.Advertise,
  )
}

function isFrameOf(output: Output, type: number): boolean {
  return readFrame(output)?.type === type
}

function skipRecoverWait(effects: Effects): Effects {
  const commit = effects.commit.map((change) =>
    change.kind === 'transition-added' && change.transition.to === 'RECOVER-WAIT'
      ? { ...change, transition: { ...change.transition, to: 'NORMAL' as const } }
      : change,
  )
  return { ...effects, commit }
}

type Lease = ReturnType<typeof addressesIn>[number]

function addressesIn(options: IdentityAssociation['options']) {
  return findOptions(options, iaAddressOption)
}

/** Of answers to clients without a relay. */
function withLeases(effects: Effects, change: (lease: Lease) => Lease): Effects {
  const afterCommit = effects.afterCommit.map((output) => {
    if (output.kind !== 'send-datagram') return output
    const decoded = decodeDatagram(output.bytes)
    if (!decoded.ok || decoded.value.kind !== 'client-server') return output
    const options = decoded.value.options.map((instance) => changedIa(instance, change))
    return { ...output, bytes: encodeDatagram({ ...decoded.value, options }) }
  })
  return { ...effects, afterCommit }
}

function changedIa(instance: OptionInstance, change: (lease: Lease) => Lease): OptionInstance {
  const ia = findOptions([instance], iaNaOption)[0]
  if (ia === undefined) return instance
  const options = ia.options.map((inner) => {
    const lease = addressesIn([inner])[0]
    return lease === undefined || lease.validLifetime === 0 ? inner : { ...inner, value: change(lease) }
  })
  return { ...instance, value: { ...ia, options } }
}

function oneAddress(): Lease['address'] {
  // Parsed from a text that is an address.
  return ONE_ADDRESS as Lease['address']
}
