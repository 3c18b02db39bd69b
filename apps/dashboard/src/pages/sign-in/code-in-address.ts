/** What stands behind the # of the address when somebody comes from the partner's console. */

export interface CodeInAddress {
  readonly relationship: string
  readonly code: string
}

export function codeInAddress(hash: string): CodeInAddress | undefined {
  const parts = new URLSearchParams(hash.replace(/^#/, ''))
  const relationship = parts.get('relationship') ?? ''
  const code = parts.get('code') ?? ''
  return relationship === '' || code === '' ? undefined : { relationship, code }
}
