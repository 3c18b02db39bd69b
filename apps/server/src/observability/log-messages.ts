/**
 * Every message of the log: its identifier, its levels, what it means, and what to do. `docs/generated/log-messages.md` is made
 * of it. Identifiers stay the same from version to version: operators' alarms look for them.
 */
import type { LogLevel } from './log.ts'

export interface LogMessage {
  readonly levels: readonly LogLevel[]
  /** Which level when, where there are several. */
  readonly levelNote?: string
  readonly meaning: string
  readonly advice?: string
}

export const logMessages = {
  SETUP_TOKEN: {
    levels: ['warning'],
    meaning: 'Nobody can sign in yet; the token makes the first administrator',
    advice: 'Do that',
  },
  CONSOLE_CERTIFICATE: {
    levels: ['info'],
    meaning:
      'The certificate that browsers see, with its fingerprint (SHA-256): at each start, and when its files have changed',
    advice: 'Compare it with what the browser shows',
  },
  CONSOLE_CERTIFICATE_MADE: {
    levels: ['warning'],
    meaning:
      'The server made the certificate of the console itself (`selfMade`), and why. Browsers warn until they are told to trust it',
  },
  CONSOLE_CERTIFICATE_ENDS: {
    levels: ['warning', 'error'],
    levelNote: 'warning; error once it has expired',
    meaning: 'The certificate of the console ends within 30 days. Said once a day',
    advice: 'Replace the files; they are looked at every minute',
  },
  CONSOLE_TLS_BROKEN: {
    levels: ['error'],
    meaning: 'New TLS files of the console cannot be used; the ones read before stay in force',
    advice: 'Correct them',
  },
  CONSOLE_TLS_GOOD: {
    levels: ['info'],
    meaning: 'The TLS files of the console are in order again, and in force',
  },
  SIGN_IN_REFUSED: {
    levels: ['warning'],
    meaning:
      'A wrong password, or an operator who is disabled; at most one line a minute for each account, names that nobody has share one',
    advice: 'Many of them from one address: somebody guesses',
  },
  BULK_RELEASE_UNRECORDED: {
    levels: ['error'],
    meaning: 'How a bulk release ended cannot be written: storage fails. The next start shows it as interrupted',
    advice: 'The audit has a line for each lease that was released',
  },
  CONFIGURATION_ACCEPTED: {
    levels: ['info'],
    meaning: 'The file that runs now, with the number of its revision',
  },
  STORAGE_MIGRATED: {
    levels: ['info'],
    meaning: "The database was brought to this version's form",
  },
  START_WARNING: {
    levels: ['warning'],
    meaning: 'Something dangerous is configured: `shortTimers`, `insecure`, no full sync',
    advice: 'Not in production',
  },
  FO_STATE_TRANSITION: {
    levels: ['info', 'warning'],
    levelNote: 'info; warning where service hangs on one server',
    meaning: 'From, to, cause, and the section of RFC 8156',
    advice: '[states.md](../operating/states.md)',
  },
  FO_PARTNER_STATE: {
    levels: ['info'],
    meaning: 'What the partner says of itself',
  },
  FO_CONNECTION: {
    levels: ['info', 'warning'],
    levelNote: 'info, warning',
    meaning: 'Connected, lost, refused, cannot be reached (then every ten minutes), a caller turned away',
    advice: 'A refusal repeats until somebody corrects a name, a certificate or a clock',
  },
  LISTENER_DOWN: {
    levels: ['warning'],
    meaning: 'Clients cannot be heard on one of several listeners: interface, carrier, address or socket',
    advice: 'Cable, switch, interface',
  },
  NO_CLIENT_HEARD: {
    levels: ['error'],
    meaning:
      'Clients cannot be heard on any listener. The server has said good-bye to its partner and stays away, so that the partner answers them',
    advice: 'The same. It returns by itself',
  },
  LISTENERS_UP: {
    levels: ['info'],
    meaning: 'Clients can be heard on every listener',
  },
  CLIENTS_UNANSWERED: {
    levels: ['warning'],
    meaning:
      'On the secondary: clients keep asking though the primary is in contact, so perhaps it does not hear them, or has no lease for them',
    advice:
      'Client network and pools of the primary. Stop it if that cannot be repaired soon: the secondary then answers',
  },
  CLIENTS_ANSWERED_AGAIN: {
    levels: ['info'],
    meaning: 'Hardly any client keeps asking the primary in vain any more',
  },
  TLS_CERTIFICATE_ENDS: {
    levels: ['warning', 'error'],
    levelNote: 'warning; error once it has expired',
    meaning: "The server's own certificate or the partner's ends within 30 days. Said once a day",
    advice: 'Replace the files; they are read for each connection',
  },
  TLS_FILES_BROKEN: {
    levels: ['error'],
    meaning:
      'New TLS files cannot be read or do not belong together; the ones read before stay in force until a restart',
    advice: 'Correct them; they are looked at every minute',
  },
  TLS_FILES_GOOD: {
    levels: ['info'],
    meaning: 'The TLS files of failover are in order again, and in force',
  },
  CHANNEL_LISTENING: {
    levels: ['info'],
    meaning: "Where the partner's console is answered over the private channel",
  },
  CHANNEL_LISTENER_DOWN: {
    levels: ['warning'],
    meaning:
      'It cannot be answered there: the port is taken, or the address is not there yet. Tried again every ten seconds; clients are served all the same',
    advice: 'Free the port, or change `channel.local`',
  },
  CHANNEL_ANSWERS: {
    levels: ['info'],
    meaning: 'The partner answers over the private channel',
  },
  CHANNEL_SILENT: {
    levels: ['warning'],
    meaning: 'It does not answer there in time. That says nothing of failover, which has a connection of its own',
    advice: 'If failover is in contact: port and firewall of the channel',
  },
  CHANNEL_UNUSABLE: {
    levels: ['warning'],
    meaning:
      'Something answers there, but not as the partner should: another certificate, another server, words that are not understood',
    advice: 'Read it; certificates, `channel.partner`, versions',
  },
  CHANNEL_CALLER_REFUSED: {
    levels: ['warning'],
    meaning:
      'Somebody who is not the partner called at the private channel, or the partner with a certificate that is not accepted',
    advice: 'Certificates; else find the caller',
  },
  CHANNEL_FAILED: {
    levels: ['error'],
    meaning: 'A bug behind an answer to the partner; serving clients goes on',
    advice: 'Report it',
  },
  WEBHOOK_FAILS: {
    levels: ['warning'],
    meaning:
      'A delivery was not accepted, and why. It is sent again, at first after a second, at last every five minutes; nothing is lost meanwhile',
    advice: 'Look after the receiver; `tandem ctl webhooks test` tries it',
  },
  WEBHOOK_ACCEPTS: {
    levels: ['info'],
    meaning: 'Deliveries to it are accepted again',
  },
  WEBHOOK_STOPPED: {
    levels: ['error'],
    meaning: 'The receiver answered 410, which says that it is gone: nothing more is sent to it',
    advice: 'Remove the webhook, or begin it again: `tandem ctl webhooks begin`',
  },
  WEBHOOK_EVENTS_LOST: {
    levels: ['error'],
    meaning:
      'A receiver was away for longer than events are kept (`node.history.events`), or the storage was restored: it was told that some are missing',
    advice: 'Let the receiver read the list of leases',
  },
  ACCOUNTS_IN_STEP: {
    levels: ['info'],
    meaning: 'Operators, API tokens and webhooks are the same on both servers from now on',
  },
  ACCOUNTS_NOT_SHARED: {
    levels: ['warning'],
    meaning: 'They are not: the partner keeps accounts of its own, or what it says of them cannot be used',
    advice: 'Revoke and remove on both servers until it is put right; `channel.accounts`, versions',
  },
  ACCOUNTS_TAKEN_OVER: {
    levels: ['info'],
    meaning: 'Changes of accounts that were made on the partner are in force here; its audit says who made them',
  },
  ACCOUNTS_WITHOUT_ADMINISTRATOR: {
    levels: ['warning'],
    meaning: 'Each server lost a different administrator while they did not hear each other, and now there is none',
    advice: '`tandem operator` on the host of either',
  },
  FO_CLOCK_SKEW: {
    levels: ['warning'],
    meaning:
      'The clocks differ by two seconds or more on average (then every ten minutes), or a message was more than five seconds off, which ends the connection',
    advice: 'NTP on both',
  },
  FO_DNS_IGNORED: {
    levels: ['warning'],
    meaning:
      'The partner keeps DNS records for its leases; this server does not, and cannot remove them when a lease ends here. Once for a connection',
    advice: 'Switch DNS updates off on the partner, or clean up there',
  },
  FO_RESERVATIONS_DIFFER: {
    levels: ['warning'],
    meaning:
      'The partner keeps other leases for other clients, or has a reserved lease in use that it has not yet told us of. Until the next connection each server gives reserved leases from its own part only. Once for a connection',
    advice: 'Write the same reservations on both',
  },
  POOL_DRAINING: {
    levels: ['info'],
    meaning:
      'An operator drains a pool of this server: new clients get nothing from it, and what its clients have is not extended. It lasts until it is stopped',
    advice: 'Give the partner the same command',
  },
  POOL_NOT_DRAINING: {
    levels: ['info'],
    meaning: 'A pool that was drained gives leases to new clients again',
    advice: 'Give the partner the same command',
  },
  STORAGE_OLDER_THAN_TOLD: {
    levels: ['error'],
    meaning:
      'The partner remembers a promise of this server that its own storage does not have: an old copy was put into place and not marked',
    advice: 'Stop it, `tandem restore --config FILE`, start it',
  },
  FO_UPDATE_REJECTED: {
    levels: ['warning'],
    meaning: "One of the servers did not take the other's word on a lease",
    advice: 'Expected after a conflict; else compare the two configurations',
  },
  FO_MALFORMED: {
    levels: ['warning'],
    meaning: 'The partner sent what cannot be read',
    advice: 'Compare versions',
  },
  DHCP_MALFORMED: {
    levels: ['warning'],
    meaning: 'A datagram that cannot be read',
    advice: 'Find the sender if it goes on',
  },
  ALLOC_FAILED: {
    levels: ['warning'],
    meaning: "No lease for a client: the pool is empty, or what is free is the partner's",
    advice: 'Enlarge the pool',
  },
  DATA_PLANE: {
    levels: ['info', 'warning', 'error'],
    levelNote: 'info, warning, error',
    meaning: 'Of sockets, commits and threads: for example a full disk',
    advice: 'Read it',
  },
  DATA_PLANE_FAILED: {
    levels: ['error'],
    meaning: 'The server cannot store or send, and ends, so that its partner takes over',
    advice: 'Storage first',
  },
  API_FAILED: {
    levels: ['error'],
    meaning: 'A bug behind a page; serving clients goes on',
    advice: 'Report it',
  },
  API_FRAMEWORK: {
    levels: ['warning', 'error'],
    levelNote: 'warning, error',
    meaning: 'What the framework of the API says of itself; serving clients goes on',
    advice: 'Report it',
  },
  LIVE_FAILED: {
    levels: ['error'],
    meaning: 'A bug behind the live events; pages ask again, and serving clients goes on',
    advice: 'Report it',
  },
  SERVER_STOPPING: {
    levels: ['info'],
    meaning: 'A stop was asked for: what is owed is sent, and the partner is told good-bye',
  },
  SERVER_STOPPED: {
    levels: ['info'],
    meaning: 'That stop is complete: all is stored',
  },
} as const satisfies Readonly<Record<string, LogMessage>>

export type LogMessageId = keyof typeof logMessages

/** An identifier with a level that the catalogue gives it. */
export type LogCase = {
  readonly [Id in LogMessageId]: { readonly id: Id; readonly level: (typeof logMessages)[Id]['levels'][number] }
}[LogMessageId]

/** The page for people. */
export function printLogMessages(): string {
  const rows = Object.entries<LogMessage>(logMessages).map(
    ([id, { levels, levelNote, meaning, advice = '' }]) =>
      `| \`${id}\` | ${levelNote ?? levels.join(', ')} | ${meaning} | ${advice} |`,
  )
  return `${[
    '# The messages of the log',
    '',
    'Made from `apps/server/src/observability/log-messages.ts`. How lines look and how often they come: [The log](../operating/log.md).',
    '',
    '| Identifier | Level | Meaning | What to do |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n')}\n`
}
