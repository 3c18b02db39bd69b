/** An answer of any length, sent as it is made: no more of it is in memory than the reader has not taken yet. */
import { StreamableFile } from '@nestjs/common'
import { Readable } from 'node:stream'

/** What fails before the first piece is a problem like any other; after that only the end of the connection can tell. */
export async function streamOf(mediaType: string, pieces: AsyncIterable<string>): Promise<StreamableFile> {
  const iterator = pieces[Symbol.asyncIterator]()
  const first = await iterator.next()
  const stream = Readable.from(rest(first, iterator))
  // Whoever leaves, even before the first piece, ends what reads for him.
  stream.once('close', () => void iterator.return?.())
  const type = `${mediaType}; charset=utf-8`
  return new StreamableFile(stream, { type }).setErrorHandler((_error, response) => response.destroy?.())
}

async function* rest(first: IteratorResult<string>, iterator: AsyncIterator<string>): AsyncGenerator<string> {
  for (let next = first; next.done !== true; next = await iterator.next()) yield next.value
}
