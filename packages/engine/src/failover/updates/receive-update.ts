/** One BNDUPD of the partner: checks in order, conflict table, record, answer (RFC 8156 section 7.5). */
import { hasBug } from '../../deliberate-bug.ts'
import { formatIpv6Address, formatIpv6Prefix, prefixContainsPrefix, StatusCode, type Options } from '@tandem/protocol'
import { bindingKey, keyOf, NO_SUBNET, type Binding, type BindingKey } from '../../bindings/binding.ts'
import { leaseText } from '../../bindings/lease-text.ts'
import type { DecisionInputs } from '../../notices.ts'
import type { Step } from '../../step.ts'
import type { UpdatesHost } from '../endpoint.ts'
import { isAvailable, isEnded, madeAvailable } from './available-status.ts'
import { canBeTold } from './build-update.ts'
import { replyToAddress, replyToClientData, replyToPrefix } from './build-reply.ts'
import { judgeUpdate, localTime, updateTime } from './judge-update.ts'
import { isRefusal, readUpdate, type ReadUpdate, type Refusal, type ToldLease } from './read-update.ts'
import { storeUpdate, withPartnersPromise, type LeaseHome } from './store-update.ts'
import { addSeconds, isDue, type Instant } from '../../time/instant.ts'
import { SAME_TIME_SECONDS, wholeSeconds } from './wire-time.ts'

export interface ReceivedUpdate {
  /** Undefined: the update has no container that an answer could mirror. */
  readonly reply: Options | undefined
  /** Leases of which the partner knows less than we do and that were not owed before; they may follow the answer. */
  readonly toTellAtOnce: readonly BindingKey[]
}

/** In one answer, which has to fit a frame like the update did. */
const EXPLAINED_REFUSALS_MAX = 64

/** A lease as we have told it to the partner without an answer yet; undefined: nothing of it is on its way. */
export type OnItsWay = (key: BindingKey) => Binding | undefined

export function receiveUpdate(step: Step, host: UpdatesHost, message: Options, onItsWay: OnItsWay): ReceivedUpdate {
  const update = readUpdate(message, step.now, (kind, prefix) => host.pools.isShared(kind, prefix))
  if (update.container === 'none') return { reply: undefined, toTellAtOnce: [] }
  const { content } = update
  if (isRefusal(content)) {
    noticeRefusal(step, host, describeWhole(update), content, {})
    return { reply: replyTo(update, content, new Map()), toTellAtOnce: [] }
  }
  const refusals = new Map<string, Refusal>()
  const toTellAtOnce: BindingKey[] = []
  for (const { iaIndex, leaseIndex, lease } of content) {
    const refusal = isRefusal(lease) ? lease : takeLease(step, host, lease, onItsWay, toTellAtOnce)
    if (refusal === undefined) continue
    if (isRefusal(lease)) noticeRefusal(step, host, `lease ${leaseIndex}`, refusal, {})
    else noticeRefusal(step, host, leaseText(lease), refusal, inputsOf(host, lease))
    const isExplained = refusals.size < EXPLAINED_REFUSALS_MAX
    refusals.set(placeOf(iaIndex, leaseIndex), isExplained ? refusal : { ...refusal, text: '' })
  }
  return { reply: replyTo(update, undefined, refusals), toTellAtOnce }
}

function takeLease(
  step: Step,
  host: UpdatesHost,
  told: ToldLease,
  onItsWay: OnItsWay,
  toTellAtOnce: BindingKey[],
): Refusal | undefined {
  const home = homeOf(host, told)
  if (home === undefined) {
    remember(step, host, told, onItsWay)
    return { statusCode: StatusCode.ConfigurationConflict, text: 'not a lease of this relationship' }
  }
  const local = host.believesPartner() ? undefined : host.table.find(told.kind, told.prefix)
  const leasedInside = leasedInsideUnknownToPartner(host, told)
  if (leasedInside !== undefined) {
    return { statusCode: StatusCode.OutdatedBindingInformation, text: `${leaseText(leasedInside)} is leased from it` }
  }
  const judged = judgeUpdate(local, told, step.now, host.role, host.pools.isShared(told.kind, told.prefix))
  switch (judged.verdict) {
    case 'repeat':
      if (local?.owedToPartner === true && onItsWay(keyOf(local)) === undefined) settleRepeat(step, host, local)
      return undefined
    case 'take':
      if (isGivenAway(host, local, onItsWay)) {
        if (isEnded(told.status)) return undefined
        if (hasNearlyRunOut(told, step.now)) return given
      }
      takeUpdate(step, host, local, told, home, onItsWay)
      return undefined
    case 'refuse':
      if (judged.refusal.statusCode === StatusCode.OutdatedBindingInformation && local !== undefined) {
        markOwed(step, host, local, withPartnersPromise(local, told), toTellAtOnce)
      }
      return judged.refusal
  }
}

