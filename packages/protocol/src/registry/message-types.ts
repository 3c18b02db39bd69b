/** DHCPv6 message types: the IANA registry opened by RFC 9915 §7.3, with RFC 8156 §5.3. */
import { assignedNumbers } from './assigned-numbers.ts'

const messageTypes = assignedNumbers({
  Solicit: [1, 'SOLICIT'],
  Advertise: [2, 'ADVERTISE'],
  Request: [3, 'REQUEST'],
  Confirm: [4, 'CONFIRM'],
  Renew: [5, 'RENEW'],
  Rebind: [6, 'REBIND'],
  Reply: [7, 'REPLY'],
  Release: [8, 'RELEASE'],
  Decline: [9, 'DECLINE'],
  Reconfigure: [10, 'RECONFIGURE'],
  InformationRequest: [11, 'INFORMATION-REQUEST'],
  RelayForw: [12, 'RELAY-FORW'],
  RelayRepl: [13, 'RELAY-REPL'],
  Leasequery: [14, 'LEASEQUERY'],
  LeasequeryReply: [15, 'LEASEQUERY-REPLY'],
  LeasequeryDone: [16, 'LEASEQUERY-DONE'],
  LeasequeryData: [17, 'LEASEQUERY-DATA'],
  ReconfigureRequest: [18, 'RECONFIGURE-REQUEST'],
  ReconfigureReply: [19, 'RECONFIGURE-REPLY'],
  Dhcpv4Query: [20, 'DHCPV4-QUERY'],
  Dhcpv4Response: [21, 'DHCPV4-RESPONSE'],
  ActiveLeasequery: [22, 'ACTIVELEASEQUERY'],
  StartTls: [23, 'STARTTLS'],
  Bndupd: [24, 'BNDUPD'],
  Bndreply: [25, 'BNDREPLY'],
  Poolreq: [26, 'POOLREQ'],
  Poolresp: [27, 'POOLRESP'],
  Updreq: [28, 'UPDREQ'],
  Updreqall: [29, 'UPDREQALL'],
  Upddone: [30, 'UPDDONE'],
  Connect: [31, 'CONNECT'],
  Connectreply: [32, 'CONNECTREPLY'],
  Disconnect: [33, 'DISCONNECT'],
  State: [34, 'STATE'],
  Contact: [35, 'CONTACT'],
  AddrRegInform: [36, 'ADDR-REG-INFORM'],
  AddrRegReply: [37, 'ADDR-REG-REPLY'],
})

export const MessageType = messageTypes.codes
export type MessageType = (typeof MessageType)[keyof typeof MessageType]

export function messageTypeName(type: number): string {
  return messageTypes.nameOf(type) ?? `message type ${type}`
}

export function messageTypeFromName(name: string): number | undefined {
  return messageTypes.codeOf(name)
}

export function isKnownMessageType(type: number): boolean {
  return messageTypes.nameOf(type) !== undefined
}

export function isRelayMessageType(type: number): type is 12 | 13 {
  return type === MessageType.RelayForw || type === MessageType.RelayRepl
}

export type FailoverMessageType = 24 | 25 | 26 | 27 | 28 | 29 | 30 | 31 | 32 | 33 | 34 | 35

/** The messages that carry a sent-time (RFC 8156 §5.2). */
export function isFailoverMessageType(type: number): type is FailoverMessageType {
  return type >= MessageType.Bndupd && type <= MessageType.Contact
}
