/** One line of text for a message or an option: for logs, transcripts and the console's packet view. */
import type { OptionInstance } from '../options/option-definition.ts'
import { optionsToText, optionToText } from '../options/option-list.ts'
import { optionTable } from '../options/option-table.ts'
import { messageTypeName } from '../registry/message-types.ts'
import { formatIpv6Address } from '../values/ipv6-address.ts'
import { formatTransactionId } from '../values/transaction-id.ts'
import type { DatagramMessage, StreamMessage } from './decode-message.ts'

export function formatMessage(message: DatagramMessage | StreamMessage): string {
  return `${messageTypeName(message.type)} ${headerText(message)} ${optionsToText(message.options, optionTable)}`
}

export function formatOption(instance: OptionInstance): string {
  return optionToText(instance, optionTable)
}

function headerText(message: DatagramMessage | StreamMessage): string {
  if (message.kind === 'relay') {
    const link = formatIpv6Address(message.linkAddress)
    return `hop-count ${message.hopCount} link ${link} peer ${formatIpv6Address(message.peerAddress)}`
  }
  const transaction = `xid ${formatTransactionId(message.transactionId)}`
  return message.kind === 'failover' ? `${transaction} sent ${message.sentTime}` : transaction
}
