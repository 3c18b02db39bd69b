/** A server that restarts knows what it knew, less what it had not told anyone (architecture, section 8). */
import { createEngine, type EngineSnapshot } from '@tandem/engine'
import { defineChecker, roleOf } from './checker.ts'

export const restoredAsRemembered = defineChecker({
  name: 'restored-as-remembered',
  property: 'What a server restores from its disk is what it had in memory when it last released something.',
  watch: ({ world, report }) => ({
    stopped(server, _how, engine, isCommitting) {
      // What is being written was told to nobody.
      if (isCommitting) return
      const process = world.server(roleOf(server))
      const before = engine.snapshot(process.now())
      const restored = createEngine(process.configuration, process.store.restored(), process.now())
      const after = restored.snapshot(process.now())
      const [remembered, found] = [knowledgeOf(before), knowledgeOf(after)]
      for (const [index, knowledge] of remembered.entries()) {
        if (knowledge !== found[index]) report(`${server} remembered ${knowledge} and restored ${found[index] ?? '-'}`)
      }
    },
  }),
})

/** Counts that every lease and every mark has a part in. */
function knowledgeOf({ pools, relationships }: EngineSnapshot): readonly string[] {
  return [
    ...pools.map(
      ({ id, leased, ownFree, partnerFree, waiting, quarantined }) =>
        `${id}: ${leased} leased, ${ownFree} own, ${partnerFree} the partner's, ${waiting} waiting, ${quarantined} declined`,
    ),
    ...relationships.map(({ name, updatesOwed, mcltSeconds }) => `${name}: ${updatesOwed} owed, MCLT ${mcltSeconds}`),
  ]
}
