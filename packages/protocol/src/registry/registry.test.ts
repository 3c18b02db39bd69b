/** The registries against values that the standards print. */
import { describe, expect, it } from 'vitest'
import { assignedNumbers } from './assigned-numbers.ts'
import { BindingStatusCode, bindingStatusFromName, bindingStatusName, isBindingStatusCode } from './binding-statuses.ts'
import {
  isFailoverMessageType,
  isKnownMessageType,
  MessageType,
  messageTypeFromName,
  messageTypeName,
} from './message-types.ts'
import { OptionCode, optionCodeFromName, optionCodeName } from './option-codes.ts'
import { isServerStateCode, ServerStateCode, serverStateFromName, serverStateName } from './server-states.ts'
import { StatusCode, statusCodeFromName, statusCodeName } from './status-codes.ts'

describe('assigned numbers', () => {
  it('leave no gap but those that the registry has', () => {
    const upTo = (last: number): number[] => Array.from({ length: last + 1 }, (_, code) => code)
    expect(Object.values(MessageType)).toEqual(upTo(37).slice(1))
    expect(Object.values(OptionCode)).toEqual(upTo(150).filter((code) => ![0, 10, 35].includes(code)))
    expect(Object.values(StatusCode)).toEqual(upTo(22))
    expect(Object.values(BindingStatusCode)).toEqual(upTo(8).slice(1))
    expect(Object.values(ServerStateCode)).toEqual(upTo(10).slice(1))
  })

  it('have the names that the standards give them', () => {
    expect([24, 25, 31, 32, 33, 35].map(messageTypeName)).toEqual([
      'BNDUPD',
      'BNDREPLY',
      'CONNECT',
      'CONNECTREPLY',
      'DISCONNECT',
      'CONTACT',
    ])
    expect([1, 25, 114, 134, 135].map(optionCodeName)).toEqual([
      'OPTION_CLIENTID',
      'OPTION_IA_PD',
      'OPTION_F_BINDING_STATUS',
      'OPTION_F_STATE_EXPIRATION_TIME',
      'OPTION_RELAY_PORT',
    ])
    expect([15, 16, 22].map(statusCodeName)).toEqual(['TLSConnectionRefused', 'AddressInUse', 'ExcessiveTimeSkew'])
    expect([4, 6].map(bindingStatusName)).toEqual(['PENDING-FREE', 'FREE-BACKUP'])
    expect([3, 9].map(serverStateName)).toEqual(['COMMUNICATIONS-INTERRUPTED', 'RESOLUTION-INTERRUPTED'])
  })

  it('are found by name', () => {
    expect(messageTypeFromName('UPDREQALL')).toBe(MessageType.Updreqall)
    expect(optionCodeFromName('OPTION_F_MCLT')).toBe(OptionCode.Mclt)
    expect(statusCodeFromName('NoBinding')).toBe(StatusCode.NoBinding)
    expect(bindingStatusFromName('RESET')).toBe(BindingStatusCode.Reset)
    expect(serverStateFromName('RECOVER-WAIT')).toBe(ServerStateCode.RecoverWait)
    expect(messageTypeFromName('NO-SUCH')).toBeUndefined()
  })

  it('show a number that is not assigned as a number', () => {
    expect(messageTypeName(200)).toBe('message type 200')
    expect(optionCodeName(65000)).toBe('option 65000')
    expect([
      isKnownMessageType(0),
      isKnownMessageType(38),
      isServerStateCode(11),
      isBindingStatusCode(0),
    ]).not.toContain(true)
  })

  it('know which messages carry a sent-time', () => {
    expect([23, 24, 35, 36].map(isFailoverMessageType)).toEqual([false, true, true, false])
  })

  it('cannot be listed twice', () => {
    expect(() => assignedNumbers({ One: [1, 'ONE'], Uno: [1, 'UNO'] })).toThrow('listed twice')
    expect(() => assignedNumbers({ One: [1, 'ONE'], Uno: [2, 'ONE'] })).toThrow('listed twice')
  })
})
