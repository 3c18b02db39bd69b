/** What counts as sent again: only what was lost with its connection, to the same server, and of the same lease. */
import {
  bindingStatusOption,
  BindingStatusCode,
  encodeStreamMessage,
  iaPrefixOption,
  MessageType,
  option,
  parseIpv6Prefix,
  toDhcpTime,
  type FailoverMessageType,
  type Options,
} from '@tandem/protocol'
import { beforeEach, expect, it } from 'vitest'
import { WORLD_START } from '../world/world.ts'
import { watchRepeats } from './repeated-frames.ts'

let seen: string[] = []
let repeats = watchRepeats(() => undefined)

beforeEach(() => {
  seen = []
  repeats = watchRepeats((type) => seen.push(type))
})

function frame(type: FailoverMessageType, options: Options = []): Uint8Array {
  return encodeStreamMessage({ kind: 'failover', type, transactionId: 1, sentTime: toDhcpTime(WORLD_START), options })
}

function update(text: string): Uint8Array {
  const prefix = parseIpv6Prefix(text)
  if (prefix === undefined) throw new Error(`${text} is a prefix`)
  const options = [option(bindingStatusOption, BindingStatusCode.Free)]
  return frame(MessageType.Bndupd, [
    option(iaPrefixOption, { prefix, preferredLifetime: 0, validLifetime: 0, options }),
  ])
}

it('a message that was lost and comes once more', () => {
  repeats.frameLost?.(frame(MessageType.Updreq), 'primary')
  repeats.frameArrived?.(frame(MessageType.Updreq), 1, 'primary')
  expect(seen).toEqual(['UPDREQ'])
})

it('not one that was lost on the way to the other server, nor one that follows', () => {
  repeats.frameLost?.(frame(MessageType.Updreq), 'primary')
  repeats.frameArrived?.(frame(MessageType.Updreq), 1, 'secondary')
  expect(seen).toEqual([])
  repeats.frameArrived?.(frame(MessageType.Updreq), 1, 'primary')
  repeats.frameArrived?.(frame(MessageType.Updreq), 1, 'primary')
  expect(seen).toEqual(['UPDREQ'])
})

it('an update of the same lease, not of another', () => {
  repeats.frameLost?.(update('2001:db8:8000:2000::/51'), 'primary')
  repeats.frameArrived?.(update('2001:db8:8000:4000::/51'), 1, 'primary')
  expect(seen).toEqual([])
  repeats.frameArrived?.(update('2001:db8:8000:2000::/51'), 1, 'primary')
  expect(seen).toEqual(['BNDUPD'])
})
