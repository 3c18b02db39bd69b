/** What is owed is walked as a Set is: in order of coming, with what comes meanwhile, and past what goes. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OwedLists } from './owed-lists.ts'

const anyAction = fc.record({
  kind: fc.constantFrom('add', 'add', 'delete', 'begin', 'step', 'step'),
  number: fc.nat(9),
})

describe('what is owed', () => {
  test('is walked as a Set would be, by walks that go on while leases come and go', () => {
    fc.assert(
      fc.property(fc.array(anyAction, { maxLength: 120 }), (actions) => {
        const lists = new OwedLists()
        const model = new Set<number>()
        const walks: { readonly ours: Iterator<number>; readonly theirs: Iterator<number> }[] = []
        for (const { kind, number } of actions) {
          const walk = walks[number]
          if (kind === 'add' && !model.has(number)) {
            lists.add('alpha', number)
            model.add(number)
          } else if (kind === 'delete' && model.has(number)) {
            lists.delete('alpha', number)
            model.delete(number)
          } else if (kind === 'begin') {
            walks.push({ ours: lists.walk('alpha'), theirs: model.values() })
          } else if (kind === 'step' && walk !== undefined) {
            expect(walk.ours.next().value).toBe(walk.theirs.next().value)
          }
        }
        expect([...lists.walk('alpha')]).toEqual([...model])
        expect(lists.size('alpha')).toBe(model.size)
      }),
      { numRuns: 500 },
    )
  })

  test('each partner has a list of its own, and a lease changes from one to the other', () => {
    const lists = new OwedLists()
    lists.add('alpha', 1)
    lists.add('beta', 2)
    lists.delete('alpha', 1)
    lists.add('beta', 1)
    expect([...lists.walk('alpha')]).toEqual([])
    expect([...lists.walk('beta')]).toEqual([2, 1])
    expect([...lists.walk('gamma')]).toEqual([])
  })
})
