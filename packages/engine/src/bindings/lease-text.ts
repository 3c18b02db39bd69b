/** A lease as people write it: an address, or a prefix with its length. */
import { formatIpv6Address, formatIpv6Prefix } from '@tandem/protocol'
import type { Binding } from './binding.ts'

export function leaseText(binding: Pick<Binding, 'kind' | 'prefix'>): string {
  return binding.kind === 'address' ? formatIpv6Address(binding.prefix.address) : formatIpv6Prefix(binding.prefix)
}
