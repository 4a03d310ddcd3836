import { formatEndpoint, listingName, openRows } from '../../harness/lab.ts'
import type { Connected, Listed, Narration, Started } from '../../harness/lab.ts'
import type lab from './lab.ts'

const endpoints = (listed: Listed) => openRows(listed).map(({ local }) => formatEndpoint(local))

const served = ({ to, servedBy }: Connected) =>
  servedBy
    ? `${to.address} was answered by ${servedBy.program} (process ${servedBy.pid})`
    : `${to.address} was not answered by any program`

/** What became of a client, in a few words: `connected`, `refused (ECONNREFUSED)`. */
const came = ({ to, outcome }: Connected) =>
  `the client of ${to.address}: ${outcome === 'connected' ? 'connected' : outcome === 'timed-out' ? 'no answer' : outcome}`

const others = (clients: Connected[]) => clients.filter(({ outcome }) => outcome !== 'connected')

const connectedOf = (clients: Connected[]) =>
  `Of ${clients.length} clients ${clients.length - others(clients).length} were connected.`

const refused = ({ to }: Connected) => `The client that dialled ${formatEndpoint(to)} was refused: ECONNREFUSED.`

const silent = ({ to }: Connected) =>
  `The client that dialled ${formatEndpoint(to)} heard nothing, and sent its SYN, the packet that asks for a connection, a second time.`

const failed = (programs: Started[]) =>
  programs.flatMap(({ program, error }) => (error ? [`${program} was refused: ${error.message}.`] : [])).join(' ')

const unanswered =
  'Nothing answered. Either something on the way dropped the packets, such as a packet filter. Or a listener is there whose queue of waiting connections is full: Linux then answers nothing. If nobody listened, the client would have been refused.'

const notLocal =
  'EADDRNOTAVAIL means that this machine has no such address. Linux has all of 127.0.0.0/8. Other systems may have 127.0.0.1 alone until more are added, on macOS for example by sudo ifconfig lo0 alias 127.0.0.3 up.'

