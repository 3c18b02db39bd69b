/** The accounts of this server as its partner is told them, and what it takes over from there, each part as one transaction with its audit. */
import { insertAuditEntry } from './audit.queries.ts'
import { mergeAccounts } from './account-merge.ts'
import type { AccountsCopy, OperatorCopy, RemovalCopy, TokenCopy, WebhookCopy } from './account-merge.ts'
import { inOneTransaction } from './console-database.ts'
import type { ConsoleDatabase, ConsoleTables } from './console-database.ts'

export type { AccountsCopy, OperatorCopy, RemovalCopy, TokenCopy, WebhookCopy } from './account-merge.ts'

export interface TakenOver {
  /** Hashes of sessions and ids of tokens that are no more. */
  readonly endedSignIns: readonly string[]
  /** What the audit was told. */
  readonly changes: readonly string[]
}

/** Another text after each change of an account, whoever made it, the command line too; cheap to ask. */
export async function accountsMark({ prisma }: ConsoleDatabase): Promise<string> {
  const rows = await prisma.$queryRaw<readonly object[]>`
    SELECT (SELECT COUNT(*) FROM "Operator") AS a, (SELECT COALESCE(SUM("revision"), 0) FROM "Operator") AS b,
      (SELECT COUNT(*) FROM "ApiToken") AS c, (SELECT COUNT(*) FROM "RemovedAccount") AS d,
      (SELECT COUNT(*) FROM "Webhook") AS e`
  return Object.values(rows[0] ?? {}).join(' ')
}

const removalKinds = ['operator', 'api-token', 'webhook'] as const

export async function readAccounts({ prisma }: ConsoleTables): Promise<AccountsCopy> {
  const operators = await prisma.operator.findMany({ orderBy: { id: 'asc' } })
  const tokens = await prisma.apiToken.findMany({ orderBy: { id: 'asc' } })
  const webhooks = await prisma.webhook.findMany({ orderBy: { id: 'asc' } })
  const removals = await prisma.removedAccount.findMany({ orderBy: [{ kind: 'asc' }, { id: 'asc' }] })
  return {
    operators: operators.map(({ createdAt, lastSignInAt: _here, revision: _own, changedAt: _too, ...copy }) => ({
      ...copy,
      createdAtMs: Number(createdAt),
    })),
    tokens: tokens.map(({ createdAt, expiresAt, lastUsedAt: _here, ...copy }) => ({
      ...copy,
      createdAtMs: Number(createdAt),
      expiresAtMs: expiresAt === null ? null : Number(expiresAt),
    })),
    webhooks: webhooks.map(({ createdAt, ...copy }) => ({ ...copy, createdAtMs: Number(createdAt) })),
    removals: removals.map(({ kind, at, ...copy }) => ({
      ...copy,
      kind: removalKinds.find((each) => each === kind) ?? 'api-token',
      atMs: Number(at),
    })),
  }
}

/** A transaction locks a database file, so each takes few; removals are kept for good, and a new database lacks all of them. */
const COPIES_PER_TRANSACTION = 100

/**
 * `from`: the partner's name, as the audit has it. What is in step already costs no transaction. Removals come first: a merge
 * only adds to what is known, so what was taken, and yielded, before a failure counts, and the next time goes on from there.
 */
export async function* takeOverAccounts(
  database: ConsoleDatabase,
  told: AccountsCopy,
  about: { readonly from: string; readonly nowMs: number },
): AsyncGenerator<TakenOver> {
  const own = await readAccounts(database)
  const known = new Map(own.removals.map((removal) => [`${removal.kind} ${removal.id}`, removal.atMs]))
  const removals = told.removals.filter(({ kind, id, atMs }) => atMs < (known.get(`${kind} ${id}`) ?? Infinity))
  const tokensHere = new Set(own.tokens.map(({ id }) => id))
  const tokens = told.tokens.filter(({ id }) => !tokensHere.has(id))
  const parts: AccountsCopy[] = [
    ...piecesOf(removals).map((piece) => ({ ...NOTHING, removals: piece })),
    { ...NOTHING, operators: told.operators },
    ...piecesOf(tokens).map((piece) => ({ ...NOTHING, tokens: piece })),
    { ...NOTHING, webhooks: told.webhooks },
  ]
  for (const part of parts) yield await takeOverPart(database, part, about)
}

const NOTHING: AccountsCopy = { operators: [], tokens: [], webhooks: [], removals: [] }

function piecesOf<Copy>(copies: readonly Copy[]): readonly (readonly Copy[])[] {
  const pieces: (readonly Copy[])[] = []
  for (let at = 0; at < copies.length; at += COPIES_PER_TRANSACTION) {
    pieces.push(copies.slice(at, at + COPIES_PER_TRANSACTION))
  }
  return pieces
}

async function takeOverPart(
  database: ConsoleDatabase,
  told: AccountsCopy,
  { from, nowMs }: { readonly from: string; readonly nowMs: number },
): Promise<TakenOver> {
  const ownNow = await readAccounts(database)
  if (isInStep(ownNow, mergeAccounts(ownNow, told))) return { endedSignIns: [], changes: [] }
  return inOneTransaction(database, async (tables) => {
    // Writes first, as a transaction has to: see inOneTransaction.
    await tables.prisma.session.deleteMany({ where: { expiresAt: { lt: BigInt(nowMs) } } })
    const own = await readAccounts(tables)
    const merged = mergeAccounts(own, told)
    const work: Work = { tables, nowMs, endedSignIns: [], changes: [], by: `partner:${from}` }
    await takeRemovals(work, own, merged)
    await takeOperators(work, own, merged)
    await takeTokens(work, own, merged)
    await takeWebhooks(work, own, merged)
    return { endedSignIns: work.endedSignIns, changes: work.changes }
  })
}

