/** A list is walked as a Set is: in order of coming, with what comes meanwhile, and past what goes. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OwedLists } from './owed-lists.ts'
import { NO_SLOT } from './slot-hash.ts'
import { SlotLinks, SlotList } from './slot-lists.ts'

const anyAction = fc.record({
  kind: fc.constantFrom('add', 'add', 'delete', 'begin', 'step', 'step'),
  number: fc.nat(9),
})

describe('a list of slots', () => {
  test('is walked as a Set would be, by walks that go on while leases come and go', () => {
    fc.assert(
      fc.property(fc.array(anyAction, { maxLength: 120 }), (actions) => {
        const list = new SlotList(new SlotLinks())
        const model = new Set<number>()
        const walks: { readonly ours: Iterator<number>; readonly theirs: Iterator<number> }[] = []
        for (const { kind, number } of actions) {
          const walk = walks[number]
          if (kind === 'add' && !model.has(number)) {
            list.add(number)
            model.add(number)
          } else if (kind === 'delete' && model.has(number)) {
            list.delete(number)
            model.delete(number)
          } else if (kind === 'begin') {
            walks.push({ ours: list.walk(), theirs: model.values() })
          } else if (kind === 'step' && walk !== undefined) {
            expect(walk.ours.next().value).toBe(walk.theirs.next().value)
          }
        }
        expect([...list.walk()]).toEqual([...model])
        expect(list.size).toBe(model.size)
        for (let slot = 0; slot < 10; slot += 1) expect(list.has(slot)).toBe(model.has(slot))
        expect(list.first).toBe([...model][0] ?? NO_SLOT)
      }),
      { numRuns: 500 },
    )
  })

  test('shares its links with others: each partner is owed its own, and a lease changes from one to the other', () => {
    const lists = new OwedLists()
    lists.of('alpha').add(1)
    lists.of('beta').add(2)
    lists.of('alpha').delete(1)
    lists.of('beta').add(1)
    expect([...lists.of('alpha').walk()]).toEqual([])
    expect([...lists.of('beta').walk()]).toEqual([2, 1])
    expect([...lists.of('gamma').walk()]).toEqual([])
  })
})
