/** The words of a step, and what is said of all of them together. */

export const GRAMMAR = `A step is one of
  tcp ADDRESS [ipv6Only] [reusePort] [bound]      listens, unless only bound
  udp ADDRESS [ipv6Only] [reusePort] [reuseAddr]  is bound
      either may end in 'as USER' (a name or a number)
      or in 'in N' (opened by the process of step N)
  -> ADDRESS [udp] [from ADDRESS[:PORT]]          who gets this client?
  close N                                         closes the socket of step N
  kill N                                          ends the process of step N
`

/** The words with a meaning of their own, for whoever completes what is typed. */
export const SOCKET_WORDS = ['ipv6Only', 'reusePort', 'reuseAddr', 'bound', 'as', 'in'] as const
export const FIRST_WORDS = ['tcp', 'udp', '->', 'close', 'kill'] as const

export const ONE_PORT = 'all steps share one port, and --port sets it'
