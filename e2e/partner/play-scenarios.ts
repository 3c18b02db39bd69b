/** One test for each scenario of the independent partner against the real server in one role, without and with TLS (RFC 8156). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listScenarios, startServerUnderTest, type Role, type ServerUnderTest } from './server-under-test.ts'

/** The partner waits for what it expects; this ends a scenario that hangs. */
const SCENARIO_LIMIT_MS = 130_000

export function playScenariosAgainst(role: Role, countMin: number): void {
  const scenarios = listScenarios().filter(({ against }) => against === role)

  test(`there are at least ${countMin} scenarios against a ${role}`, () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(countMin)
  })

  describe.each([false, true])('TLS %s', (tls) => {
    const own = scenarios.filter((each) => each.tls === tls)
    let shared: ServerUnderTest | undefined

    beforeAll(async () => {
      shared = await startServerUnderTest(role, tls)
      // From here on the two know each other, so that no later scenario waits for a recovery.
      await shared.play(`first-contact@${role}`)
    })

    afterAll(async () => {
      await shared?.end()
      shared?.remove()
    })

    test.for(own.filter(({ fresh }) => !fresh))('$name', { timeout: SCENARIO_LIMIT_MS }, async ({ id }) => {
      if (shared === undefined) throw new Error('the server was never started')
      await shared.play(id)
      expect(shared.server.isRunning, 'the server runs on').toBe(true)
    })

    test.for(own.filter(({ fresh }) => fresh))('$name', { timeout: SCENARIO_LIMIT_MS }, async ({ id }) => {
      const alone = await startServerUnderTest(role, tls)
      try {
        await alone.play(id)
      } finally {
        await alone.end()
        alone.remove()
      }
    })
  })
}
