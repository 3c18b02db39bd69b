/** Something of another make speaks where the partner should: it is refused with the right code, and changes nothing (RFC 8156 sections 6.1.2, 7.5.3 and 7.5.4). */
import { keyOf, type Binding } from '@tandem/engine'
import {
  bindingStatusOption,
  BindingStatusCode,
  clientDataOption,
  clientIdOption,
  encodeStreamMessage,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  lqBaseTimeOption,
  MessageType,
  option,
  protocolVersionOption,
  relationshipNameOption,
  stampSentTime,
  startTimeOfStateOption,
  toDhcpTime,
  vssOption,
  VssType,
  type FailoverMessageType,
  type OptionInstance,
  type Options,
} from '@tandem/protocol'
import type { ServerProcess } from '../world/server-process.ts'
import { defineFault, isOneAlone, nothingToRepair, pickServer, type FaultScene } from './fault.ts'

const STRANGER = 'stranger'
/** Of a major version that nobody knows yet. */
const FUTURE_VERSION = { major: 2, minor: 0 }
const FOREIGN_VPN = { type: VssType.NvtAscii, information: new Uint8Array([0x76]) }
/** Both servers count from one, and never come so far in a run. */
const TRANSACTION_ID = 0xfffffe

export const strangePartner = defineFault({
  name: 'strange-partner',
  // Only where a seed lies in wait.
  weight: 0,
  lastsSeconds: [0, 0],
  begin: (scene) => {
    const server = pickServer(scene)
    // Where it comes too early the connection ends, which must not befall the one that is alone.
    const isHeard = server.store.endpoint('pair')?.inContact === true && server.isRunning && !isOneAlone(scene.world)
    const leases = [...server.store.bindings()].filter(({ client }) => client !== undefined).toSorted(byKey)
    const lease = scene.random.pick(leases)
    if (isHeard && lease !== undefined) tellUpdate(scene, server, lease)
    else if (scene.world.secondary.isRunning) offerFutureVersion(scene)
    else return undefined
    return nothingToRepair
  },
})

/** On a connection of its own, as from the address of the primary. */
function offerFutureVersion({ world }: FaultScene): void {
  const { streams } = world
  streams.attach(STRANGER, {
    opened: (connection) => {
      const offer = [option(protocolVersionOption, FUTURE_VERSION), option(relationshipNameOption, 'pair')]
      streams.send(STRANGER, connection, frameOf(MessageType.Connect, offer, world.primary.machineNow()))
    },
    dialFailed: () => undefined,
    secured: () => undefined,
    frame: () => undefined,
    closed: () => undefined,
  })
  streams.dial(STRANGER, world.secondary.name, 'pair')
}

/** Within the conversation of the two: an update of a known lease that cannot be used. */
function tellUpdate({ world, random }: FaultScene, server: ServerProcess, lease: Binding): void {
  const now = world.partnerOf(server).machineNow()
  const baseTime = option(lqBaseTimeOption, toDhcpTime(now))
  const status = option(bindingStatusOption, BindingStatusCode.Released)
  const since = option(startTimeOfStateOption, toDhcpTime(now))
  const client = lease.client === undefined ? [] : [option(clientIdOption, lease.client.duid)]
  const content: Options =
    random.pick([
      // Without what was last known of the lease, without its time, and without the client whose it is.
      [...client, baseTime, carried(lease, [since])],
      [...client, baseTime, carried(lease, [status])],
      [baseTime, carried(lease, [status, since])],
      // Of a VPN that is not configured here.
      [...client, baseTime, option(vssOption, FOREIGN_VPN), carried(lease, [status, since])],
    ]) ?? []
  const message = [option(clientDataOption, content)]
  world.streams.slipIn(server.name, frameOf(MessageType.Bndupd, message, now))
}

function carried({ kind, prefix, client }: Binding, options: Options): OptionInstance {
  const lifetimes = { preferredLifetime: 0, validLifetime: 0 }
  const ia = { iaid: client?.iaid ?? 1, t1: 0, t2: 0 }
  return kind === 'address'
    ? option(iaNaOption, {
        ...ia,
        options: [option(iaAddressOption, { address: prefix.address, ...lifetimes, options })],
      })
    : option(iaPdOption, { ...ia, options: [option(iaPrefixOption, { prefix, ...lifetimes, options })] })
}

function frameOf(type: FailoverMessageType, options: Options, now: number): Uint8Array {
  const sentTime = toDhcpTime(now)
  const frame = encodeStreamMessage({ kind: 'failover', type, transactionId: TRANSACTION_ID, sentTime, options })
  stampSentTime(frame, sentTime)
  return frame
}

function byKey(a: Binding, b: Binding): number {
  return keyOf(a) < keyOf(b) ? -1 : 1
}
