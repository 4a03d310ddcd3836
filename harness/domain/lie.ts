/** The register of lies: faults put under the programs of a lab, each of which must make some check fail. */

export const LIES = {
  'ipv6-only-forced': 'every TCP listener on :: is opened with ipv6Only',
  'ipv6-only-ignored': 'the option ipv6Only is taken away',
  'reuse-port-forced': 'every TCP listener asks for reusePort',
  'reuse-port-ignored': 'the option reusePort is taken away',
  'wildcard-forced': 'every listener takes the wildcard address of its family instead of its own address',
  'loopback-forced': 'every listener takes 127.0.0.1 instead of its own address',
  'another-port': 'every socket is bound to the next port instead of the one it was told',
  'port-of-the-system': 'the operating system chooses the port, whatever was asked for',
  'bind-not-permitted': 'every bind is answered with EACCES',
  'first-socket-only': 'the second process of an act is told EADDRINUSE whatever it asks for',
  'peer-unknown': 'the server names another peer than the one it accepted',
  'stays-open': 'a server that should end after its client stays',
  'deaf': 'a server closes its socket as soon as it is ready',
  'one-member-only': 'every member of a reusePort group but the first closes its socket',
  'not-listening': 'a socket is bound and never listens',
  'listens-at-once': 'a socket that should only be bound listens',
  'errors-renamed': 'the error object names another system call',
  'survives': 'another process still holds the socket when the holder is gone',
} as const

export type Lie = keyof typeof LIES
