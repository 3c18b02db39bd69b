/** Loss of contact, UPDDONE and resuming, state by state (RFC 8156 sections 8.3 to 8.12). */
import { describe, expect, it } from 'vitest'
import { nextOnUpdatesComplete, onContactLost, resumeStateOf } from './contact-transitions.ts'

describe('losing contact', () => {
  it('moves NORMAL and POTENTIAL-CONFLICT and nothing else', () => {
    const moves = Object.entries(onContactLost).filter(([, move]) => move !== undefined)
    expect(moves.map(([from, move]) => `${from} -> ${move?.to}`)).toEqual([
      'NORMAL -> COMMUNICATIONS-INTERRUPTED',
      'POTENTIAL-CONFLICT -> RESOLUTION-INTERRUPTED',
    ])
  })

  it('is what a restart makes of a state that needs contact', () => {
    expect(resumeStateOf('NORMAL')).toBe('COMMUNICATIONS-INTERRUPTED')
    expect(resumeStateOf('POTENTIAL-CONFLICT')).toBe('RESOLUTION-INTERRUPTED')
    expect(resumeStateOf('PARTNER-DOWN')).toBe('PARTNER-DOWN')
    expect(resumeStateOf('RECOVER-WAIT')).toBe('RECOVER-WAIT')
    expect(resumeStateOf('CONFLICT-DONE')).toBe('CONFLICT-DONE')
  })
})

describe('UPDDONE', () => {
  it('ends RECOVER in RECOVER-WAIT for both roles', () => {
    expect(nextOnUpdatesComplete('RECOVER', 'primary')?.to).toBe('RECOVER-WAIT')
    expect(nextOnUpdatesComplete('RECOVER', 'secondary')?.to).toBe('RECOVER-WAIT')
  })

  it('takes the primary from POTENTIAL-CONFLICT to CONFLICT-DONE and the secondary to NORMAL', () => {
    expect(nextOnUpdatesComplete('POTENTIAL-CONFLICT', 'primary')?.to).toBe('CONFLICT-DONE')
    expect(nextOnUpdatesComplete('POTENTIAL-CONFLICT', 'secondary')?.to).toBe('NORMAL')
  })

  it('moves no other state', () => {
    for (const state of ['NORMAL', 'PARTNER-DOWN', 'STARTUP', 'RECOVER-WAIT', 'CONFLICT-DONE'] as const) {
      expect(nextOnUpdatesComplete(state, 'primary')).toBeUndefined()
    }
  })
})
