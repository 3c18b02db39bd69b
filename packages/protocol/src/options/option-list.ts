/** A run of options, at the top of a message or inside a container (RFC 9915 §21.1). Order and unknown options are kept. */
import { optionCodeName } from '../registry/option-codes.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'
import { countDecode } from '../wire/decode-coverage.ts'
import { hexOf } from '../wire/hex.ts'
import type { Field, OptionInstance, Options, OptionTable } from './option-definition.ts'

export function readOptions(reader: ByteReader, table: OptionTable): Options {
  const options: OptionInstance[] = []
  reader.descend()
  while (reader.remaining > 0) {
    const code = reader.uint16()
    const length = reader.uint16()
    const definition = table.get(code)
    const outerOption = reader.nameOption(definition === undefined ? undefined : code)
    const outerLimit = reader.enter(length)
    if (definition === undefined) {
      options.push({ code, value: reader.takeRemaining() })
    } else {
      countDecode(definition.name)
      options.push({ code, value: definition.read(reader, table) })
    }
    reader.leave(outerLimit)
    reader.nameOption(outerOption)
  }
  reader.ascend()
  return options
}

export function writeOptions(writer: ByteWriter, options: Options, table: OptionTable): void {
  for (const { code, value } of options) {
    writer.uint16(code)
    const lengthAt = writer.openLength()
    const definition = table.get(code)
    if (definition !== undefined) definition.write(writer, value, table)
    else if (value instanceof Uint8Array) writer.put(value)
    else throw new TypeError(`${optionCodeName(code)} has no definition here, so its value must be octets`)
    writer.closeLength(lengthAt)
  }
}

export function optionsToText(options: Options, table: OptionTable): string {
  return `[${options.map((instance) => optionToText(instance, table)).join(', ')}]`
}

export function optionToText({ code, value }: OptionInstance, table: OptionTable): string {
  const definition = table.get(code)
  const text =
    definition !== undefined ? definition.toText(value, table) : value instanceof Uint8Array ? hexOf(value) : '?'
  return text === '' ? optionCodeName(code) : `${optionCodeName(code)} ${text}`
}

/** The field of every container: options up to its end. */
export const optionList: Field<Options> = {
  read: readOptions,
  write: writeOptions,
  toText: optionsToText,
}
