/**
 * The register of lies: faults put under the programs of a lab, each of which must make some check fail on a real run.
 * A lie changes what the programs ask of the system; the harness, which looks on, is never lied to.
 */

export const LIES = {
  'another-port': 'every server takes the port after the one that it was told',
  'next-port-when-taken': 'a server that finds its port in use takes the next one and says nothing',
  'ipv6-only-forced': 'every listener on :: is opened with ipv6Only',
  'ipv6-only-ignored': 'the option ipv6Only is taken away',
  'ipv4-wildcard-instead': 'a listener on :: takes 0.0.0.0',
  'ipv6-wildcard-instead': 'a listener on 0.0.0.0 takes ::',
  'wildcard-instead': 'a server on a specific IPv4 address takes 0.0.0.0',
  'loopback-instead': 'every server takes 127.0.0.1 instead of its own address',
  'reuse-port-forced': 'every listener asks for reusePort',
  'reuse-port-ignored': 'the option reusePort is taken away',
  'datagrams-ignored': 'a UDP program never looks at what it receives',
  'peer-ignored': 'a UDP socket that should have one peer takes datagrams from everybody',
  'answers-from-a-new-socket': 'a UDP server answers from a socket, and so a port, other than it was asked on',
  'listens-over-tcp-too': 'a UDP program also opens a TCP listener on its address and port',
  'client-chooses-its-port': 'a client takes a low port of its own choice',
  'port-zero-ignored': 'a program that is told port 0 takes a low port of its own choice',
  'port-cut-to-16-bits': 'a listener that is told a port above 65535 takes its lowest 16 bits',
  'bind-denied': 'every bind and every listen is answered with EACCES',
  'bind-named-in-errors': 'the error object names another system call than Node does',
  'option-before-bind': 'an option that a program sets after bind is set before',
  'listens-at-once': 'a socket that should only be bound listens at once',
  'reuse-address-forced': 'a Python server asks for SO_REUSEADDR',
  'title-ignored': 'a program keeps the name under which it was started',
  'bytes-changed': 'a program changes one of many bytes that it sends',
  'unix-socket-delayed': 'each write to a Unix-domain socket takes half a millisecond more',
  'pipe-delayed': 'each write to a pipe takes half a millisecond more',
  'interfaces-hidden': 'a program sees no network interface',
  'names-misled': 'every name that a program looks up is 203.0.113.1',
  'services-shifted': 'a program reads every service one port higher',
  'backlog-ignored': 'every listener asks for a backlog of 511',
  'child-keeps-socket': 'a server hands its socket to a child that outlives it',
  'socket-not-inherited': 'a child does not get the socket that its parent means to leave to it',
  'another-socket-passed': 'instead of its own socket a program passes on one that it has just made',
  'sockets-numbered-apart': 'a program moves each socket that it makes to a descriptor from 100 on',
  'later-sockets-listen-at-once': 'every socket after the first one of a program listens as soon as it is made',
  'copy-makes-another-socket': 'to copy a descriptor makes another socket',
  'close-shuts-down': 'a program that closes a descriptor shuts the socket down first',
  'close-forgotten': 'a program that should close a socket leaves it open',
  'limit-ignored': 'a program that should lower its limit of open files does not',
} as const

export type Lie = keyof typeof LIES
