/**
 * Why a handshake failed and what to do, in words for operators; the library's own speak of programs and their switches, and
 * stand behind them for whoever looks them up (RFC 7653 section 9.1).
 */

interface Words {
  readonly reason: string
  readonly remedy?: string
}

const NOT_OURS: Words = {
  reason: "the partner's certificate is not of the authority that is configured here",
  remedy: 'give both servers certificates of one authority',
}
const OTHER_VERSION: Words = {
  reason: 'the partner speaks another version of TLS',
  remedy: 'where it knows only 1.2, set tls.minimumVersion to 1.2',
}
const NO_TLS: Words = {
  reason: 'what answers there does not speak TLS',
  remedy: 'check address and port, and that the partner has the same transport',
}
const CLOSED: Words = {
  reason: 'the partner closed the connection during the handshake; it may not accept our certificate',
  remedy: 'its log says why',
}
const OURS_REFUSED: Words = { reason: 'the partner does not accept our certificate', remedy: 'its log says why' }
const WEAK_KEY: Words = { reason: 'a key is too short for TLS', remedy: 'make certificates with longer keys' }

const words: Readonly<Record<string, Words>> = {
  CERT_HAS_EXPIRED: { reason: "the partner's certificate has expired", remedy: 'renew it there' },
  CERT_NOT_YET_VALID: {
    reason: "the partner's certificate is not valid yet",
    remedy: 'check the clocks of both servers',
  },
  CERT_SIGNATURE_FAILURE: {
    reason: "the partner's certificate is not signed by the authority that it names",
    remedy: 'make it anew, with the present authority',
  },
  CERT_REVOKED: { reason: "the partner's certificate is revoked", remedy: 'give it another one' },
  INVALID_PURPOSE: {
    reason: "the partner's certificate is not made for this",
    remedy: 'it needs the uses serverAuth and clientAuth',
  },
  INVALID_CA: { reason: 'the authority of the partner may not sign certificates', remedy: 'check tls.authority' },
  UNABLE_TO_GET_ISSUER_CERT: NOT_OURS,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOT_OURS,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOT_OURS,
  DEPTH_ZERO_SELF_SIGNED_CERT: NOT_OURS,
  SELF_SIGNED_CERT_IN_CHAIN: NOT_OURS,
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: {
    reason: 'the partner showed no certificate',
    remedy: 'check tls of this relationship there',
  },
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: {
    reason: 'the partner does not accept the authority of our certificate',
    remedy: 'give both servers certificates of one authority',
  },
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: {
    reason: 'the partner says that our certificate has expired',
    remedy: 'renew it here, and check the clocks of both servers',
  },
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: OURS_REFUSED,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: OURS_REFUSED,
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: OURS_REFUSED,
  ERR_SSL_TLSV1_ALERT_ACCESS_DENIED: OURS_REFUSED,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: {
    reason: 'the partner demands a certificate of us',
    remedy: 'check tls of this relationship here',
  },
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: OTHER_VERSION,
  ERR_SSL_UNSUPPORTED_PROTOCOL: OTHER_VERSION,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: {
    reason: 'the partner has no version or cipher of TLS in common with this server',
    remedy: 'both need TLS 1.3, or 1.2 where tls.minimumVersion allows it',
  },
  ERR_SSL_NO_SHARED_CIPHER: {
    reason: 'the partner has no cipher of TLS in common with this server',
    remedy: 'both need TLS 1.3, or 1.2 where tls.minimumVersion allows it',
  },
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  ERR_SSL_HTTP_REQUEST: NO_TLS,
  ERR_SSL_UNEXPECTED_MESSAGE: NO_TLS,
  ERR_SSL_UNEXPECTED_EOF_WHILE_READING: CLOSED,
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
  ERR_TLS_HANDSHAKE_TIMEOUT: {
    reason: 'the TLS handshake took too long',
    remedy: 'check the network between the servers',
  },
  ERR_SSL_EE_KEY_TOO_SMALL: WEAK_KEY,
  ERR_SSL_CA_KEY_TOO_SMALL: WEAK_KEY,
}

const RAW_LENGTH_MAX = 100

export function handshakeProblem(error: Error | string | undefined): string {
  const code = codeOf(error)
  const known = words[code ?? '']
  if (known === undefined) return unknownProblem(error, code)
  const { reason, remedy } = known
  return `TLS: ${reason}${remedy === undefined ? '' : `; ${remedy}`} (${code})`
}

/** What has no code is our own sentence. */
function unknownProblem(error: Error | string | undefined, code: string | undefined): string {
  if (error === undefined) return 'TLS: the certificate could not be verified'
  if (code === undefined && error instanceof Error) return `TLS: ${error.message}`
  return `TLS: the handshake failed (${[code, reasonOf(error)].filter((part) => part !== undefined).join(': ')})`
}

/** Of OpenSSL without its numbers and places in its source; else the first line of what the library says. */
function reasonOf(error: Error | string): string | undefined {
  if (typeof error === 'string') return undefined
  const said = 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message
  return said.trim().split('\n', 1)[0]?.slice(0, RAW_LENGTH_MAX)
}

function codeOf(error: Error | string | undefined): string | undefined {
  if (typeof error === 'string') return error
  if (error === undefined || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
