/** What a student is told of each role: a sentence for each thing that the program must do. No answer stands in them. */

import type { RoleText } from '../harness/lab.ts'
import type { roles } from './roles.ts'

const SERVE = [
  'Accept one client. Do not wait for it to speak: it waits for you.',
  'Print the address and the port of the client, as accept(2) returned them.',
]
const ALONE = 'The port is for this program alone: do not set SO_REUSEPORT.'
const END = 'Then close both sockets and end, with exit code 0.'

export const texts: { readonly [role in keyof typeof roles]: RoleText } = {
  server1: {
    title: 'a TCP server on 127.0.0.1',
    task: ['Listen on TCP, on the address 127.0.0.1 and the port that you are given.', ALONE, ...SERVE, END],
  },
  server2: {
    title: 'a UDP server on 127.0.0.1',
    task: [
      'Bind a UDP socket to the address 127.0.0.1 and the port that you are given.',
      'Take one datagram, and print what it says and where it came from.',
      'Send an answer back to where it came from. What it says is up to you.',
      'Then close the socket and end, with exit code 0.',
    ],
  },
  server3: {
    title: 'a TCP server on 127.0.0.1 with SO_REUSEPORT',
    task: [
      'Set the option SO_REUSEPORT on a TCP socket, before you bind it.',
      'Listen on the address 127.0.0.1 and the port that you are given.',
      ...SERVE,
      END,
    ],
  },
  server4: {
    title: 'a TCP server on 127.0.0.2',
    task: ['Listen on TCP, on the address 127.0.0.2 and the port that you are given.', ALONE, ...SERVE, END],
  },
  server5: {
    title: 'a TCP server on 127.0.0.3',
    task: ['Listen on TCP, on the address 127.0.0.3 and the port that you are given.', ALONE, ...SERVE, END],
  },
  server6: {
    title: 'a TCP server on 0.0.0.0, the IPv4 wildcard address',
    task: ['Listen on TCP over IPv4, on the address 0.0.0.0 and the port that you are given.', ALONE, ...SERVE, END],
  },
  server7: {
    title: 'a TCP server on ::, the IPv6 wildcard address',
    task: [
      'Listen on TCP over IPv6, on the address :: and the port that you are given.',
      'Leave the option IPV6_V6ONLY as the system has it. Some libraries set it without being asked.',
      'Set the option SO_REUSEADDR before you bind: a second copy is started on the same port as soon as the first ended.',
      ALONE,
      ...SERVE,
      END,
    ],
  },
  server8: {
    title: 'a TCP server on ::, with IPV6_V6ONLY',
    task: [
      'Set the option IPV6_V6ONLY on a TCP socket over IPv6, before you bind it.',
      'Listen on the address :: and the port that you are given.',
      ALONE,
      ...SERVE,
      END,
    ],
  },
  client: {
    title: 'a TCP client of 127.0.0.1',
    task: [
      'Connect over TCP to the address 127.0.0.1 and the port that you are given. Do not bind: the system chooses your port.',
      'Print the address and the port of your own end, as getsockname(2) tells them.',
      'Keep the connection open until the server has closed its end.',
      'Then close the socket and end, with exit code 0.',
    ],
  },
}
