/** Accounts as the two servers tell them each other over the private channel: passwords and tokens as hashes only (decision 0103). */
import { OperatorName, roles, WebhookUrl } from '@tandem/api-contract'
import * as z from 'zod'

const Id = z.string().min(1).max(100)
const UnixMs = z.int().min(0)
const Lineage = z
  .string()
  .regex(/^[\w-]*(?: [\w-]+)*$/u)
  .max(1_000)

/** That of a newer version too: it is kept as it is told, and gives nothing here. */
const ToldRole = z.string().regex(/^[a-z][a-z-]{0,63}$/u)

const Words = z
  .string()
  .regex(/^[a-z -]*$/u)
  .max(1_000)

const ToldOperator = z.object({
  id: Id,
  name: OperatorName,
  createdAtMs: UnixMs,
  role: ToldRole,
  disabled: z.boolean(),
  accessLineage: Lineage,
  passwordHash: z.string().startsWith('$argon2id$').max(500),
  passwordTemporary: z.boolean(),
  passwordLineage: Lineage,
})

const ToldToken = z.object({
  id: Id,
  name: z.string().min(1).max(200),
  tokenHash: z.string().regex(/^[0-9a-f]{64}$/u),
  role: ToldRole,
  scope: z
    .string()
    .regex(/^[a-z. -]*$/u)
    .max(1_000),
  createdBy: z.string().max(200),
  createdAtMs: UnixMs,
  expiresAtMs: UnixMs.nullable(),
})

/** Its secret is no hash: both servers sign with it. */
const ToldWebhook = z.object({
  id: Id,
  name: z.string().min(1).max(200),
  url: WebhookUrl,
  secret: z.string().regex(/^whsec_[\w+/=]{32,100}$/u),
  subnets: z.string().max(10_000).refine(isListOfTexts),
  kinds: Words,
  events: Words,
  beginsWithOldest: z.boolean(),
  certificateAuthority: z.string().max(20_000).nullable(),
  createdBy: z.string().max(200),
  createdAtMs: UnixMs,
})

const ToldRemoval = z.object({
  kind: z.enum(['operator', 'api-token', 'webhook']),
  id: Id,
  name: z.string().max(200),
  atMs: UnixMs,
})

export interface ToldAccounts {
  readonly operators: readonly z.infer<typeof ToldOperator>[]
  readonly tokens: readonly z.infer<typeof ToldToken>[]
  readonly webhooks: readonly z.infer<typeof ToldWebhook>[]
  readonly removals: readonly z.infer<typeof ToldRemoval>[]
}

/** Absent accounts: they are still those of the digest that was asked with. */
export interface AccountsAnswer {
  readonly digest: string
  readonly accounts?: ToldAccounts | undefined
  /** Copies that this version does not understand, and leaves out. */
  readonly notUnderstood: number
  /** Copies of a role that this version does not know. */
  readonly unknownRoles: number
}

const Envelope = z.object({
  digest: z.string().regex(/^[\w-]{1,64}$/u),
  accounts: z
    .object({
      operators: z.array(z.unknown()),
      tokens: z.array(z.unknown()),
      /** A version before webhooks tells none. */
      webhooks: z.array(z.unknown()).default([]),
      removals: z.array(z.unknown()),
    })
    .optional(),
})

/** Undefined: it is no answer to what was asked. */
export function readAccountsAnswer(body: unknown): AccountsAnswer | undefined {
  const read = Envelope.safeParse(body)
  if (!read.success) return undefined
  const { digest, accounts } = read.data
  if (accounts === undefined) return { digest, notUnderstood: 0, unknownRoles: 0 }
  const told: ToldAccounts = {
    operators: understoodOf(ToldOperator, accounts.operators),
    tokens: understoodOf(ToldToken, accounts.tokens),
    webhooks: understoodOf(ToldWebhook, accounts.webhooks),
    removals: understoodOf(ToldRemoval, accounts.removals),
  }
  const count = (all: { readonly [Kind in keyof ToldAccounts]: readonly unknown[] }): number =>
    all.operators.length + all.tokens.length + all.webhooks.length + all.removals.length
  const known: readonly string[] = roles
  const unknownRoles = [...told.operators, ...told.tokens].filter(({ role }) => !known.includes(role)).length
  return { digest, accounts: told, notUnderstood: count(accounts) - count(told), unknownRoles }
}

function understoodOf<Copy>(schema: z.ZodType<Copy>, copies: readonly unknown[]): readonly Copy[] {
  return copies.flatMap((copy) => {
    const read = schema.safeParse(copy)
    return read.success ? [read.data] : []
  })
}

function isListOfTexts(text: string): boolean {
  try {
    return z.array(z.string()).safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}
