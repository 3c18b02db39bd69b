/** Which options a message must and must not carry (RFC 9915 §16 and §9, RFC 8156 §5.3, §6.1 and §6.3): data, and one function that reads it. */
import type { Options } from '../options/option-definition.ts'
import { findOption } from '../options/option-definition.ts'
import { partnerDownTimeOption } from '../options/failover/partner-down-time.ts'
import { serverStateOption } from '../options/failover/server-state.ts'
import { optionTable } from '../options/option-table.ts'
import { statusCodeOption } from '../options/status-code.ts'
import { MessageType } from '../registry/message-types.ts'
import { OptionCode, optionCodeName } from '../registry/option-codes.ts'
import { ServerStateCode } from '../registry/server-states.ts'
import { StatusCode } from '../registry/status-codes.ts'
import { checkBindingUpdate, checkBindingReply } from './binding-rules.ts'
import type { DatagramMessage, StreamMessage } from './decode-message.ts'
import type { RuleViolation } from './rule-violation.ts'

export interface MessageRule {
  readonly required: readonly number[]
  readonly forbidden: readonly number[]
  /** The part of the standard that says so. */
  readonly section: string
}

const { ClientId, ServerId, IaNa, IaTa, IaPd, IaSrv6Locator, IaLl } = OptionCode
const bothIdentifiers = { required: [ClientId, ServerId], forbidden: [] }
const clientOnly = { required: [ClientId], forbidden: [ServerId] }
const connectParameters = [
  OptionCode.ProtocolVersion,
  OptionCode.Mclt,
  OptionCode.KeepaliveTime,
  OptionCode.MaxUnackedBndupd,
  OptionCode.ConnectFlags,
]

/** Messages that are not listed have no such rule. */
export const messageRules: ReadonlyMap<number, MessageRule> = new Map<number, MessageRule>([
  [MessageType.Solicit, { ...clientOnly, section: 'RFC 9915 §16.2' }],
  [MessageType.Advertise, { ...bothIdentifiers, section: 'RFC 9915 §16.3' }],
  [MessageType.Request, { ...bothIdentifiers, section: 'RFC 9915 §16.4' }],
  [MessageType.Confirm, { ...clientOnly, section: 'RFC 9915 §16.5' }],
  [MessageType.Renew, { ...bothIdentifiers, section: 'RFC 9915 §16.6' }],
  [MessageType.Rebind, { ...clientOnly, section: 'RFC 9915 §16.7' }],
  [MessageType.Decline, { ...bothIdentifiers, section: 'RFC 9915 §16.8' }],
  [MessageType.Release, { ...bothIdentifiers, section: 'RFC 9915 §16.9' }],
  [MessageType.Reply, { required: [ServerId], forbidden: [], section: 'RFC 9915 §16.10' }],
  [
    MessageType.Reconfigure,
    {
      required: [ServerId, ClientId, OptionCode.ReconfigureMessage, OptionCode.Auth],
      forbidden: [],
      section: 'RFC 9915 §16.11',
    },
  ],
  [
    MessageType.InformationRequest,
    { required: [], forbidden: [IaNa, IaTa, IaPd, IaSrv6Locator, IaLl], section: 'RFC 9915 §16.12' },
  ],
  [MessageType.RelayForw, { required: [OptionCode.RelayMessage], forbidden: [], section: 'RFC 9915 §9.1' }],
  [MessageType.RelayRepl, { required: [OptionCode.RelayMessage], forbidden: [], section: 'RFC 9915 §9.2' }],
  [MessageType.Leasequery, { required: [ClientId], forbidden: [], section: 'RFC 5007 §4.3.1' }],
  // The relationship name may be absent: it then means the only relationship between the two servers.
  [MessageType.Connect, { required: connectParameters, forbidden: [], section: 'RFC 8156 §6.1.1' }],
  [MessageType.Connectreply, { required: connectParameters, forbidden: [], section: 'RFC 8156 §6.1.2' }],
  [
    MessageType.State,
    {
      required: [OptionCode.ServerState, OptionCode.ServerFlags, OptionCode.StartTimeOfState],
      forbidden: [],
      section: 'RFC 8156 §6.3',
    },
  ],
])

export type Carrier = 'datagram' | 'stream'

/** What the message lacks or should not have; empty for a message that keeps the rules. */
export function checkMessageRules(
  message: DatagramMessage | StreamMessage,
  carrier: Carrier = message.kind === 'failover' ? 'stream' : 'datagram',
): readonly RuleViolation[] {
  const { type, options } = message
  const violations = repeatedOptions(options)
  // On a stream a REPLY answers STARTTLS and names no server (RFC 7653 §9.1); a refusal needs none of what it refuses.
  const rule = isExempt(type, options, carrier) ? undefined : messageRules.get(type)
  for (const optionCode of rule?.required ?? []) {
    if (!has(options, optionCode))
      violations.push({ kind: 'missing', optionCode, detail: detailOf(optionCode, 'is missing') })
  }
  for (const optionCode of rule?.forbidden ?? []) {
    if (has(options, optionCode)) {
      violations.push({ kind: 'forbidden', optionCode, detail: detailOf(optionCode, 'must not be here') })
    }
  }
  if (type === MessageType.State) violations.push(...checkState(options))
  if (type === MessageType.Bndupd) violations.push(...checkBindingUpdate(options))
  if (type === MessageType.Bndreply) violations.push(...checkBindingReply(options))
  return violations
}

function isExempt(type: number, options: Options, carrier: Carrier): boolean {
  if (type === MessageType.Reply) return carrier === 'stream'
  if (type !== MessageType.Connectreply) return false
  const status = findOption(options, statusCodeOption)
  return status !== undefined && status.code !== StatusCode.Success
}

function repeatedOptions(options: Options): RuleViolation[] {
  const violations: RuleViolation[] = []
  const seen = new Set<number>()
  for (const { code } of options) {
    if (seen.has(code) && optionTable.get(code)?.occurs === 'once') {
      violations.push({ kind: 'repeated', optionCode: code, detail: detailOf(code, 'appears more than once') })
    }
    seen.add(code)
  }
  return violations
}

function checkState(options: Options): readonly RuleViolation[] {
  const state = findOption(options, serverStateOption)
  const hasPartnerDownTime = has(options, partnerDownTimeOption.code)
  const optionCode = partnerDownTimeOption.code
  if (state === ServerStateCode.Startup) {
    const detail = 'STARTUP is shown by a flag and never as the state'
    return [{ kind: 'forbidden-value', optionCode: serverStateOption.code, detail }]
  }
  if (state === ServerStateCode.PartnerDown && !hasPartnerDownTime) {
    return [{ kind: 'missing', optionCode, detail: detailOf(optionCode, 'is missing in PARTNER-DOWN') }]
  }
  if (state !== ServerStateCode.PartnerDown && hasPartnerDownTime) {
    return [{ kind: 'forbidden', optionCode, detail: detailOf(optionCode, 'belongs to PARTNER-DOWN only') }]
  }
  return []
}

function has(options: Options, code: number): boolean {
  return options.some((instance) => instance.code === code)
}

function detailOf(optionCode: number, what: string): string {
  return `${optionCodeName(optionCode)} ${what}`
}
