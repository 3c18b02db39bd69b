/** An answer that is sent as it is made. */
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { streamOf } from './text-stream.ts'

it('sends every piece, in order', async () => {
  const file = await streamOf('text/csv', pieces(['a\n', 'b\n', 'c\n']))
  expect(await text(file.getStream())).toBe('a\nb\nc\n')
  expect(file.getHeaders().type).toBe('text/csv; charset=utf-8')
})

it('fails like any other answer where the first piece fails', async () => {
  await expect(streamOf('text/csv', pieces([new Error('the storage is away')]))).rejects.toThrow('the storage is away')
})

it('breaks off where a later piece fails, and reads no further for a reader who left', async () => {
  const broken = await streamOf('text/csv', pieces(['a\n', new Error('the storage is away')]))
  await expect(text(broken.getStream())).rejects.toThrow('the storage is away')
  const made: string[] = []
  const left = await streamOf('text/csv', pieces(['a\n', 'b\n', 'c\n'], made))
  left.getStream().destroy()
  await new Promise((resolve) => setImmediate(resolve))
  expect(made.slice(0, -1)).not.toContain('c\n')
  expect(made.at(-1)).toBe('ended')
})

async function* pieces(all: readonly (string | Error)[], made: string[] = []): AsyncGenerator<string> {
  try {
    for (const piece of all) {
      if (piece instanceof Error) throw piece
      made.push(piece)
      yield piece
    }
  } finally {
    made.push('ended')
  }
}