function isInStep(own: AccountsCopy, merged: AccountsCopy): boolean {
  const sorted = ({ operators, tokens, webhooks, removals }: AccountsCopy): string =>
    JSON.stringify([operators, tokens, webhooks, removals].map((copies) => copies.map(textOf).toSorted()))
  return sorted(own) === sorted(merged)
}

/** With its parts in one order, whoever made it. */
const textOf = (copy: OperatorCopy | TokenCopy | WebhookCopy | RemovalCopy): string =>
  JSON.stringify(Object.entries(copy).toSorted(([a], [b]) => (a < b ? -1 : 1)))

interface Work {
  readonly tables: ConsoleTables
  readonly nowMs: number
  readonly by: string
  readonly endedSignIns: string[]
  readonly changes: string[]
}

async function takeRemovals(work: Work, own: AccountsCopy, merged: AccountsCopy): Promise<void> {
  const { prisma } = work.tables
  const known = new Map(own.removals.map((removal) => [`${removal.kind} ${removal.id}`, removal]))
  for (const { kind, id, name, atMs } of merged.removals) {
    if (known.get(`${kind} ${id}`)?.atMs === atMs) continue
    const data = { kind, id, name, at: BigInt(atMs) }
    await prisma.removedAccount.upsert({ where: { kind_id: { kind, id } }, create: data, update: { at: data.at } })
    if (kind === 'operator') {
      await endSessions(work, id)
      const { count } = await prisma.operator.deleteMany({ where: { id } })
      if (count > 0) await note(work, 'remove-operator', name, '')
    } else if (kind === 'webhook') {
      const { count } = await prisma.webhook.deleteMany({ where: { id } })
      if (count > 0) await note(work, 'remove-webhook', name, '')
    } else {
      const { count } = await prisma.apiToken.deleteMany({ where: { id } })
      if (count > 0) {
        work.endedSignIns.push(id)
        await note(work, 'revoke-api-token', name, '')
      }
    }
  }
}

/** Those that give up a name come before those that take it. */
async function takeOperators(work: Work, own: AccountsCopy, merged: AccountsCopy): Promise<void> {
  const { prisma } = work.tables
  const known = new Map(own.operators.map((operator) => [operator.id, operator]))
  const differing = merged.operators.filter((operator) => {
    const before = known.get(operator.id)
    return before === undefined || textOf(before) !== textOf(operator)
  })
  for (const operator of differing) {
    const before = known.get(operator.id)
    if (before === undefined) continue
    const { id, createdAtMs: _forGood, ...data } = operator
    const change = { ...data, revision: { increment: 1 }, changedAt: BigInt(work.nowMs) }
    await prisma.operator.update({ where: { id }, data: change })
    const told = differences(before, operator)
    if (told.endsSessions) await endSessions(work, id)
    if (told.words !== '') await note(work, 'change-operator', before.name, told.words)
  }
  for (const operator of differing) {
    if (known.has(operator.id)) continue
    const { createdAtMs, ...data } = operator
    const dates = { createdAt: BigInt(createdAtMs), changedAt: BigInt(work.nowMs) }
    await prisma.operator.create({ data: { ...data, ...dates } })
    await note(work, 'create-operator', operator.name, `role ${operator.role}`)
  }
}

function differences(
  before: OperatorCopy,
  after: OperatorCopy,
): { readonly words: string; readonly endsSessions: boolean } {
  const rights = [
    ...(after.role === before.role ? [] : [`role ${before.role} to ${after.role}`]),
    ...(after.disabled === before.disabled ? [] : [after.disabled ? 'disabled' : 'enabled']),
    ...(after.passwordHash === before.passwordHash && after.passwordTemporary === before.passwordTemporary
      ? []
      : ['another password']),
  ]
  const name = after.name === before.name ? [] : [`renamed to ${after.name}, since an older account has the name`]
  return { words: [...name, ...rights].join(', '), endsSessions: rights.length > 0 }
}

async function takeTokens(work: Work, own: AccountsCopy, merged: AccountsCopy): Promise<void> {
  const known = new Set(own.tokens.map(({ id }) => id))
  for (const { createdAtMs, expiresAtMs, ...data } of merged.tokens) {
    if (known.has(data.id)) continue
    const dates = { createdAt: BigInt(createdAtMs), expiresAt: expiresAtMs === null ? null : BigInt(expiresAtMs) }
    await work.tables.prisma.apiToken.create({ data: { ...data, ...dates } })
    await note(work, 'create-api-token', data.name, `role ${data.role}`)
  }
}

async function takeWebhooks(work: Work, own: AccountsCopy, merged: AccountsCopy): Promise<void> {
  const known = new Set(own.webhooks.map(({ id }) => id))
  for (const { createdAtMs, ...data } of merged.webhooks) {
    if (known.has(data.id)) continue
    await work.tables.prisma.webhook.create({ data: { ...data, createdAt: BigInt(createdAtMs) } })
    await note(work, 'create-webhook', data.name, `to ${data.url}`)
  }
}

async function endSessions({ tables, endedSignIns }: Work, operatorId: string): Promise<void> {
  const sessions = await tables.prisma.session.findMany({ where: { operatorId }, select: { tokenHash: true } })
  endedSignIns.push(...sessions.map(({ tokenHash }) => tokenHash))
  await tables.prisma.session.deleteMany({ where: { operatorId } })
}

async function note({ tables, by, nowMs, changes }: Work, action: string, target: string, what: string): Promise<void> {
  const detail = [what, 'taken over from the partner, whose audit says who did it']
    .filter((text) => text !== '')
    .join(', ')
  await insertAuditEntry(tables, { nowMs, operator: by, action, target, detail })
  changes.push(`${action} ${target}`)
}
