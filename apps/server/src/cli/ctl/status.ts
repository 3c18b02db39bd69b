/** `tandem ctl status`: how this server and its relationships are, in words first; the exit code tells the level. */
import { failoverStateWord } from '@tandem/api-contract'
import type { Relationship, Server } from '@tandem/api-contract'
import type { CtlApi } from './api-over-http.ts'
import type { Connection } from './connection.ts'
import { exitCodeOfLevel } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'
import { follow } from './live.ts'
import { print, printJson, timeText } from './output.ts'
import type { Format } from './output.ts'

interface Status {
  readonly server: Server
  readonly relationships: readonly Relationship[]
}

async function readStatus(api: CtlApi): Promise<Status> {
  const [server, { items }] = await Promise.all([api.getServer(), api.listRelationships()])
  return { server, relationships: items }
}

export async function showStatus(api: CtlApi, format: Format): Promise<ExitCode> {
  const status = await readStatus(api)
  show(status, format)
  return exitCodeOfLevel(status.server.headline.level)
}

/** What belongs together comes in several events. */
const SETTLE_MS = 200

/** Prints it again whenever something in it has changed. */
export async function watchStatus(api: CtlApi, connection: Connection, format: Format): Promise<ExitCode> {
  let status = await readStatus(api)
  let shown = ''
  let timer: NodeJS.Timeout | undefined
  const showNow = (): void => {
    timer = undefined
    const said = changeable(status)
    if (said === shown) return
    if (format === 'text' && shown !== '') print('')
    shown = said
    show(status, format === 'text' ? 'text' : 'jsonl')
  }
  const showIfChanged = (): void => {
    timer ??= setTimeout(showNow, SETTLE_MS)
  }
  showNow()
  return follow(connection, {
    missed: async () => {
      status = await readStatus(api)
      showIfChanged()
    },
    changed: (event) => {
      if (event.kind === 'server-changed') status = { ...status, server: event.server }
      else if (event.kind === 'relationship-changed') status = withRelationship(status, event.relationship)
      else return
      showIfChanged()
    },
  })
}

/** Sentences tell how long something has lasted: that they grow older is no news. */
function changeable(status: Status): string {
  return statusText(status).replaceAll(/a few seconds|\d+ (d|h|min|s)\b/g, '')
}

function withRelationship({ server, relationships }: Status, changed: Relationship): Status {
  return { server, relationships: relationships.map((each) => (each.name === changed.name ? changed : each)) }
}

function show(status: Status, format: Format): void {
  if (format === 'text') print(statusText(status))
  else printJson(status, format)
}

export function statusText({ server, relationships }: Status): string {
  const { name, headline, clientsNow, warnings, stale, listeners } = server
  return [
    `${name}: ${headline.sentence}`,
    clientsNow.sentence,
    ...(stale ? ['The data plane has published nothing for a while: this may not be true any more.'] : []),
    ...listeners.flatMap(({ at, problem }) => (problem === null ? [] : [`Listener ${at}: ${problem}`])),
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...relationships.map(relationshipText),
  ].join('\n')
}

export function relationshipText(relationship: Relationship): string {
  const { name, role, state, stateSince, partnerName, partner, headline, next, notes } = relationship
  const heard = relationship.lastHeardFromPartnerAt
  const contact = relationship.communicationsOk
    ? 'in contact'
    : `not in contact, last heard ${heard === null ? 'never' : timeText(heard)}`
  const partnerState =
    partner === null ? 'state never heard' : `${failoverStateWord(partner.state)} since ${timeText(partner.since)}`
  const { resync } = relationship
  return [
    '',
    `Relationship ${name}: ${headline.sentence}`,
    `  this server  ${role}, ${failoverStateWord(state)} since ${timeText(stateSince)}`,
    `  partner      ${partnerName}, ${partnerState}, ${contact}`,
    `  updates      ${updatesText(relationship)}`,
    ...(resync === null ? [] : [`  resync       ${resync.direction}, ${resync.done} of ${resync.total ?? 'unknown'}`]),
    ...next.map(
      ({ what, trigger, at }) => `  next         ${what} (${at === null ? trigger : `${trigger}, ${timeText(at)}`})`,
    ),
    ...notes.map((note) => `  note         ${note}`),
  ].join('\n')
}

function updatesText({ updatesOwed, updatesUnacked, oldestUpdateOwedSince: since }: Relationship): string {
  const oldest = since === null ? '' : `, the oldest since ${timeText(since)}`
  return `${updatesOwed} owed${oldest}; ${updatesUnacked} sent and not acknowledged`
}