/**
 * It stays refused, so that both servers say that their files differ, and goes on record all the same: a start with other
 * pools must not take for free what the partner has told (decision 0033). What is on record of others stands.
 */
function remember(step: Step, host: UpdatesHost, told: ToldLease, onItsWay: OnItsWay): void {
  const record = host.table.find(told.kind, told.prefix)
  const { name } = host.relationship
  if (record !== undefined && record.relationship !== name) return
  const local = host.believesPartner() ? undefined : record
  const { verdict } = judgeUpdate(local, told, step.now, host.role, host.pools.isShared(told.kind, told.prefix))
  if (verdict !== 'take') return
  const subnetId = host.pools.find(told.kind, told.prefix)?.subnet.id ?? NO_SUBNET
  takeUpdate(step, host, local, told, { subnetId, relationship: name }, onItsWay)
}

function takeUpdate(
  step: Step,
  host: UpdatesHost,
  local: Binding | undefined,
  told: ToldLease,
  home: LeaseHome,
  onItsWay: OnItsWay,
): void {
  if (hasBug('update-not-stored')) return
  if (!host.believesPartner()) noticeForgottenWord(step, host, local, told)
  else if (isEnded(told.status) && told.expirationTime !== undefined) host.mayHavePromised(step, told.expirationTime)
  const crossing = onItsWay(bindingKey(told.kind, told.prefix))
  const isInUseForPartner = crossing !== undefined && isInUse(crossing)
  const isShared = host.pools.isShared(told.kind, told.prefix)
  const stored = storeUpdate(local, told, home, { mcltSeconds: host.mcltSeconds(), isShared, isInUseForPartner })
  // Kept longer than the partner said, for promises that were lost: it has to know.
  const isKeptLonger = (stored.statusExpiresAt ?? 0) > (told.statusExpiresAt ?? 0)
  // Two updates that cross may both be taken, each server then holding the other's: the primary tells what it has come to.
  const isToBeTold = crossing !== undefined && (host.role === 'primary' || isEnded(stored.status))
  step.changeBinding({ ...stored, owedToPartner: isKeptLonger || isToBeTold }, 'partner')
}

/**
 * We have given the lease to the secondary and have no answer yet: it may take the gift after it told an end, or a lease that
 * has run out, and what it took is not ours before it says so (decision 0022). Where it does not take the gift it refuses it,
 * and tells what it has.
 */
function isGivenAway(host: UpdatesHost, local: Binding | undefined, onItsWay: OnItsWay): boolean {
  if (host.role !== 'primary' || local?.status !== 'FREE-BACKUP') return false
  return host.pools.isShared(local.kind, local.prefix) && onItsWay(keyOf(local))?.status === 'FREE-BACKUP'
}

/** By the secondary's clock it may have run out a little sooner. */
function hasNearlyRunOut({ status, statusExpiresAt }: ToldLease, now: Instant): boolean {
  return status === 'ACTIVE' && isDue(statusExpiresAt, addSeconds(now, SAME_TIME_SECONDS))
}

const given: Refusal = {
  statusCode: StatusCode.OutdatedBindingInformation,
  text: 'it has run out, and is given to you',
}

/** Told so, it may be held so by the partner, whatever that has told itself meanwhile. */
function isInUse({ status }: Binding): boolean {
  return !isEnded(status) && !isAvailable(status)
}

/**
 * What we tell is durable before it leaves, so the partner cannot remember more of our own word than we do; but an end
 * that has yielded to its grant is not remembered (decision 0021), so only leases in use show it.
 */
function noticeForgottenWord(step: Step, host: UpdatesHost, local: Binding | undefined, told: ToldLease): void {
  const { partnerRawCltTime: clientHeardAt } = told
  if (clientHeardAt === undefined || told.status !== 'ACTIVE') return
  const remembered = Math.max(local?.clientHeardAt ?? 0, local?.statusSince ?? 0)
  if (wholeSeconds(clientHeardAt) <= remembered / 1000) return
  const relationship = host.relationship.name
  step.notice({ kind: 'storage-older-than-told', relationship, lease: leaseText(told), clientHeardAt })
}

/** The partner holds exactly what we owed it: it need not be told any more. */
function settleRepeat(step: Step, host: UpdatesHost, local: Binding): void {
  const isShared = host.pools.isShared(local.kind, local.prefix)
  const settled = isEnded(local.status) ? madeAvailable(local, isShared) : local
  step.changeBinding({ ...settled, owedToPartner: false }, 'acknowledged')
}

/** needs-update: at once only where nothing was owed before, else with the next scan (RFC 8156 section 7.5.4). */
function markOwed(step: Step, host: UpdatesHost, local: Binding, kept: Binding, toTellAtOnce: BindingKey[]): void {
  const isNew = !local.owedToPartner && canBeTold(local, host.pools)
  if (isNew || kept !== local) {
    step.changeBinding({ ...kept, owedToPartner: local.owedToPartner || isNew }, 'acknowledged')
  }
  if (isNew) toTellAtOnce.push(keyOf(local))
}

