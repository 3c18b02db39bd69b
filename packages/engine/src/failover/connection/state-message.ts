/** STATE: what an endpoint says of itself, to and from options (RFC 8156 sections 5.5.15 to 5.5.17, 6.3, 6.4). */
import {
  findOption,
  fromDhcpTime,
  option,
  partnerDownTimeOption,
  serverFlagsOption,
  serverStateFromName,
  serverStateName,
  serverStateOption,
  startTimeOfStateOption,
  toDhcpTime,
  type OptionInstance,
  type Options,
} from '@tandem/protocol'
import { addSeconds, instant, type Instant } from '../../time/instant.ts'
import { CLOCK_SKEW_SECONDS_MAX } from './clock-skew.ts'
import { recordedStates, type EndpointRecord, type PartnerRecord, type RecordedState } from '../endpoint-record.ts'

export function stateOptions(record: EndpointRecord, isStartup: boolean): Options {
  const code = serverStateFromName(record.state)
  if (code === undefined) throw new Error(`${record.state} has a number in the registry`)
  const startTime = toldStart(record)
  const options: OptionInstance[] = [
    option(serverStateOption, code),
    option(serverFlagsOption, {
      startup: isStartup,
      ackStartup: record.partner?.startup === true,
      communicated: record.communicated,
    }),
    option(startTimeOfStateOption, toDhcpTime(startTime)),
  ]
  // Entry to PARTNER-DOWN, not the loss of contact before it (digest A4).
  if (record.state === 'PARTNER-DOWN') options.push(option(partnerDownTimeOption, toDhcpTime(startTime)))
  return options
}

/**
 * A partner that ran after the time that an operator gave must see that it did: it compares its last promise with this
 * (decision 0072). By its clock, which may differ by as much as partners may differ, that promise must not seem later
 * than a time that was right; a second more, since times are told in whole ones.
 */
function toldStart({ state, partnerStoppedAt, stateSince }: EndpointRecord): Instant {
  if (state !== 'PARTNER-DOWN' || partnerStoppedAt === undefined) return stateSince
  const stoppedByAnyClock = addSeconds(partnerStoppedAt, CLOCK_SKEW_SECONDS_MAX + 1)
  return stoppedByAnyClock < stateSince ? stoppedByAnyClock : stateSince
}

/** Undefined: a required option is missing, or STARTUP stands where only the flag may tell it. */
export function readState(options: Options, now: Instant): PartnerRecord | undefined {
  const code = findOption(options, serverStateOption)
  const flags = findOption(options, serverFlagsOption)
  const since = findOption(options, startTimeOfStateOption)
  if (code === undefined || flags === undefined || since === undefined) return undefined
  const state = recordedState(serverStateName(code))
  if (state === undefined) return undefined
  const partnerDownTime = findOption(options, partnerDownTimeOption)
  return {
    state,
    since: instant(fromDhcpTime(since, now)),
    startup: flags.startup,
    ackStartup: flags.ackStartup,
    communicated: flags.communicated,
    partnerDownSince:
      state === 'PARTNER-DOWN' && partnerDownTime !== undefined
        ? instant(fromDhcpTime(partnerDownTime, now))
        : undefined,
  }
}

/** A primary in CONFLICT-DONE has fetched everything, and has still to tell everything. */
const conflicts: ReadonlySet<RecordedState> = new Set(['POTENTIAL-CONFLICT', 'RESOLUTION-INTERRUPTED', 'CONFLICT-DONE'])

/** In a conflict the partner does not say any more that it served alone before; what it granted then may still be unknown here. */
export function withEarlierPartnerDown(before: PartnerRecord | undefined, partner: PartnerRecord): PartnerRecord {
  if (!conflicts.has(partner.state) || before === undefined) return partner
  const partnerDownSince = before.partnerDownSince ?? (before.state === 'PARTNER-DOWN' ? before.since : undefined)
  return { ...partner, partnerDownSince }
}

function recordedState(name: string): RecordedState | undefined {
  return recordedStates.find((state) => state === name)
}
