/** The samples of the codec benchmark, and that what is timed does its whole work. */
import { expect, test } from 'vitest'
import { codecSubjects, decodeLayers, encodeLayers } from './codec-subjects.ts'
import { collectSamples } from './sample-messages.ts'

const samples = collectSamples()

test('there is a sample of every message that a lease costs, and of those that keep a connection', () => {
  expect(samples.map(({ name }) => name)).toEqual(
    expect.arrayContaining(
      [
        ['SOLICIT', 'ADVERTISE', 'REQUEST', 'REPLY', 'RENEW', 'REBIND', 'RELEASE', 'INFORMATION-REQUEST'],
        ['SOLICIT, relayed', 'ADVERTISE, relayed', 'REQUEST, relayed', 'REPLY, relayed'],
        ['SOLICIT of a prefix', 'REPLY of a prefix'],
        ['BNDUPD', 'BNDREPLY', 'BNDUPD, free prefixes', 'CONNECT', 'CONNECTREPLY', 'STATE', 'CONTACT'],
      ].flat(),
    ),
  )
})

test.each(samples)('$name comes out of the encoder as it went into the decoder', (sample) => {
  const { encode, copy } = codecSubjects(sample)
  const encoded = encode.operation()
  // The encoder of frames puts their size in front.
  const expected = sample.carrier === 'stream' ? [0, sample.octets.length, ...sample.octets] : [...sample.octets]
  expect([...(encoded as Uint8Array)]).toEqual(expected)
  expect(copy.operation()).toEqual(sample.octets)
})

test('a relayed message is opened to what the client said', () => {
  const relayed = samples.find(({ name }) => name === 'SOLICIT, relayed')!
  const layers = decodeLayers(relayed.octets)
  expect(layers.relays).toHaveLength(1)
  expect(layers.message.kind).toBe('client-server')
  expect([...encodeLayers(layers)]).toEqual([...relayed.octets])
})
