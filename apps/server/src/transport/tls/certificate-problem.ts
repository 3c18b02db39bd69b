/** Why a handshake failed, in words for operators: the library's own speak of programs and their switches (RFC 7653 section 9.1). */

const words: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the partner's certificate has expired",
  CERT_NOT_YET_VALID: "the partner's certificate is not valid yet; check the clocks of both servers",
  CERT_SIGNATURE_FAILURE: "the partner's certificate is not signed by the authority that it names",
  UNABLE_TO_GET_ISSUER_CERT: notOurs(),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: notOurs(),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: notOurs(),
  DEPTH_ZERO_SELF_SIGNED_CERT: notOurs(),
  SELF_SIGNED_CERT_IN_CHAIN: notOurs(),
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'the partner showed no certificate',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'the partner does not accept the authority of our certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'the partner says that our certificate has expired',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'the partner does not accept our certificate',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'the partner demands a certificate of us',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: otherVersion(),
  ERR_SSL_UNSUPPORTED_PROTOCOL: otherVersion(),
}

function otherVersion(): string {
  return 'the partner speaks another version of TLS; where it knows only 1.2, set tls.minimumVersion to 1.2'
}

function notOurs(): string {
  return "the partner's certificate is not of the authority that is configured here"
}

export function handshakeProblem(error: Error | string | undefined): string {
  const text = error instanceof Error ? error.message : (error ?? 'the certificate could not be verified')
  return `TLS: ${words[codeOf(error) ?? ''] ?? text}`
}

function codeOf(error: Error | string | undefined): string | undefined {
  if (typeof error === 'string') return error
  if (error === undefined || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