export default {
  title: 'One port, many loopback addresses',
  summary: 'Can two listeners share a port when each has a loopback address of its own?',
  acts: {
    twoAddresses: {
      title: 'server4 on 127.0.0.2, server5 on 127.0.0.3',
      intro:
        'A loopback address leads back to the machine itself. 127.0.0.1 is the one that everybody knows, and it is not the only one. 127.0.0.0/8 means every address that begins with 127. server4 and server5 ask for two of them, with the same port. Clients dial 127.0.0.4, which no server is told, then 127.0.0.2 and 127.0.0.3. A system that has 127.0.0.1 alone skips this lab; the last lines say how to add more.',
      checks: {
        'listeners-on-two-loopback-addresses-share-a-port': {
          question: 'server4 listens on 127.0.0.2. Can server5 listen on 127.0.0.3 with the same port?',
          outcomes: {
            'both-listen': {
              choice: 'Yes, both listen.',
              seen: ({ server4, server5 }) =>
                [server4, server5]
                  .map(
                    ({ program, pid, local }) =>
                      `${program} (process ${pid}) listens on ${local ? formatEndpoint(local) : '?'}.`,
                  )
                  .join(' '),
              why: 'A listener has an address as well as a port, and the kernel compares both. The ports are equal and the addresses are not, so the two do not overlap.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ server4, server5 }) => failed([server4, server5]),
              why: 'Another listener covers the same address and port. It has that very address, or the wildcard address 0.0.0.0, which stands for every address.',
              expectedBecause:
                'A port is often said to belong to one program. But the port is only half of what a listener claims. The address is the other half.',
            },
            EADDRNOTAVAIL: {
              choice: 'No: EADDRNOTAVAIL, this machine has no such address.',
              seen: ({ server4, server5 }) => failed([server4, server5]),
              why: notLocal,
              expectedBecause:
                'No interface was ever given the address 127.0.0.3. But Linux counts all of 127.0.0.0/8 as its own as soon as the loopback interface has 127.0.0.1/8.',
            },
          },
        },
        'listing-shows-each-listener-with-its-own-address': {
          question: 'If both listen, which addresses does the listing show?',
          outcomes: {
            'two-addresses': {
              choice: 'Two rows, each with its own address.',
              seen: ({ listed }) => `The listeners in ${listingName(listed)}: ${endpoints(listed).join(' and ')}.`,
              why: 'The port is the same in both, and the address tells them apart. The document harbour says that a socket takes an address, a port and more. One number and two sockets: that fits. What harbour says of a port, that a number is all that identifies it, is answered in lab 01.',
            },
            'one-address': {
              choice: 'One address.',
              seen: ({ listed }) => `The listeners in ${listingName(listed)}: ${endpoints(listed).join(' and ')}.`,
              why: 'Only one of the two addresses has a listener.',
              expectedBecause:
                'All loopback addresses mean this machine, so one may expect them to be shown as 127.0.0.1. But each is an address of its own.',
            },
            'no-row': {
              choice: 'No row.',
              seen: ({ listed }) => `In ${listingName(listed)} there is no row for this port.`,
              why: 'Nobody listens on this port.',
            },
          },
        },
        'client-reaches-loopback-address-without-listener': {
          question: 'Suppose both run. What happens to a client that dials 127.0.0.4, with the same port?',
          outcomes: {
            connected: {
              choice: 'It is connected: one of the two servers answers.',
              seen: ({ to4 }) => `${served(to4)}.`,
              why: 'A listener covered this address as well: one on 127.0.0.4 itself, or one on the wildcard address 0.0.0.0, which stands for every address.',
              expectedBecause:
                'The packet does come back to this machine, and the port is open here. But neither server listens on the address that was dialled.',
            },
            ECONNREFUSED: {
              choice: 'It is refused.',
              seen: ({ to4 }) => refused(to4),
              why: 'The packet arrived, as 127.0.0.4 is this machine too. The kernel looked for a listener on exactly this address and port, or on the wildcard address 0.0.0.0, which stands for every address. There was none. So it answered the SYN, the packet that asks for a connection, with a reset, the packet that says no.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ to4 }) => silent(to4),
              why: unanswered,
              expectedBecause:
                'An address that nobody set up looks like a host that is not there. But 127.0.0.4 is an address of this very machine, and its kernel answers.',
            },
          },
        },
        'client-reaches-listener-on-the-address-that-it-dials': {
          question: 'One client dials 127.0.0.2, the next one 127.0.0.3. Who answers?',
          outcomes: {
            'each-its-own': {
              choice: 'server4 answers the first, server5 the second.',
              seen: ({ to2, to3 }) => `${served(to2)}, and ${served(to3)}.`,
              why: 'Every packet carries the address that was dialled. The kernel looks for a listener with that address and that port. That listener gets the client, and the other one hears nothing about it. The document cafe prints its two netcat lines without the port. As printed they fail: netcat needs one.',
            },
            crossed: {
              choice: 'One server answers both, or they are exchanged.',
              seen: ({ to2, to3 }) => `${served(to2)}, and ${served(to3)}.`,
              why: 'A server got a client that dialled another address than the one on which this server should listen. So it listened on another one, or on the wildcard address.',
              expectedBecause:
                'It is the same port on the same machine, so either server might get a client. But the dialled address decides.',
            },
            'not-both-connected': {
              choice: 'Not both clients are answered.',
              seen: ({ to2, to3 }) => `What became of them: ${came(to2)}; ${came(to3)}.`,
              why: 'At least one of the two addresses had no listener with this port.',
            },
          },
        },
        'client-takes-the-loopback-address-that-it-dials': {
          question: 'Which address do the two servers see for their clients?',
          outcomes: {
            'always-127-0-0-1': {
              choice: '127.0.0.1, both times.',
              seen: ({ to2, to3 }) =>
                `accept reported ${to2.seenByServer ? formatEndpoint(to2.seenByServer.peer) : '?'} to server4 and ${to3.seenByServer ? formatEndpoint(to3.seenByServer.peer) : '?'} to server5.`,
              why: 'The client did not choose an address, so the kernel chose one by its route to the destination. On Linux one route covers all of 127.0.0.0/8, and it names 127.0.0.1 as the address to send from: see ip route show table local, after the word src. A client that wants another address binds it first.',
            },
            'the-dialled-address': {
              choice: 'The address that the client dialled: 127.0.0.2, then 127.0.0.3.',
              seen: ({ to2, to3 }) =>
                `accept reported ${to2.seenByServer ? formatEndpoint(to2.seenByServer.peer) : '?'} to server4 and ${to3.seenByServer ? formatEndpoint(to3.seenByServer.peer) : '?'} to server5.`,
              why: 'The kernel took the dialled address for the client as well, or the client had bound it. Linux does so, too, for an address that was added by itself, as 127.0.0.2/32.',
              expectedBecause:
                "A client that dials one of its machine's own addresses usually comes from that same address. On Linux the block 127.0.0.0/8 is the exception: its one route names 127.0.0.1.",
            },
            'not-both-connected': {
              choice: 'None: not both clients get through.',
              seen: ({ to2, to3 }) => `What became of them: ${came(to2)}; ${came(to3)}.`,
              why: 'accept reports a client only when there is one.',
            },
          },
        },
      },
    },

    sameAddressTwice: {
      title: 'server4 twice',
      intro:
        'The address told server4 and server5 apart. Now a second server4 asks for the very same address and port.',
      checks: {
        'second-listener-starts-on-the-same-loopback-address': {
          question: 'server4 listens on 127.0.0.2. Can a second server4 listen there too?',
          outcomes: {
            listening: {
              choice: 'Yes, both listen.',
              seen: ({ second: { pid, local } }) =>
                `The second server4 (process ${pid}) listens on ${local ? formatEndpoint(local) : '?'}.`,
              why: 'It listens on another port than it was told, or both sockets have set SO_REUSEPORT, with which several may listen on one address and port.',
              expectedBecause:
                'Loopback addresses share a port so freely that this one might, too. But what was shared is the port alone, never the pair of address and port.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ second }) => failed([second]),
              why: 'Address, port and protocol are all equal now, so nothing would tell the two listeners apart. The kernel refuses the second, unless both set SO_REUSEPORT.',
            },
          },
        },
      },
    },

    wholeBlock: {
      title: 'Anywhere in 127.0.0.0/8',
      intro:
        'The block 127.0.0.0/8 has more than 16 million addresses. The program tcp-and-udp is told eight of them, spread evenly over the block, and asks for TCP and UDP on each. A client dials each of the eight. Then the last address of the block is tried, 127.255.255.255.',
      checks: {
        'sampled-loopback-addresses-work-without-being-configured': {
          question: 'Nobody configured these eight addresses. Which of them can be listened on and dialled?',
          outcomes: {
            all: {
              choice: 'All of them.',
              seen: ({ sampled }) =>
                `All ${sampled.length} clients were answered: the first at ${sampled[0]?.to.address}, the last at ${sampled.at(-1)?.to.address}.`,
              why: 'Samples cannot prove it for the whole block. The route does. When the loopback interface gets 127.0.0.1/8, the kernel adds one route, which says that all of 127.0.0.0/8 is this machine. ip route show table local prints it. So the document cafe is right that there is no table of 16 million addresses.',
            },
            some: {
              choice: 'Some of them.',
              seen: ({ sampled }) => `${connectedOf(sampled)} These were not: ${others(sampled).map(came).join('; ')}.`,
              why: 'Some of these addresses have no listener, or packets for them do not come back to this machine.',
            },
            none: {
              choice: 'None: no client gets through.',
              seen: ({ sampled }) =>
                `${connectedOf(sampled)} For one, ${others(sampled).slice(0, 1).map(came).join('')}.`,
              why: 'The program could open its sockets, and no client reached them. It listens on another port, or packets for these addresses do not come back to this machine.',
            },
            EADDRNOTAVAIL: {
              choice: 'None: EADDRNOTAVAIL, this machine has no such address.',
              seen: ({ server }) => failed([server]),
              why: notLocal,
              expectedBecause:
                'As a rule a machine has the addresses that its interfaces were given. The loopback block of Linux is different: one route makes all of it local.',
            },
          },
        },
        'one-process-holds-a-socket-for-each-address': {
          question: 'If all these sockets are there, how many processes hold them?',
          outcomes: {
            'one-process': {
              choice: 'One process.',
              seen: ({ listed, server }) =>
                `In ${listingName(listed)} there are ${openRows(listed).length} sockets, all held by process ${server.pid}.`,
              why: 'Each socket takes a descriptor, one of the numbers by which a process knows its open files and sockets. How many of them a process may have is a limit (ulimit -n shows it). So one process can hold a socket for each address, and for each protocol. The document checklist tells of programs with a socket for each interface. What such a socket is bound to is an address of the interface. That matters for UDP. A socket bound to one address replies from it. A socket on the wildcard address replies from whatever address the route names.',
            },
            'several-processes': {
              choice: 'A process for each address.',
              seen: ({ listed }) =>
                `In ${listingName(listed)} there are ${openRows(listed).length} sockets, held by several processes.`,
              why: 'The sockets belong to several programs, or a child got them from its parent.',
              expectedBecause:
                'server4 and server5 were two processes, one for each address. But that was a choice of those programs.',
            },
            'not-all': {
              choice: 'None holds them all: some address has no socket.',
              seen: ({ listed }) => `Sockets on this port in ${listingName(listed)}: ${openRows(listed).length}.`,
              why: 'The program did not get a socket with this port on every address.',
            },
          },
        },
        'last-loopback-address-can-be-dialled': {
          question:
            'Suppose a program listens on 127.255.255.255, the last address of the block. What happens to a client that dials it?',
          outcomes: {
            connected: {
              choice: 'It is connected, as with the others.',
              seen: ({ toLast }) => `${served(toLast)}.`,
              why: 'This system treats the last address of the block like any other one.',
              expectedBecause:
                'The document cafe says that all 16 million addresses work alike, and the program could listen on this one. But the last address of a block is its broadcast address, and nobody connects to many at once.',
            },
            ECONNREFUSED: {
              choice: 'It is refused.',
              seen: ({ toLast }) => refused(toLast),
              why: 'The packet arrived, and no socket listened on this address and port.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ toLast }) => silent(toLast),
              why: unanswered,
            },
            ENETUNREACH: {
              choice: 'Its attempt fails at once: ENETUNREACH, the network is unreachable.',
              seen: ({ last, toLast }) =>
                `${last.program} (process ${last.pid}) listens on ${formatEndpoint(toLast.to)}. connect answered ENETUNREACH.`,
              why: 'The last address of a block is its broadcast address: it means every host of that network. A TCP connection joins exactly two ends, so the kernel does not even send a SYN, the packet that would ask for it. bind does allow the address, as UDP programs use it to hear broadcasts. Unreachable is not refused: nobody was asked, so nobody refused. What cafe says of the whole block does not hold for this one address.',
            },
          },
        },
      },
    },
  },
  remember: [
    'A listener claims a pair: an address and a port. Two listeners may share the port when their addresses differ.',
    'A client reaches the listener on the address that it dials, or one on the wildcard address.',
    'On Linux every address of 127.0.0.0/8 is this machine. The broadcast address at its end can be bound and not dialled.',
    'Other systems may have 127.0.0.1 alone. On macOS this adds one more: sudo ifconfig lo0 alias 127.0.0.2 up (and the same for 127.0.0.3).',
  ],
} satisfies Narration<typeof lab>
