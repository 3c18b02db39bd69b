/** The host name out of a stored OPTION_CLIENT_FQDN (RFC 4704 section 4): a flags octet, then labels. */

const PRINTABLE = /^[\x21-\x7e]+$/

/** null: the client gave none, or something that is no name; the octets came from the network. */
export function hostNameOf(value: Uint8Array): string | null {
  const labels: string[] = []
  let at = 1
  while (at < value.length) {
    const length = value[at] ?? 0
    if (length === 0) break
    if (length > 63 || at + 1 + length > value.length) return null
    const label = String.fromCodePoint(...value.subarray(at + 1, at + 1 + length))
    if (!PRINTABLE.test(label)) return null
    labels.push(label)
    at += 1 + length
  }
  return labels.length === 0 ? null : labels.join('.')
}
