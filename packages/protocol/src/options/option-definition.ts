/** What one option file declares, and how option values travel inside messages (RFC 9915 §21.1). */
import { optionCodeName } from '../registry/option-codes.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'

/** One option as it stands in a message. A known code holds its definition's value, an unknown code its octets. */
export interface OptionInstance {
  readonly code: number
  readonly value: unknown
}

export type Options = readonly OptionInstance[]

/** Hands containers the definitions of what they contain, without an import cycle. */
export interface OptionTable {
  get(code: number): OptionDefinition<unknown> | undefined
}

/** Coding of one value; `read` may use everything up to the end of the area it was given. */
export interface Field<T> {
  read(reader: ByteReader, table: OptionTable): T
  write(writer: ByteWriter, value: T, table: OptionTable): void
  toText(value: T, table: OptionTable): string
}

/** Methods, not function properties: only so does one table hold definitions of different values. */
export interface OptionDefinition<T> extends Field<T> {
  readonly code: number
  readonly name: string
  readonly occurs: 'once' | 'many'
  /** Whether a client asks for it in its option request option. */
  readonly requestable: boolean
}

export interface OptionDeclaration<T> {
  readonly code: number
  readonly value: Field<T>
  readonly occurs: 'once' | 'many'
  readonly requestable: boolean
}

export function defineOption<T>(declaration: OptionDeclaration<T>): OptionDefinition<T> {
  const { code, value, occurs, requestable } = declaration
  return {
    code,
    name: optionCodeName(code),
    occurs,
    requestable,
    read: (reader, table) => value.read(reader, table),
    write: (writer, optionValue, table) => value.write(writer, optionValue, table),
    toText: (optionValue, table) => value.toText(optionValue, table),
  }
}

export function option<T>(definition: OptionDefinition<T>, value: T): OptionInstance {
  return { code: definition.code, value }
}

/** The first option of this kind. */
export function findOption<T>(options: Options, definition: OptionDefinition<T>): T | undefined {
  for (const instance of options) {
    // Instances are made by `option` and by decoding, both of which pair this code with this value.
    if (instance.code === definition.code) return instance.value as T
  }
  return undefined
}

export function findOptions<T>(options: Options, definition: OptionDefinition<T>): readonly T[] {
  const values: T[] = []
  for (const instance of options) {
    // As above.
    if (instance.code === definition.code) values.push(instance.value as T)
  }
  return values
}

export function hasOption(options: Options, { code }: { readonly code: number }): boolean {
  return options.some((instance) => instance.code === code)
}
