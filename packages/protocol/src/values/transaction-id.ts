/** Transaction ids: 24 bits that tie an answer to its question (RFC 9915 §16.1, RFC 8156 §5.4). */

export type TransactionId = number

export const TRANSACTION_ID_MAX = 0xffffff

export function isTransactionId(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= TRANSACTION_ID_MAX
}

export function formatTransactionId(transactionId: TransactionId): string {
  return transactionId.toString(16).padStart(6, '0')
}
