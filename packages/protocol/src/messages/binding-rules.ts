/** What BNDUPD and BNDREPLY must hold inside their one container (RFC 8156 §5.3.1, §7.4, §7.6). */
import type { OptionInstance, Options } from '../options/option-definition.ts'
import { findOption, findOptions } from '../options/option-definition.ts'
import { bindingStatusOption } from '../options/failover/binding-status.ts'
import { clientDataOption } from '../options/client-data.ts'
import { iaAddressOption } from '../options/ia-address.ts'
import { iaNaOption } from '../options/ia-na.ts'
import { iaPdOption } from '../options/ia-pd.ts'
import { iaPrefixOption } from '../options/ia-prefix.ts'
import { iaTaOption } from '../options/ia-ta.ts'
import { statusCodeOption } from '../options/status-code.ts'
import { BindingStatusCode } from '../registry/binding-statuses.ts'
import { OptionCode, optionCodeName } from '../registry/option-codes.ts'
import { StatusCode } from '../registry/status-codes.ts'
import type { RuleViolation } from './rule-violation.ts'

const clientDataRequired = [OptionCode.ClientId, OptionCode.LqBaseTime]
const leaseRequired = [OptionCode.BindingStatus, OptionCode.StartTimeOfState]
/** Present exactly where the status has a timeout; ACTIVE always has one. */
const timeoutOptions = [OptionCode.StateExpirationTime, OptionCode.PartnerLifetime, OptionCode.ExpirationTime]

export function checkBindingUpdate(options: Options): readonly RuleViolation[] {
  const violations = checkContainers(options)
  for (const clientData of findOptions(options, clientDataOption)) {
    const within = [OptionCode.ClientData]
    violations.push(...missingOf(clientData, clientDataRequired, within))
    violations.push(...checkAssociations(clientData, within, checkLease))
  }
  for (const address of findOptions(options, iaAddressOption)) {
    const within = [OptionCode.IaAddress]
    violations.push(...missingOf(address.options, [OptionCode.LqBaseTime], within))
    violations.push(...checkLease(address.options, [], within))
  }
  for (const prefix of findOptions(options, iaPrefixOption)) {
    const within = [OptionCode.IaPrefix]
    violations.push(...missingOf(prefix.options, [OptionCode.LqBaseTime], within))
    violations.push(...checkLease(prefix.options, [], within))
  }
  return violations
}

/** A reply that rejects may lack what the update lacked. */
export function checkBindingReply(options: Options): readonly RuleViolation[] {
  const violations = checkContainers(options)
  for (const clientData of findOptions(options, clientDataOption)) {
    if (isRejected(clientData)) continue
    const within = [OptionCode.ClientData]
    violations.push(...missingOf(clientData, [OptionCode.ClientId], within))
    violations.push(...checkAssociations(clientData, within, checkAcknowledgedLease))
  }
  for (const address of findOptions(options, iaAddressOption)) {
    violations.push(...checkAcknowledgedLease(address.options, [], [OptionCode.IaAddress]))
  }
  for (const prefix of findOptions(options, iaPrefixOption)) {
    violations.push(...checkAcknowledgedLease(prefix.options, [], [OptionCode.IaPrefix]))
  }
  return violations
}

function checkContainers(options: Options): RuleViolation[] {
  // An address alone is beyond RFC 8156, between two servers that both announce it.
  const { ClientData, IaAddress, IaPrefix } = OptionCode
  const containers = options.filter(({ code }) => code === ClientData || code === IaPrefix || code === IaAddress)
  if (containers.length === 0) {
    return [{ kind: 'missing', optionCode: ClientData, detail: 'neither client data nor a prefix is there' }]
  }
  return containers.slice(1).map(({ code }) => {
    return { kind: 'repeated', optionCode: code, detail: `${optionCodeName(code)} is a second container` }
  })
}

type LeaseCheck = (lease: Options, association: Options, within: readonly number[]) => readonly RuleViolation[]

interface Association {
  readonly options: Options
  readonly leases: readonly { readonly options: Options }[]
  readonly leaseCode: number
}

function checkAssociations(
  clientData: Options,
  within: readonly number[],
  check: LeaseCheck,
): readonly RuleViolation[] {
  const violations: RuleViolation[] = []
  let associationCount = 0
  for (const instance of clientData) {
    const association = associationOf(instance)
    if (association === undefined) continue
    associationCount += 1
    const inner = [...within, instance.code]
    const { leases, leaseCode, options } = association
    if (leases.length === 0) violations.push(missing(leaseCode, inner))
    for (const lease of leases) violations.push(...check(lease.options, options, [...inner, leaseCode]))
  }
  if (associationCount === 0) violations.push(missing(OptionCode.IaNa, within))
  return violations
}

function associationOf(instance: OptionInstance): Association | undefined {
  const single = [instance]
  const addresses = findOption(single, iaNaOption) ?? findOption(single, iaTaOption)
  if (addresses !== undefined) {
    const { options } = addresses
    return { options, leases: findOptions(options, iaAddressOption), leaseCode: OptionCode.IaAddress }
  }
  const prefixes = findOption(single, iaPdOption)
  if (prefixes === undefined) return undefined
  const { options } = prefixes
  return { options, leases: findOptions(options, iaPrefixOption), leaseCode: OptionCode.IaPrefix }
}

function checkLease(lease: Options, association: Options, within: readonly number[]): readonly RuleViolation[] {
  // RFC 8156 §5.5.17 puts the start time beside the lease, §7.4 inside it: both are taken.
  const startsOutside = has(association, OptionCode.StartTimeOfState)
  const required = startsOutside ? [OptionCode.BindingStatus] : leaseRequired
  const isActive = findOption(lease, bindingStatusOption) === BindingStatusCode.Active
  return missingOf(lease, isActive ? [...required, ...timeoutOptions] : required, within)
}

function checkAcknowledgedLease(lease: Options, _: Options, within: readonly number[]): readonly RuleViolation[] {
  return isRejected(lease) ? [] : missingOf(lease, [OptionCode.BindingStatus], within)
}

function isRejected(options: Options): boolean {
  const status = findOption(options, statusCodeOption)
  return status !== undefined && status.code !== StatusCode.Success
}

function missingOf(options: Options, required: readonly number[], within: readonly number[]): readonly RuleViolation[] {
  return required.filter((code) => !has(options, code)).map((code) => missing(code, within))
}

function missing(optionCode: number, within: readonly number[]): RuleViolation {
  const place = within.map(optionCodeName).join(' / ')
  return { kind: 'missing', optionCode, within, detail: `${optionCodeName(optionCode)} is missing in ${place}` }
}

function has(options: Options, code: number): boolean {
  return options.some((instance) => instance.code === code)
}
