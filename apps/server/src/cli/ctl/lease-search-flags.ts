/** The flags by which leases are searched, the same wherever they are. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { wholeNumberOf } from './asking.ts'
import type { LeaseWish } from './leases.ts'

export interface LeaseSearchFlags extends Omit<LeaseWish, 'iaid' | 'state'> {
  readonly iaid?: string
}

export function withLeaseSearch(command: Command): Command {
  return command
    .option('--address <address>', 'an address, or a prefix and all within it')
    .option('--duid <digits>', 'any part of the DUID of the client')
    .option('--subnet <id>', 'only those of this subnet')
    .addOption(new Option('--kind <kind>', 'only these').choices(['address', 'prefix']))
    .option('--relationship <name>', 'only those of this relationship')
    .option('--iaid <number>', 'only those of this IAID')
    .option('--host-name <text>', 'any part of the host name of the client')
    .option('--relay <text>', 'any part of what the relay said, as text or as octets 00:1a:2b')
}

export function leaseSearchOf(flags: LeaseSearchFlags): Omit<LeaseWish, 'state'> {
  const { address, duid, subnet, kind, relationship, hostName, relay } = flags
  const iaid = flags.iaid === undefined ? undefined : wholeNumberOf('--iaid', flags.iaid)
  return { address, duid, subnet, kind, relationship, iaid, hostName, relay }
}
