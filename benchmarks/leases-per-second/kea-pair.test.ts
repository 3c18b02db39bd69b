/** What Kea's HA hook says of its state. */
import { expect, test } from 'vitest'
import { stateIn } from './kea-pair.ts'

test('the state is that of this server in its relationship', () => {
  const servers = { local: { role: 'primary', state: 'hot-standby' }, remote: { 'last-state': 'ready' } }
  expect(stateIn({ pid: 1, 'high-availability': [{ 'ha-mode': 'hot-standby', 'ha-servers': servers }] })).toBe(
    'hot-standby',
  )
})

test('a server without the hook has none', () => {
  expect(() => stateIn({ pid: 1 })).toThrow('no state in {"pid":1}')
})
