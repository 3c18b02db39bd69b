/** One clear sentence for a listener that cannot be opened. */

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there already',
  EACCES: 'the port needs more rights than this process has (ports below 1024 need CAP_NET_BIND_SERVICE)',
  EPERM: 'this process may not listen there',
  EADDRNOTAVAIL: 'this machine does not have the address (or not yet)',
  EINVAL: 'there is no such interface, or the address does not fit it',
  ENODEV: 'there is no such interface',
  EAFNOSUPPORT: 'this machine has no IPv6',
}

export class ListenerUnusable extends Error {
  override readonly name = 'ListenerUnusable'

  constructor(listener: string, error: Error) {
    const code = 'code' in error ? String(error.code) : ''
    super(`Cannot listen on ${listener}: ${reasons[code] ?? error.message}.`, { cause: error })
  }
}
