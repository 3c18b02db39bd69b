/** Which changes of a view are told: what is shown, and the age of what the partner tells now and then. */
import { routeExamples } from '@tandem/api-contract'
import type { PartnerTold, Relationship } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import { shownPart } from './shown-part.ts'

const shown = routeExamples.getRelationship.answer

const textOf = (relationship: Relationship): string => JSON.stringify(relationship, shownPart)

function told(asOf: string, changes: Partial<PartnerTold> = {}): Relationship {
  const { partnerView } = shown
  if (partnerView === null || partnerView.told === null)
    throw new Error('the example has a partner that told something')
  return { ...shown, partnerView: { ...partnerView, asOf, told: { ...partnerView.told, ...changes } } }
}

test('that the partner was asked again is told every five seconds only, and its clock never for itself', () => {
  const first = textOf(told('2026-11-27T03:00:00.000Z'))
  expect(textOf(told('2026-11-27T03:00:04.000Z', { clockOffsetMs: 31 }))).toBe(first)
  expect(textOf(told('2026-11-27T03:00:06.000Z'))).not.toBe(first)
})

test('what the partner says otherwise than before is told at once', () => {
  const first = textOf(told('2026-11-27T03:00:00.000Z'))
  expect(textOf(told('2026-11-27T03:00:02.000Z', { state: 'recover' }))).not.toBe(first)
})

test('what moves with every publication is not told for itself', () => {
  expect(textOf({ ...shown, commitNumber: '9', publishedAt: '2026-11-27T03:00:00.000Z' })).toBe(textOf(shown))
})
