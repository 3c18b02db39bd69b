/**
 * Golden bytes of another reading of RFC 8156 (§5.2, §5.3, §5.5, §7.4, §7.6): the partner in `e2e/partner` wrote them without our code.
 * Each is decoded, compared field by field and written again. Our writer keeps the order that it is given, so the
 * bytes must be the same to the last one; no vector is compared more loosely.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { NeutralMessage, NeutralOption, NeutralValue } from '../../test-support/neutral-message.ts'
import { neutralCodes, neutralMessage, neutralOption } from '../../test-support/neutral-message.ts'
import { octets } from '../../test-support/octets.ts'
import * as p from '../index.ts'
import { readOptions, writeOptions } from '../options/option-list.ts'
import { optionTable } from '../options/option-table.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { hexOf } from '../wire/hex.ts'

interface Named {
  readonly codeName: string
  readonly code: number
  readonly fields: Readonly<Record<string, string | number | readonly Named[]>>
}

interface Golden {
  readonly options: readonly { readonly name: string; readonly hex: string; readonly option: Named }[]
  readonly messages: readonly {
    readonly name: string
    readonly frameHex: string
    readonly message: Omit<NeutralMessage, 'options'> & {
      readonly typeName: string
      readonly options: readonly Named[]
    }
  }[]
}

const file = new URL('../../test-support/golden/partner-golden.json', import.meta.url)
// The generator's own check says whether the file is what it writes.
const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden

/** Code and fields only: the names in the file are for its readers. */
function unnamed({ code, fields }: Named): NeutralOption {
  const plain = Object.entries(fields).map(([name, value]): readonly [string, NeutralValue] => [
    name,
    typeof value === 'object' ? value.map(unnamed) : value,
  ])
  return { code, fields: Object.fromEntries(plain) }
}

describe('options as another implementation writes them', () => {
  it.each(golden.options)('$name', ({ hex, option }) => {
    const reader = new ByteReader(octets(hex))
    const options = readOptions(reader, optionTable)
    expect(reader.error).toBeUndefined()
    expect(options.map(neutralOption)).toEqual([unnamed(option)])
    const writer = new ByteWriter()
    writeOptions(writer, options, optionTable)
    expect(hexOf(writer.finish())).toBe(hex)
  })

  it('are all options of RFC 8156 and all that it borrows', () => {
    const told = new Set(golden.options.map(({ option }) => option.code))
    const own = Array.from({ length: 21 }, (_, at) => 114 + at)
    expect([...told].sort((a, b) => a - b)).toEqual([1, 3, 4, 5, 13, 25, 26, 39, 45, 46, 47, 68, 100, ...own])
    expect(new Set(neutralCodes())).toEqual(told)
  })
})

describe('messages as another implementation writes them', () => {
  it.each(golden.messages)('$name', ({ frameHex, message }) => {
    const frame = octets(frameHex)
    const [bytes, ...more] = new p.StreamFramer().push(frame)
    expect(more).toEqual([])
    const decoded = p.decodeStreamMessage(bytes ?? new Uint8Array())
    if (!decoded.ok) throw new Error(JSON.stringify(decoded.error))
    const { type, transactionId, sentTime, options } = message
    expect(neutralMessage(decoded.value)).toEqual({ type, transactionId, sentTime, options: options.map(unnamed) })
    expect(hexOf(p.encodeStreamMessage(decoded.value))).toBe(frameHex)
  })

  it('are all fourteen messages of a failover connection', () => {
    const types = new Set(golden.messages.map(({ message }) => message.type))
    expect([...types].sort((a, b) => a - b)).toEqual([7, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35])
  })

  it.each(golden.messages)('keeps the rules of its message: $name', ({ frameHex }) => {
    const decoded = p.decodeStreamMessage(octets(frameHex).slice(2))
    if (!decoded.ok) throw new Error(JSON.stringify(decoded.error))
    expect(p.checkMessageRules(decoded.value, 'stream')).toEqual([])
  })
})
