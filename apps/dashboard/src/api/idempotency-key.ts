/** A fresh key for one intention of an operator. */

/** `crypto.randomUUID` exists only where the page is secure; loopback counts, a forwarded port may not. */
export function newIdempotencyKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((octet) => octet.toString(16).padStart(2, '0')).join('')
}
