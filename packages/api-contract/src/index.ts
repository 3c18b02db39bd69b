/** What server and browser agree on: the one door other packages import. */
export {}
