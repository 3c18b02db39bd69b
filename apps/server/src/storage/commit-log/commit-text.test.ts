/** A commit as text: what was written before endpoints could be handed over is read too. */
import { expect, test } from 'vitest'
import { ENDPOINT_COLUMNS, endpointFromRow } from '../endpoint-row.ts'
import { commitOf, fullEndpoint } from '../test-support/fixtures.ts'
import { commitFromText, commitToText } from './commit-text.ts'

const endpoint = fullEndpoint()
const { text } = commitToText(commitOf(7, [{ kind: 'endpoint-put', endpoint }]))

test('an endpoint that is handed over comes back as it was', () => {
  const [row = []] = commitFromText(text).endpoints
  expect(endpointFromRow(row)).toEqual(endpoint)
  expect(row.at(-1)).toBe(7)
})

test('an endpoint of a log of before is not handed over', () => {
  const now = JSON.parse(text) as { endpoints: unknown[][] }
  const before = now.endpoints.map((row) => [...row.slice(0, -4), row.at(-1)])
  const [row = []] = commitFromText(JSON.stringify({ ...now, endpoints: before })).endpoints
  expect(row).toHaveLength(ENDPOINT_COLUMNS.length)
  expect(endpointFromRow(row)).toEqual({ ...endpoint, handedOver: undefined })
  expect(row.at(-1)).toBe(7)
})
