/** Available prefixes, and addresses of proportional pools, between the partners: POOLREQ, POOLRESP, giving and taking back (RFC 8156 section 4.2.2). */
import { MessageType, prefixContainsPrefix, type Ipv6Prefix } from '@tandem/protocol'
import type { BalancedPool } from '../../allocation/pools.ts'
import { bindingKey, keyOf, type Binding, type BindingKey } from '../../bindings/binding.ts'
import type { RelationshipSnapshot } from '../../snapshot.ts'
import type { Step } from '../../step.ts'
import type { Instant } from '../../time/instant.ts'
import type { UpdatesHost } from '../endpoint.ts'
import type { Settled, UpdateSender } from '../updates/send-updates.ts'
import { hasMoved, moveWanted, type Available, type BalanceRule } from './balance-targets.ts'

/** Of one rebalance by an operator's word and one pool. */
const REFUSALS_MAX = 16
/** Bound one check; the rest follows when these are acknowledged. Addresses move one by one. */
const MOVES_PER_CHECK_MAX = { prefix: 64, address: 1024 } as const

export class PoolBalance {
  readonly #host: UpdatesHost
  readonly #sender: UpdateSender
  readonly #rule: BalanceRule
  readonly #exactRule: BalanceRule
  /** Pools that an operator wants shared out to the last lease, and how many refused moves that may still take. */
  readonly #exactly = new Map<string, number>()
  /** Records of blocks bigger than one delegated prefix, by pool. */
  readonly #blocks = new Map<string, Map<BindingKey, Ipv6Prefix>>()
  /** Moves that the partner has not answered, by the pool they belong to. */
  readonly #moving = new Map<BindingKey, BalancedPool>()
  readonly #lastSeen = new Map<string, Available>()
  #requestId: number | undefined
  #requestAfterBacklog = false

  constructor(host: UpdatesHost, sender: UpdateSender) {
    this.#host = host
    this.#sender = sender
    this.#rule = {
      secondaryShare: host.relationship.secondaryPrefixShare,
      threshold: host.relationship.prefixRebalanceThreshold,
    }
    this.#exactRule = { ...this.#rule, threshold: 0 }
    host.table.observe('prefix', (_before, after) => this.#noteBlock(after))
  }