function homeOf(host: UpdatesHost, told: ToldLease): LeaseHome | undefined {
  const { name } = host.relationship
  const record = host.table.find(told.kind, told.prefix)
  const pool = host.pools.find(told.kind, told.prefix)
  // Of a pool or a reservation that the configuration has no more: what there was of it is still told to its end.
  if (
    pool === undefined &&
    record?.client !== undefined &&
    record.subnetId !== NO_SUBNET &&
    record.relationship === name
  ) {
    return { subnetId: record.subnetId, relationship: name }
  }
  if (told.kind === 'address') {
    // Without a client only what both have announced to share is told of (decision 0078).
    if (told.client === undefined && !host.pools.isShared('address', told.prefix)) return undefined
    // Of this relationship is the whole subnet (RFC 8156 section 6.2). An address of it that lies in no pool now was given
    // under another configuration, and is on record when the pools are put right: nobody gives it twice (decision 0033).
    const subnet = pool?.subnet ?? host.pools.subnetAround(told.prefix.address)
    return subnet?.relationship === name ? { subnetId: subnet.id, relationship: name } : undefined
  }
  // A client holds a whole delegated prefix; only what is tied to nobody moves in bigger blocks.
  if (pool?.subnet.relationship !== name) return undefined
  if (told.client !== undefined && told.prefix.length !== pool.leaseLength) return undefined
  return { subnetId: pool.subnet.id, relationship: name }
}

/**
 * The primary wants back what we have leased meanwhile (RFC 8156 section 4.2.2). What it knows to be leased has a
 * record of its own on both sides, which beats the block around it; so only what is still owed to it speaks against.
 */
function leasedInsideUnknownToPartner(host: UpdatesHost, told: ToldLease): Binding | undefined {
  if (hasBug('take-back-of-leased-accepted')) return undefined
  if (host.role !== 'secondary' || told.kind !== 'prefix' || told.status !== 'FREE' || told.client !== undefined) {
    return undefined
  }
  // What a server that fetches everything has so far, it has from the partner, even what it keeps for longer and owes.
  if (host.believesPartner()) return undefined
  for (const slot of host.table.owedSlots(host.relationship.name)) {
    if (host.table.kindAt(slot) !== 'prefix' || isAvailable(host.table.statusAt(slot))) continue
    const inner = host.table.prefixAt(slot)
    if (inner.length > told.prefix.length && prefixContainsPrefix(told.prefix, inner)) return host.table.at(slot)
  }
  return undefined
}

function replyTo(
  update: Exclude<ReadUpdate, { container: 'none' }>,
  whole: Refusal | undefined,
  refusals: ReadonlyMap<string, Refusal>,
): Options {
  const refusal = whole ?? refusals.get(placeOf(undefined, 0))
  if (update.container === 'prefix') return replyToPrefix(update.value, refusal)
  if (update.container === 'address') return replyToAddress(update.value, refusal)
  return replyToClientData(update.options, whole, (iaIndex, leaseIndex) => refusals.get(placeOf(iaIndex, leaseIndex)))
}

function placeOf(iaIndex: number | undefined, leaseIndex: number): string {
  return `${iaIndex ?? 'alone'}/${leaseIndex}`
}

function describeWhole(update: Exclude<ReadUpdate, { container: 'none' }>): string {
  if (update.container === 'address') return formatIpv6Address(update.value.address)
  return update.container === 'prefix' ? formatIpv6Prefix(update.value.prefix) : 'all leases of one update'
}

/** Both sides of the comparison; times are instants, since "before now" would be a riddle later. */
function inputsOf(host: UpdatesHost, told: ToldLease): DecisionInputs {
  const local = host.table.find(told.kind, told.prefix)
  return {
    told: told.status,
    toldTime: updateTime(told),
    ...(told.client === undefined ? {} : { toldClient: told.client.duid }),
    ...(local === undefined ? {} : { local: local.status, localTime: localTime(local) }),
    ...(local?.client === undefined ? {} : { localClient: local.client.duid }),
  }
}

function noticeRefusal(step: Step, host: UpdatesHost, lease: string, refusal: Refusal, inputs: DecisionInputs): void {
  step.notice({
    kind: 'update-rejected',
    relationship: host.relationship.name,
    by: 'us',
    lease,
    statusCode: refusal.statusCode,
    detail: refusal.text,
    rule: ruleOfRefusal(refusal.statusCode),
    inputs,
  })
}

/** The conflict table decides about these two; the checks before it about everything else. */
function ruleOfRefusal(statusCode: number): string {
  const isConflict = statusCode === StatusCode.AddressInUse || statusCode === StatusCode.OutdatedBindingInformation
  return isConflict ? 'RFC 8156 7.5.4' : 'RFC 8156 7.5.3'
}
