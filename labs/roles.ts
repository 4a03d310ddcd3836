/**
 * The programs of labs whose place a handed-in program can take. Each lab says in which of its acts: `roles` in lab.ts.
 * What each has to do stands in roles.en.ts.
 */

import type { Roles } from '../harness/lab.ts'

/** A TCP server as the documents have it: it serves one client, and ends. */
const tcpServer = { part: 'server', protocol: 'tcp', options: [], serves: 1 } as const

export const roles = {
  server1: { ...tcpServer, address: '127.0.0.1' },
  /** It takes one datagram, and ends. */
  server2: { ...tcpServer, protocol: 'udp', address: '127.0.0.1' },
  server3: { ...tcpServer, address: '127.0.0.1', options: ['reusePort'] },
  server4: { ...tcpServer, address: '127.0.0.2' },
  server5: { ...tcpServer, address: '127.0.0.3' },
  server6: { ...tcpServer, address: '0.0.0.0' },
  server7: { ...tcpServer, address: '::' },
  server8: { ...tcpServer, address: '::', options: ['ipv6Only'] },
  /** The address is the one that it dials. */
  client: { part: 'client', protocol: 'tcp', address: '127.0.0.1', options: [], serves: 0 },
} as const satisfies Roles
