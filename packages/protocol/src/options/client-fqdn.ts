/** RFC 4704 §4: the name that the client wants in DNS, perhaps only its first labels, and who is to enter it. */
import { OptionCode } from '../registry/option-codes.ts'
import { readWireName, writeWireName } from '../values/domain-name.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

/** Bits of `flags` (RFC 4704 §4.1): the server should update AAAA, did override S, should update nothing. */
export const ClientFqdnFlag = { S: 0x01, O: 0x02, N: 0x04 } as const

export interface ClientFqdn {
  readonly flags: number
  /** Without a final dot; '' where the client leaves the whole name to the server. */
  readonly domainName: string
  /** False for a partial name, to which the server adds a domain. */
  readonly fullyQualified: boolean
}

export const clientFqdnOption: OptionDefinition<ClientFqdn> = defineOption({
  code: OptionCode.ClientFqdn,
  value: {
    read: (reader) => {
      const flags = reader.uint8()
      const { name, fullyQualified } = readWireName(reader)
      return { flags, domainName: name, fullyQualified }
    },
    write: (writer, { flags, domainName, fullyQualified }) => {
      writer.uint8(flags)
      writeWireName(writer, { name: domainName, fullyQualified })
    },
    toText: ({ flags, domainName, fullyQualified }) => {
      const name = fullyQualified && domainName !== '.' ? `${domainName}.` : domainName
      return name === '' ? `flags ${flags}` : `flags ${flags} ${name}`
    },
  },
  occurs: 'once',
  requestable: true,
})
