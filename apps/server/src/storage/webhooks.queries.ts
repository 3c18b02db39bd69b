/** Webhooks, which belong to the pair, and how far this server is with each. Secrets are in the clear, since they sign. */
import { randomBytes, randomUUID } from 'node:crypto'
import { insertAuditEntry } from './audit.queries.ts'
import { inOneTransaction } from './console-database.ts'
import type { ConsoleDatabase } from './console-database.ts'
import type { Author } from './operator-changes.ts'

export interface WebhookRow {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly secret: string
  /** A JSON array. */
  readonly subnets: string
  /** With spaces between them, as `events`; empty: all. */
  readonly kinds: string
  readonly events: string
  readonly beginsWithOldest: boolean
  readonly certificateAuthority: string | null
  readonly createdBy: string
  readonly createdAt: bigint
}

export interface NewWebhookRow {
  readonly name: string
  readonly url: string
  readonly subnets: readonly string[]
  readonly kinds: readonly string[]
  readonly events: readonly string[]
  readonly beginsWithOldest: boolean
  readonly certificateAuthority: string | null
}

const SECRET_PREFIX = 'whsec_'
const SECRET_OCTETS = 32

/** Undefined: there are `max` already. */
export async function insertWebhook(
  database: ConsoleDatabase,
  { subnets, kinds, events, ...wish }: NewWebhookRow,
  { operator, detail, nowMs }: Author,
  max: number,
): Promise<WebhookRow | undefined> {
  const data = {
    ...wish,
    id: randomUUID(),
    secret: SECRET_PREFIX + randomBytes(SECRET_OCTETS).toString('base64'),
    subnets: JSON.stringify(subnets),
    kinds: kinds.join(' '),
    events: events.join(' '),
    createdBy: operator,
    createdAt: BigInt(nowMs),
  }
  return inOneTransaction(database, async ({ prisma }) => {
    const made = await prisma.webhook.create({ data })
    if ((await prisma.webhook.count()) > max) {
      await prisma.webhook.delete({ where: { id: made.id } })
      return undefined
    }
    const about = [`to ${made.url}`, ...(detail === '' ? [] : [detail])].join(', ')
    await insertAuditEntry({ prisma }, { nowMs, operator, action: 'create-webhook', target: made.name, detail: about })
    return made
  })
}

export async function listWebhookRows({ prisma }: ConsoleDatabase): Promise<readonly WebhookRow[]> {
  return prisma.webhook.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })
}

export async function findWebhookRow({ prisma }: ConsoleDatabase, id: string): Promise<WebhookRow | null> {
  return prisma.webhook.findUnique({ where: { id } })
}

/** The name of the webhook that is gone; undefined: there was none. */
export async function deleteWebhook(
  database: ConsoleDatabase,
  id: string,
  { operator, detail, nowMs }: Author,
): Promise<string | undefined> {
  const name = (await findWebhookRow(database, id))?.name
  if (name === undefined) return undefined
  return inOneTransaction(database, async ({ prisma }) => {
    const { count } = await prisma.webhook.deleteMany({ where: { id } })
    if (count === 0) return undefined
    await prisma.webhookPosition.deleteMany({ where: { webhookId: id } })
    await prisma.removedAccount.create({ data: { kind: 'webhook', id, name, at: BigInt(nowMs) } })
    await insertAuditEntry({ prisma }, { nowMs, operator, action: 'remove-webhook', target: name, detail })
    return name
  })
}

export interface WebhookPosition {
  readonly origin: string
  readonly commitNumber: number
  readonly sequence: number | undefined
  readonly deliveredAtMs: number | undefined
  readonly stoppedBecause: string | undefined
}

/** Undefined: this server has not begun with it. */
export async function findWebhookPosition(
  { prisma }: ConsoleDatabase,
  webhookId: string,
): Promise<WebhookPosition | undefined> {
  const row = await prisma.webhookPosition.findUnique({ where: { webhookId } })
  if (row === null) return undefined
  return {
    origin: row.origin,
    commitNumber: Number(row.commitNumber),
    sequence: row.sequence === null ? undefined : Number(row.sequence),
    deliveredAtMs: row.deliveredAt === null ? undefined : Number(row.deliveredAt),
    stoppedBecause: row.stoppedBecause ?? undefined,
  }
}

export async function storeWebhookPosition(
  { prisma }: ConsoleDatabase,
  webhookId: string,
  { origin, commitNumber, sequence, deliveredAtMs, stoppedBecause }: WebhookPosition,
): Promise<void> {
  const data = {
    origin,
    commitNumber: BigInt(commitNumber),
    sequence: sequence === undefined ? null : BigInt(sequence),
    deliveredAt: deliveredAtMs === undefined ? null : BigInt(deliveredAtMs),
    stoppedBecause: stoppedBecause ?? null,
  }
  await prisma.webhookPosition.upsert({ where: { webhookId }, create: { webhookId, ...data }, update: data })
}

export async function auditWebhookBegin(
  database: ConsoleDatabase,
  target: string,
  { operator, detail, nowMs }: Author,
): Promise<void> {
  await insertAuditEntry(database, { nowMs, operator, action: 'begin-webhook', target, detail })
}

/** Positions of webhooks that the partner removed. */
export async function removeStrayPositions({ prisma }: ConsoleDatabase, present: readonly string[]): Promise<void> {
  await prisma.webhookPosition.deleteMany({ where: { webhookId: { notIn: [...present] } } })
}
