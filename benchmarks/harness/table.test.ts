/** Columns that a person can read down. */
import { expect, test } from 'vitest'
import { alignColumns } from './table.ts'

test('each column is as wide as its widest cell, and no line ends in spaces', () => {
  const text = alignColumns([
    ['', 'ns', 'octets'],
    ['SOLICIT', '12345', '60'],
    ['STATE', '1', ''],
  ])
  expect(text.split('\n')).toEqual(['         ns     octets', 'SOLICIT  12345  60', 'STATE    1'])
})
