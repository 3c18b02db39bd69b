/** The states of an endpoint as they stand in pages that were written to the log: what a STATE tells must be among them. */
import { ServerStateCode, serverStateName } from '@tandem/protocol'
import { RELATIONSHIP } from '../topology/pair-configuration.ts'
import type { LogWrite } from './read-trace.ts'

export interface RecordedState {
  /** As in OPTION_F_SERVER_STATE. */
  readonly state: number
  /** Whole seconds, as a STATE tells them. */
  readonly sinceSeconds: number
}

/** SQLite keeps a time in milliseconds of our days as an integer of six octets. */
const TIME_OCTETS = 6

const names = Object.values(ServerStateCode).map((code) => ({ code, name: serverStateName(code) }))
const relationship = Buffer.from(RELATIONSHIP)

/** Rows of the table Endpoint: name of the relationship, state, state before (if any), and since when, without a gap. */
export function recordedStatesIn({ bytes }: LogWrite): readonly RecordedState[] {
  const page = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found: RecordedState[] = []
  for (let at = page.indexOf(relationship); at >= 0; at = page.indexOf(relationship, at + 1)) {
    const state = nameAt(page, at + relationship.length)
    if (state === undefined) continue
    const before = nameAt(page, state.end)
    const timeAt = before?.end ?? state.end
    if (timeAt + TIME_OCTETS > page.length) continue
    found.push({ state: state.code, sinceSeconds: Math.floor(page.readUIntBE(timeAt, TIME_OCTETS) / 1000) })
  }
  return found
}

/** The longest that fits: RECOVER is the beginning of two others. */
function nameAt(page: Buffer, at: number): { readonly code: number; readonly end: number } | undefined {
  const fitting = names.filter(({ name }) => page.subarray(at, at + name.length).equals(Buffer.from(name)))
  const longest = fitting.toSorted((a, b) => b.name.length - a.name.length)[0]
  return longest === undefined ? undefined : { code: longest.code, end: at + longest.name.length }
}
