/** What decoding answers when octets break the rules of RFC 9915 or RFC 8156: a value with a reason, never an exception. */

export type DecodeErrorReason =
  | 'truncated'
  | 'trailing-bytes'
  | 'nested-too-deep'
  | 'value-out-of-range'
  | 'invalid-domain-name'
  | 'invalid-text'
  | 'unknown-message-type'
  | 'unexpected-message-type'
  | 'message-size-too-small'

export interface DecodeError {
  readonly reason: DecodeErrorReason
  /** Octets from the start of the datagram or frame to the place of the fault. */
  readonly offset: number
  /** The innermost known option that holds the fault. */
  readonly optionCode?: number
  readonly detail: string
}

export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: DecodeError }
