/** Values of OPTION_STATUS_CODE: the IANA registry of RFC 9915 §21.13, with RFC 8156 §5.6. */
import { assignedNumbers } from './assigned-numbers.ts'

const statusCodes = assignedNumbers({
  Success: [0, 'Success'],
  UnspecFail: [1, 'UnspecFail'],
  NoAddrsAvail: [2, 'NoAddrsAvail'],
  NoBinding: [3, 'NoBinding'],
  NotOnLink: [4, 'NotOnLink'],
  UseMulticast: [5, 'UseMulticast'],
  NoPrefixAvail: [6, 'NoPrefixAvail'],
  UnknownQueryType: [7, 'UnknownQueryType'],
  MalformedQuery: [8, 'MalformedQuery'],
  NotConfigured: [9, 'NotConfigured'],
  NotAllowed: [10, 'NotAllowed'],
  QueryTerminated: [11, 'QueryTerminated'],
  DataMissing: [12, 'DataMissing'],
  CatchUpComplete: [13, 'CatchUpComplete'],
  NotSupported: [14, 'NotSupported'],
  TlsConnectionRefused: [15, 'TLSConnectionRefused'],
  AddressInUse: [16, 'AddressInUse'],
  ConfigurationConflict: [17, 'ConfigurationConflict'],
  MissingBindingInformation: [18, 'MissingBindingInformation'],
  OutdatedBindingInformation: [19, 'OutdatedBindingInformation'],
  ServerShuttingDown: [20, 'ServerShuttingDown'],
  DnsUpdateNotSupported: [21, 'DNSUpdateNotSupported'],
  ExcessiveTimeSkew: [22, 'ExcessiveTimeSkew'],
})

export const StatusCode = statusCodes.codes
export type StatusCode = (typeof StatusCode)[keyof typeof StatusCode]

export function statusCodeName(code: number): string {
  return statusCodes.nameOf(code) ?? `status code ${code}`
}

export function statusCodeFromName(name: string): number | undefined {
  return statusCodes.codeOf(name)
}
