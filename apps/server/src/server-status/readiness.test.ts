/** When a server is ready, and why not. */
import { instant } from '@tandem/engine'
import { describe, expect, it } from 'vitest'
import type { PublishedView } from '../engine/engine-service.ts'
import { whyNotReady } from './readiness.ts'

type Relationship = PublishedView['snapshot']['relationships'][number]

function view(
  relationships: readonly Pick<Relationship, 'name' | 'state' | 'answers'>[],
  blind = false,
): PublishedView {
  const snapshot = { relationships, blindSince: blind ? instant(1) : undefined }
  // Only what is looked at.
  return { publishedAtMs: 1000, snapshot } as unknown as PublishedView
}

const serving = { name: 'main', state: 'NORMAL', answers: 'everyone' } as const
const standby = { name: 'main', state: 'NORMAL', answers: 'own-identifier' } as const
const waiting = { name: 'other', state: 'RECOVER-WAIT', answers: 'nobody' } as const

describe('a server is ready', () => {
  it('without relationships, while it serves, and as a standby of a partner that serves', () => {
    for (const relationships of [[], [serving], [standby]]) {
      expect(whyNotReady(view(relationships), 1500)).toBeUndefined()
    }
  })

  it('while one of its relationships serves', () => {
    expect(whyNotReady(view([serving, waiting]), 1500)).toBeUndefined()
  })
})

describe('a server is not ready', () => {
  it('while all of its relationships wait, and says which', () => {
    expect(whyNotReady(view([waiting]), 1500)).toBe('other is in RECOVER-WAIT')
  })

  it('while it is stalled, or hears nobody', () => {
    expect(whyNotReady(view([serving]), 60_000)).toBe('its data plane is stalled')
    expect(whyNotReady(view([serving], true), 1500)).toBe('it hears no client on any of its listeners')
  })
})
