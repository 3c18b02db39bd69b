/** The pinned stories go as they are pinned, every time. */
import { describe, expect, it } from 'vitest'
import { playScenario } from './run-scenario.ts'
import { readScenario, scenarioNames } from './scenario-files.ts'

describe.each(scenarioNames())('%s', (name) => {
  it('goes as it is pinned, the same way twice, and no checker objects', () => {
    const pinned = readScenario(name)
    const played = playScenario(pinned)
    expect(played.violations).toEqual([])
    expect(played.text).toBe(pinned)
    expect(playScenario(pinned)).toEqual(played)
  }, 60_000)
})

describe('a story', () => {
  it('that says something unknown is refused', () => {
    expect(() => playScenario('pair\n\nopen the window\n')).toThrow('open the window')
    expect(() => playScenario('pair colour=7\n')).toThrow('colour=7')
  })

  it('that begins without a pair is refused', () => {
    expect(() => playScenario('start primary\n')).toThrow('pair')
  })

  it('with another transcript than what happens is not taken for right', () => {
    const pinned = readScenario('new-pair-reaches-normal.scenario.txt')
    const altered = pinned.replace('CONNECTREPLY', 'CONNECTREPLY refused')
    expect(altered).not.toBe(pinned)
    expect(playScenario(altered).text).toBe(pinned)
  })
})
