/** Switch and reading of the decode counters, with a zero for every message and option that has a decoder. */
import { optionDefinitions } from '../options/option-table.ts'
import { MessageType, messageTypeName } from '../registry/message-types.ts'
import { coverageCounts, startCoverage, stopCoverage } from '../wire/decode-coverage.ts'

export function setDecodeCoverage(isOn: boolean): void {
  if (!isOn) {
    stopCoverage()
    return
  }
  const messageNames = Object.values(MessageType).map((type) => messageTypeName(type))
  startCoverage([...messageNames, ...optionDefinitions.map((definition) => definition.name)])
}

/** How often each decoder ran since counting began; empty while it is off. */
export function decodeCoverage(): ReadonlyMap<string, number> {
  return coverageCounts()
}
