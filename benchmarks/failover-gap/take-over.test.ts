/** When a survivor took over, as each kind of server tells it. */
import { expect, test } from 'vitest'
import { firstTransitionAfter as inKeaLog } from './kea-failing-pair.ts'
import { firstTransitionAfter as inRelationship } from './tandem-failing-pair.ts'

const log = [
  '2026-11-26 23:10:00.100 INFO  [kea-dhcp6.ha-hooks/1.2] HA_STATE_TRANSITION server2: server transitions from READY to HOT-STANDBY state, partner state is HOT-STANDBY',
  '2026-11-26 23:11:00.200 WARN  [kea-dhcp6.ha-hooks/1.2] HA_COMMUNICATION_INTERRUPTED server2: communication with server1 is interrupted',
  '2026-11-26 23:11:05.300 INFO  [kea-dhcp6.ha-hooks/1.2] HA_STATE_TRANSITION server2: server transitions from HOT-STANDBY to PARTNER-DOWN state, partner state is UNAVAILABLE',
].join('\n')

test("Kea's is the first change of state in its log after the failure, in local time", () => {
  const failedAt = new Date(2026, 10, 26, 23, 11, 0).getTime()
  expect((inKeaLog(log, failedAt) ?? 0) - failedAt).toBe(5300)
  expect(inKeaLog(log, failedAt + 60_000)).toBeUndefined()
})

test("Tandem's is the oldest transition after the failure, which its API lists with the newest first", () => {
  const transitions = ['23:11:07.000Z', '23:11:02.500Z', '23:10:00.000Z'].map((time) => ({ at: `2026-11-26T${time}` }))
  const failedAt = Date.parse('2026-11-26T23:11:00.000Z')
  expect((inRelationship({ transitions }, failedAt) ?? 0) - failedAt).toBe(2500)
  expect(inRelationship({ transitions }, failedAt + 60_000)).toBeUndefined()
  expect(() => inRelationship({ state: 'normal' }, failedAt)).toThrow('no transitions')
})
