/** What a storage URL names: a database file, or a database of a PostgreSQL server. Decided here and nowhere else. */

const POSTGRESQL = /^postgres(?:ql)?:\/\//u

export function isPostgresqlUrl(storageUrl: string): boolean {
  return POSTGRESQL.test(storageUrl)
}

/** `file:/absolute/path.db` to a path. */
export function fileOfStorageUrl(storageUrl: string): string {
  if (!storageUrl.startsWith('file:')) throw new Error(`storage ${nameOfStorage(storageUrl)} is no file`)
  return storageUrl.slice('file:'.length)
}

/** As sentences and logs name it: never with its password. */
export function nameOfStorage(storageUrl: string): string {
  if (storageUrl.startsWith('file:')) return fileOfStorageUrl(storageUrl)
  if (!URL.canParse(storageUrl)) return 'postgresql'
  const { hostname, port, pathname, searchParams } = new URL(storageUrl)
  const host = hostname === '' ? (searchParams.get('host') ?? '') : hostname
  return `postgresql://${host}${port === '' ? '' : `:${port}`}${pathname}`
}
