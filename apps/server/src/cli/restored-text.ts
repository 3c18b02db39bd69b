/** What an operator is told after a storage was marked as a restored one. */

export interface RestoredFacts {
  /** The file, or the database. */
  readonly place: string
  readonly lastCommitAtMs: number | undefined
  /** Where what was there before is kept. */
  readonly aside: string | undefined
  /** Names of relationships. */
  readonly recovering: readonly string[]
  /** Of the server. */
  readonly name: string
}

export function restoredText({ place, lastCommitAtMs, aside, recovering, name }: RestoredFacts): string {
  return [
    `${place}: restored${lastCommitAtMs === undefined ? '' : `, as of ${new Date(lastCommitAtMs).toISOString()}`}.`,
    ...(aside === undefined ? [] : [`The database that was there is kept as ${aside}.`]),
    recovering.length === 0
      ? 'No relationship: the server serves with what the backup has.'
      : `When ${name} is started it answers no client of ${recovering.join(', ')} until its partner has told it everything ` +
        'and the maximum client lead time has passed.',
    'Accounts and API tokens are as they were when the backup was made: look at them, and sign in anew.',
  ].join('\n')
}
