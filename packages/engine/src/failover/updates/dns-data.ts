/** A partner that keeps DNS records, while this server keeps none: said once for a connection (RFC 8156 section 9, decision 0042). */
import {
  clientDataOption,
  dnsRemovalInfoOption,
  findOption,
  findOptions,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  iaTaOption,
  type Options,
} from '@tandem/protocol'
import type { Step } from '../../step.ts'

export class ForeignDnsData {
  #isTold = false

  note(step: Step, relationship: string, update: Options): void {
    if (this.#isTold || !carriesDnsRecords(update)) return
    this.#isTold = true
    step.notice({ kind: 'dns-data-ignored', relationship })
  }

  connectionLost(): void {
    this.#isTold = false
  }
}

/** The RFC gives the option no place, so it counts at every level (digest A15). */
function carriesDnsRecords(update: Options): boolean {
  return [...levelsOf(update)].some((options) => findOption(options, dnsRemovalInfoOption) !== undefined)
}

function* levelsOf(update: Options): Generator<Options> {
  yield update
  for (const container of findOptions(update, clientDataOption)) {
    yield container
    const ias = [
      ...findOptions(container, iaNaOption),
      ...findOptions(container, iaTaOption),
      ...findOptions(container, iaPdOption),
    ]
    for (const { options } of ias) {
      yield options
      for (const address of findOptions(options, iaAddressOption)) yield address.options
      for (const prefix of findOptions(options, iaPrefixOption)) yield prefix.options
    }
  }
  for (const prefix of findOptions(update, iaPrefixOption)) yield prefix.options
}
