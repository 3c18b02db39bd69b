/** One option against octets written by hand: both directions, truncated at every length, with a trailing octet (RFC 9915 §21.1). */
import { describe, expect, it } from 'vitest'
import type { OptionDefinition, Options } from '../src/options/option-definition.ts'
import { option } from '../src/options/option-definition.ts'
import { optionToText, readOptions, writeOptions } from '../src/options/option-list.ts'
import { optionTable } from '../src/options/option-table.ts'
import { ByteReader } from '../src/wire/byte-reader.ts'
import { ByteWriter } from '../src/wire/byte-writer.ts'
import type { DecodeError } from '../src/wire/decode-error.ts'
import { octets } from './octets.ts'

/** Whether another octet count is possible: 'fixed' never, 'open' always, 'some' for certain counts only. */
export type Length = 'fixed' | 'open' | 'some'

export interface OptionRow {
  readonly code: number
  readonly name: string
  readonly test: () => void
}

interface ReadResult {
  readonly options: Options
  readonly error: DecodeError | undefined
}

function read(bytes: Uint8Array): ReadResult {
  const reader = new ByteReader(bytes)
  const options = readOptions(reader, optionTable)
  return { options, error: reader.error }
}

function write(options: Options): Uint8Array {
  const writer = new ByteWriter()
  writeOptions(writer, options, optionTable)
  return writer.finish()
}

/** The same option with its value cut or extended and its length field in step. */
function withValue(bytes: Uint8Array, value: Uint8Array): Uint8Array {
  return Uint8Array.from([bytes[0] ?? 0, bytes[1] ?? 0, value.length >>> 8, value.length & 0xff, ...value])
}

export function row<T>(
  definition: OptionDefinition<T>,
  hex: string,
  value: T,
  text: string,
  length: Length,
): OptionRow {
  const { code, name } = definition
  return { code, name, test: () => checkRow(definition, octets(hex), value, text, length) }
}

function checkRow<T>(definition: OptionDefinition<T>, bytes: Uint8Array, value: T, text: string, length: Length): void {
  const instance = option(definition, value)
  const content = bytes.slice(4)
  expect(read(bytes)).toEqual({ options: [instance], error: undefined })
  expect(write([instance])).toEqual(bytes)
  expect(optionToText(instance, optionTable)).toBe(text)
  for (let kept = 1; kept < bytes.length; kept += 1) {
    expect(read(bytes.slice(0, kept)).error?.reason, `${kept} octets kept`).toBe('truncated')
  }
  for (let kept = 0; kept < content.length; kept += 1) {
    const { error } = read(withValue(bytes, content.slice(0, kept)))
    if (length === 'fixed') expect(error, `value of ${kept} octets`).toMatchObject({ reason: 'truncated' })
    if (error !== undefined && length === 'fixed') expect(error.optionCode).toBe(definition.code)
    if (length === 'open') expect(error).toBeUndefined()
  }
  const extended = read(withValue(bytes, Uint8Array.from([...content, 0xaa])))
  if (length === 'fixed') {
    expect(extended.error).toMatchObject({ reason: 'trailing-bytes', optionCode: definition.code })
  } else if (length === 'open') {
    expect(extended.error).toBeUndefined()
  }
  expect(read(Uint8Array.from([...bytes, 0xaa])).error?.reason, 'an octet after the option').toBe('truncated')
}

export function describeRows(title: string, rows: readonly OptionRow[]): void {
  describe(title, () => {
    for (const [index, { name, test }] of rows.entries()) {
      it(`${name} is read and written exactly as in row ${index + 1}`, test)
    }
  })
}