  /** A secondary asks for prefixes once its backlog has been sent (RFC 8156 section 8.8). */
  enteredNormal(step: Step): void {
    this.#lastSeen.clear()
    if (this.#host.role !== 'secondary') return
    this.#requestAfterBacklog = true
    this.backlogMayBeSent(step)
  }

  backlogMayBeSent(step: Step): void {
    if (!this.#requestAfterBacklog || !this.#sender.backlogIsSent) return
    this.#requestAfterBacklog = false
    this.#request(step)
  }

  /** POOLRESP says that the task is accepted, not that it is done (RFC 8156 section 5.3.4). */
  receiveRequest(step: Step, transactionId: number): void {
    if (this.#host.role !== 'primary') return
    this.#host.partnerBacklogReceived(step)
    this.#host.send(step, MessageType.Poolresp, transactionId, [])
    if (this.#host.state() !== 'NORMAL') return
    for (const pool of this.#pools()) this.#rebalance(step, pool)
  }

  receiveResponse(transactionId: number): void {
    if (this.#requestId === transactionId) this.#requestId = undefined
  }

  /** Periodic: the primary looks where counts have moved, the secondary asks where it runs short. */
  check(step: Step): void {
    if (this.#host.state() !== 'NORMAL') return
    if (this.#host.role === 'secondary') {
      if (this.#requestId === undefined && !this.#requestAfterBacklog && this.#runsShort()) this.#request(step)
      return
    }
    this.#dropOvertakenMoves()
    for (const pool of this.#pools()) {
      if (hasMoved(this.#lastSeen.get(pool.id), pool.available(), this.#rule)) this.#rebalance(step, pool)
    }
  }

  /** To the last lease: the threshold is there to spare exchanges, and an operator has asked for them. */
  rebalanceAll(step: Step): void {
    for (const pool of this.#pools()) {
      this.#exactly.set(pool.id, REFUSALS_MAX)
      this.#rebalance(step, pool)
    }
  }

  imbalances(): RelationshipSnapshot['imbalances'] {
    const pools = this.#pools()
    if (pools.length === 0) return undefined
    return pools.flatMap((pool) => {
      const move = moveWanted(pool.available(), this.#exactRule)
      return move === undefined ? [] : [{ pool: pool.id, direction: move.direction, leases: move.prefixes }]
    })
  }

  /** The last move of a round has been answered: see whether more is wanted. A refusal ends the round, but not an operator's wish. */
  settled(step: Step, { key, accepted }: Settled): void {
    const pool = this.#moving.get(key)
    if (pool === undefined) return
    this.#moving.delete(key)
    if ((accepted || this.#goesOnExactly(pool)) && this.#host.state() === 'NORMAL') this.#rebalance(step, pool)
  }

  connectionLost(): void {
    this.#moving.clear()
    this.#exactly.clear()
    this.#lastSeen.clear()
    this.#requestId = undefined
    this.#requestAfterBacklog = false
  }

  *outstandingTransactionIds(): Generator<number> {
    if (this.#requestId !== undefined) yield this.#requestId
  }

  /** A lease that was asked back may have been given to a client meanwhile: others are asked back instead. */
  #goesOnExactly(pool: BalancedPool): boolean {
    const left = this.#exactly.get(pool.id)
    if (left === undefined) return false
    if (left === 0) this.#exactly.delete(pool.id)
    else this.#exactly.set(pool.id, left - 1)
    return left > 0
  }

  #rebalance(step: Step, pool: BalancedPool): void {
    for (const moving of this.#moving.values()) if (moving === pool) return
    this.#lastSeen.set(pool.id, pool.available())
    const move = moveWanted(pool.available(), this.#exactly.has(pool.id) ? this.#exactRule : this.#rule)
    if (move === undefined) {
      this.#exactly.delete(pool.id)
      return
    }
    const from = move.direction === 'give' ? 'primary' : 'secondary'
    for (const block of pool.blocksToMove(from, move.prefixes, MOVES_PER_CHECK_MAX[pool.kind])) {
      for (const prefix of [block, ...this.#recordedInside(pool, block)]) {
        this.#startMove(step, pool, prefix, move.direction)
      }
    }
    this.#lastSeen.set(pool.id, pool.available())
  }

  /** A record that is no longer owed was changed by the partner before its move went out. */
  #dropOvertakenMoves(): void {
    for (const key of this.#moving.keys()) {
      if (this.#host.table.get(key)?.owedToPartner !== true) this.#moving.delete(key)
    }
  }

  /**
   * Both ways the record says FREE-BACKUP and is owed from now on: given away, we must not use it from the moment of
   * sending; asked back, it is the partner's until the partner agrees.
   */
  #startMove(step: Step, pool: BalancedPool, prefix: Ipv6Prefix, direction: 'give' | 'take-back'): void {
    const key = bindingKey(pool.kind, prefix)
    const before = this.#host.table.get(key)
    const keptSince = direction === 'take-back' && before?.status === 'FREE-BACKUP' ? before.statusSince : step.now
    step.changeBinding(clientless(pool, prefix, this.#host.relationship.name, keptSince), 'balance')
    this.#moving.set(key, pool)
    if (direction === 'give') this.#sender.enqueue(key)
    else this.#sender.enqueueTakeBack(key, step.now)
  }

  /** Records of smaller blocks would beat the bigger one around them, so they move with it. */
  #recordedInside(pool: BalancedPool, block: Ipv6Prefix): readonly Ipv6Prefix[] {
    const inside: Ipv6Prefix[] = []
    for (const prefix of this.#blocks.get(pool.id)?.values() ?? []) {
      if (prefix.length > block.length && prefixContainsPrefix(block, prefix)) inside.push(prefix)
    }
    return inside
  }

  #noteBlock(binding: Binding): void {
    if (binding.relationship !== this.#host.relationship.name) return
    const pool = this.#pools().find((candidate) => candidate.contains(binding.prefix))
    if (pool === undefined || binding.prefix.length >= pool.leaseLength) return
    const blocks = this.#blocks.get(pool.id) ?? new Map<BindingKey, Ipv6Prefix>()
    blocks.set(keyOf(binding), binding.prefix)
    this.#blocks.set(pool.id, blocks)
  }

  #runsShort(): boolean {
    return this.#pools().some((pool) => moveWanted(pool.available(), this.#rule)?.direction === 'give')
  }

  #request(step: Step): void {
    this.#requestId = this.#host.nextTransactionId()
    this.#host.send(step, MessageType.Poolreq, this.#requestId, [])
  }

  #pools(): readonly BalancedPool[] {
    return this.#host.pools.balancedBy(this.#host.relationship.name)
  }
}

/** The record of a prefix that moves: tied to nobody, and nothing is promised of it. */
function clientless(pool: BalancedPool, prefix: Ipv6Prefix, relationship: string, statusSince: Instant): Binding {
  return {
    kind: pool.kind,
    prefix,
    subnetId: pool.subnet.id,
    relationship,
    status: 'FREE-BACKUP',
    client: undefined,
    statusSince,
    statusExpiresAt: undefined,
    t1Seconds: 0,
    t2Seconds: 0,
    preferredSeconds: 0,
    validSeconds: 0,
    clientHeardAt: undefined,
    partnerHeardClientAt: undefined,
    expirationTime: undefined,
    ackedPartnerLifetime: undefined,
    partnerLifetime: undefined,
    owedToPartner: true,
    updateSent: false,
    relayData: undefined,
    clientFqdn: undefined,
  }
}
