/** Times of the fixtures, counted from when the page was opened. */

const opened = Date.now()

export const secondsAgo = (seconds: number): string => new Date(opened - seconds * 1000).toISOString()
export const inSeconds = (seconds: number): string => secondsAgo(-seconds)
export const now = (): string => new Date().toISOString()
