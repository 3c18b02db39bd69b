/** The states of an endpoint as they stand in what was written to the commit log: what a STATE tells must be among them. */
import { ServerStateCode, serverStateName } from '@tandem/protocol'
import { RELATIONSHIP } from '../topology/pair-configuration.ts'
import type { LogWrite } from './read-trace.ts'

export interface RecordedState {
  /** As in OPTION_F_SERVER_STATE. */
  readonly state: number
  /** Whole seconds, as a STATE tells them. */
  readonly sinceSeconds: number
}

const codes = new Map(Object.values(ServerStateCode).map((code) => [serverStateName(code), code]))

/** A row of the table Endpoint in a line of JSON: name of the relationship, state, state before (if any), and since when. */
const ROW = new RegExp(`\\["${RELATIONSHIP}","(?<state>[A-Z-]+)",(?:null|"[A-Z-]+"),(?<sinceMs>\\d+)`, 'gu')

export function recordedStatesIn({ bytes }: LogWrite): readonly RecordedState[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  return [...text.matchAll(ROW)].flatMap(({ groups }) => {
    const state = codes.get(groups?.['state'] ?? '')
    return state === undefined ? [] : [{ state, sinceSeconds: Math.floor(Number(groups?.['sinceMs']) / 1000) }]
  })
}
