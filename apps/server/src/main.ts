/** Starts a server process. */
export {}
