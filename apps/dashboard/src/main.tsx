/** Starts the console. */
export {}
