/** Every checker that watches a run, and the watching. */
import type { World } from '../world/world.ts'
import { allocatesFromOwnPart } from './allocates-from-own-part.ts'
import { answersAsStateAllows } from './answers-as-state-allows.ts'
import type { Checker, Violation } from './checker.ts'
import { contactIsKept } from './contact-is-kept.ts'
import { drainedPoolGivesNone } from './drained-pool-gives-none.ts'
import { endsWhenDue } from './ends-when-due.ts'
import { followsTheMatrix } from './follows-the-matrix.ts'
import { lifetimeIsExplained } from './lifetime-is-explained.ts'
import { lifetimeWithinMclt } from './lifetime-within-mclt.ts'
import { linkIsMinded } from './link-is-minded.ts'
import { movesAfterAcknowledgement } from './moves-after-acknowledgement.ts'
import { newerRecordStands } from './newer-record-stands.ts'
import { noUpdateStorm } from './no-update-storm.ts'
import { oneClientPerLease } from './one-client-per-lease.ts'
import { Onlooker } from './onlooker.ts'
import { onlyKnownTransitions } from './only-known-transitions.ts'
import { owedUntilAcknowledged } from './owed-until-acknowledged.ts'
import { promisesAreDurable } from './promises-are-durable.ts'
import { quarantineIsKept } from './quarantine-is-kept.ts'
import { recordedBeforeAnnounced } from './recorded-before-announced.ts'
import { recoverWaitIsWaited } from './recover-wait-is-waited.ts'
import { renewalIsAnswered } from './renewal-is-answered.ts'
import { reservationIsKept } from './reservation-is-kept.ts'
import { restoredAsRemembered } from './restored-as-remembered.ts'
import { sentAsMeant } from './sent-as-meant.ts'
import { solicitIsAnswered } from './solicit-is-answered.ts'
import { stateIsAnnounced } from './state-is-announced.ts'
import { takeBackSparesLeases } from './take-back-spares-leases.ts'
import { upddoneAfterAll } from './upddone-after-all.ts'
import { updateIsAnswered } from './update-is-answered.ts'
import { windowIsKept } from './window-is-kept.ts'

export const checkers: readonly Checker[] = [
  oneClientPerLease,
  promisesAreDurable,
  lifetimeWithinMclt,
  lifetimeIsExplained,
  movesAfterAcknowledgement,
  allocatesFromOwnPart,
  quarantineIsKept,
  reservationIsKept,
  drainedPoolGivesNone,
  linkIsMinded,
  takeBackSparesLeases,
  endsWhenDue,
  recordedBeforeAnnounced,
  stateIsAnnounced,
  onlyKnownTransitions,
  followsTheMatrix,
  recoverWaitIsWaited,
  answersAsStateAllows,
  solicitIsAnswered,
  renewalIsAnswered,
  sentAsMeant,
  updateIsAnswered,
  owedUntilAcknowledged,
  newerRecordStands,
  windowIsKept,
  upddoneAfterAll,
  noUpdateStorm,
  contactIsKept,
  restoredAsRemembered,
]

/** What they report is added to the list, in the order of its happening. */
export function watchWithAll(world: World, violations: Violation[]): void {
  const onlooker = new Onlooker(world)
  world.observe(onlooker.before)
  for (const { name, watch } of checkers) {
    const report = (text: string): void => {
      violations.push({ checker: name, atMs: world.elapsedMs, text })
    }
    world.observe(watch({ world, onlooker, report }))
  }
  world.observe(onlooker.after)
}
