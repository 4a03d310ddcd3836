import { formatEndpoint } from '../../harness/lab.ts'
import type { Connected, Narration, Started } from '../../harness/lab.ts'
import type lab from './lab.ts'

const served = ({ servedBy, local }: Connected) =>
  `${servedBy?.program ?? 'A server'} (process ${servedBy?.pid}) accepted the client at ${local ? formatEndpoint(local) : '?'}.`

const refused = ({ to }: Connected) => `The client that dialled ${formatEndpoint(to)} was refused: ECONNREFUSED.`

const silent = ({ to }: Connected) =>
  `The client that dialled ${formatEndpoint(to)} heard nothing and had to send its SYN again.`

const inUse = ({ program, error }: Started) => `${program} was refused: ${error?.message}.`

export default {
  title: 'One listener on ::, and two versions of IP',
  summary: 'Does a listener on the IPv6 wildcard address serve IPv6 only, or IPv4 as well?',
  acts: {
    dualStack: {
      title: 'server7 on ::',
      intro:
        'server7 listens on ::, the wildcard address of IPv6. It was never told about IPv4. One client dials the IPv6 loopback address ::1, the next one dials the IPv4 loopback address 127.0.0.1.',
      checks: {
        'ipv6-client-reaches-dual-stack-listener': {
          question: 'A client dials ::1. Does it reach server7 on :: ?',
          outcomes: {
            connected: {
              choice: 'Yes, it is connected.',
              seen: ({ overIPv6 }) => served(overIPv6),
              why: 'The address :: stands for every IPv6 address of this machine, and ::1 is one of them.',
            },
            ECONNREFUSED: {
              choice: 'No, it is refused.',
              seen: ({ overIPv6 }) => refused(overIPv6),
              why: 'No socket listened on ::1 with this port, so the kernel answered the SYN with a reset.',
              expectedBecause: 'The address :: looks like one particular address, and it is not ::1.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ overIPv6 }) => silent(overIPv6),
              why: 'Something dropped the packets on their way. A kernel without a filter answers.',
            },
          },
        },
        'listing-shows-dual-stack-listener-as-one-ipv6-row': {
          question: 'How does the listing show a listener that was bound to :: ?',
          outcomes: {
            'one-ipv6-row': {
              choice: 'As one row, of type IPv6.',
              seen: ({ listed }) => `${listed.source} shows one row, and its family is IPv6.`,
              why: 'A listing has one row for each socket, and there is one socket: it was made for IPv6. Nothing in the row says that it also takes IPv4. Of the usual tools only ss tells: it writes *:PORT for this socket and [::]:PORT for one that takes IPv6 only.',
            },
            'two-rows': {
              choice: 'As two rows, one for IPv6 and one for IPv4.',
              seen: ({ listed }) => `${listed.source} shows two rows, one for each family.`,
              why: 'Two rows mean two sockets. One listener on :: is one socket.',
              expectedBecause:
                'The listener serves two families, so two rows seem natural. But rows count sockets, not ways to reach them.',
            },
            'one-ipv4-row': {
              choice: 'As one row, of type IPv4.',
              seen: ({ listed }) => `${listed.source} shows one row, and its family is IPv4.`,
              why: 'The socket was made for IPv4. A socket for :: cannot be.',
            },
          },
        },
        'ipv4-client-reaches-dual-stack-listener': {
          question: 'A client dials 127.0.0.1, over IPv4. Does it reach server7 on :: ?',
          outcomes: {
            connected: {
              choice: 'Yes, it is connected.',
              seen: ({ overIPv4 }) => served(overIPv4),
              why: 'A socket on :: is dual-stack unless somebody opts out: the kernel hands it IPv4 connections too. The option that decides is IPV6_V6ONLY. Node sets it to 0 for a TCP listener, whatever the default of the system is.',
            },
            ECONNREFUSED: {
              choice: 'No, it is refused.',
              seen: ({ overIPv4 }) => refused(overIPv4),
              why: 'The socket takes IPv6 only: its option IPV6_V6ONLY is set. OpenBSD works like this always.',
              expectedBecause:
                'IPv6 and IPv4 are two protocols, and the listing calls the socket IPv6. But the kernel can hand IPv4 connections to an IPv6 socket, and by default Linux does.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ overIPv4 }) => silent(overIPv4),
              why: 'Something dropped the packets on their way. A kernel without a filter answers.',
            },
          },
        },
        'dual-stack-listener-sees-ipv4-client-as-ipv4-mapped-address': {
          question: 'Which address does server7 see for the client that came over IPv4?',
          outcomes: {
            'ipv4-mapped': {
              choice: 'An IPv6 address that has the IPv4 address inside: ::ffff:127.0.0.1.',
              seen: ({ overIPv4: { seenByServer } }) =>
                `accept reported ${seenByServer?.peer.address} for the client, and ${seenByServer?.local.address} for its own end.`,
              why: 'An IPv6 socket can only hold IPv6 addresses. So the kernel writes the IPv4 address into the last 32 bits of a reserved block, ::ffff:0:0/96. Such an address is called IPv4-mapped. It never travels in a packet: on the way this was plain IPv4.',
            },
            ipv4: {
              choice: 'The plain IPv4 address: 127.0.0.1.',
              seen: ({ overIPv4: { seenByServer } }) => `accept reported ${seenByServer?.peer.address} for the client.`,
              why: 'The socket that accepted was an IPv4 socket.',
              expectedBecause:
                'The client has an IPv4 address, so a server should see that. But an IPv6 socket has no room for an address of another family.',
            },
            nothing: {
              choice: 'None: the client does not get through.',
              seen: 'No server accepted the client.',
              why: 'The client was not connected, so accept reported nothing.',
            },
          },
        },
      },
    },

    ipv4Wildcard: {
      title: 'server6 on 0.0.0.0',
      intro:
        'server6 listens on 0.0.0.0, the wildcard address of IPv4. Is it the mirror image of server7? A client dials ::1.',
      checks: {
        'ipv6-client-reaches-ipv4-wildcard-listener': {
          question: 'A client dials ::1, over IPv6. Does it reach server6 on 0.0.0.0 ?',
          outcomes: {
            connected: {
              choice: 'Yes, it is connected.',
              seen: ({ overIPv6 }) => served(overIPv6),
              why: 'A socket that takes IPv6 has the port.',
              expectedBecause:
                'server7 on :: took both versions of IP, so 0.0.0.0 should too. But an IPv4 socket has only 32 bits for an address: no IPv6 client fits in.',
            },
            ECONNREFUSED: {
              choice: 'No, it is refused.',
              seen: ({ overIPv6 }) => refused(overIPv6),
              why: 'An IPv4 socket cannot take IPv6: it has no room for an address of 128 bits. No other socket listened there, so the kernel answered the SYN with a reset. The two wildcard addresses are no mirror images.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ overIPv6 }) => silent(overIPv6),
              why: 'Something dropped the packets on their way. A kernel without a filter answers.',
              expectedBecause:
                'A closed port seems to be one where nobody answers. But the kernel itself answers, with a reset.',
            },
          },
        },
      },
    },

    bothWildcards: {
      title: 'server6 and server7 together',
      intro: 'If server7 takes IPv4 too, then it wants what server6 wants. Each is started while the other one runs.',
      checks: {
        'dual-stack-listener-starts-after-ipv4-wildcard-listener': {
          question: 'server6 listens on 0.0.0.0. Can server7 start on :: with the same port?',
          outcomes: {
            listening: {
              choice: 'Yes, both listen.',
              seen: ({ server7AfterServer6: { pid } }) => `server7 (process ${pid}) listens beside server6.`,
              why: 'The two sockets do not overlap: the one on :: takes IPv6 only, or this system sorts arrivals by the most exact match.',
              expectedBecause:
                'The addresses are different, and so are the families. But a dual-stack socket also claims the IPv4 half of its port.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ server7AfterServer6 }) => inUse(server7AfterServer6),
              why: 'A dual-stack socket claims its port for both families. The IPv4 half is taken, so the kernel refuses the whole.',
            },
          },
        },
        'ipv4-wildcard-listener-starts-after-dual-stack-listener': {
          question: 'And the other way round: server7 listens on ::. Can server6 start on 0.0.0.0 ?',
          outcomes: {
            listening: {
              choice: 'Yes, both listen.',
              seen: ({ server6AfterServer7: { pid } }) => `server6 (process ${pid}) listens beside server7.`,
              why: 'The socket on :: did not claim IPv4, or this system lets the more exact socket take it over, as macOS does.',
              expectedBecause: 'The listing calls server7 an IPv6 socket, so IPv4 looks free. It is not.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ server6AfterServer7 }) => inUse(server6AfterServer7),
              why: 'server7 holds the port for IPv4 as well. The order of the two does not matter on Linux.',
            },
          },
        },
      },
    },

    ipv6Only: {
      title: 'server8 opts out of IPv4',
      intro:
        'server8 also listens on ::, with the option IPV6_V6ONLY; Node calls it ipv6Only. First it is alone. Then server6 joins it on the same port, and they are started in the other order as well.',
      checks: {
        'ipv6only-listener-refuses-ipv4': {
          question: 'server8 is alone on the port. Does a client that dials 127.0.0.1 reach it?',
          outcomes: {
            connected: {
              choice: 'Yes, it is connected.',
              seen: ({ overIPv4ToServer8 }) => served(overIPv4ToServer8),
              why: 'The socket is dual-stack: the option was not set, or set too late.',
              expectedBecause: 'server7 on the same address took IPv4. The option is what differs.',
            },
            ECONNREFUSED: {
              choice: 'No, it is refused.',
              seen: ({ overIPv4ToServer8 }) => refused(overIPv4ToServer8),
              why: 'IPV6_V6ONLY takes the IPv4 half away from the socket. For IPv4 the port is as closed as if nobody were there.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ overIPv4ToServer8 }) => silent(overIPv4ToServer8),
              why: 'Something dropped the packets on their way. A kernel without a filter answers.',
            },
          },
        },
        'ipv6only-and-ipv4-wildcard-listeners-run-side-by-side': {
          question: 'Can server8 and server6 listen on one port at the same time?',
          outcomes: {
            'both-orders': {
              choice: 'Yes, in either order.',
              seen: 'server6 started beside server8, and server8 started beside server6.',
              why: 'Now one socket claims the port for IPv6 and the other one for IPv4. They do not overlap, so the kernel allows both. The option has to be set before bind; afterwards it is too late.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ server6AfterServer8, server8AfterServer6 }) =>
                inUse(server6AfterServer8.error ? server6AfterServer8 : server8AfterServer6),
              why: 'The socket on :: still claimed IPv4, so the two overlap.',
              expectedBecause:
                'Both are wildcard addresses with the same port. But they are wildcards of different families.',
            },
          },
        },
        'listing-shows-both-listeners-as-two-rows': {
          question: 'What does the listing show while both run?',
          outcomes: {
            'two-rows': {
              choice: 'Two rows, one for IPv6 and one for IPv4.',
              seen: ({ listed }) => `${listed.source} shows two rows: one of each family, held by two processes.`,
              why: 'Two sockets, two rows. In lsof the IPv6 row looks just like the one of server7. ss tells them apart: it now writes [::] instead of *.',
            },
            'one-ipv6-row': {
              choice: 'One row, of type IPv6.',
              seen: ({ listed }) => `${listed.source} shows one row, and its family is IPv6.`,
              why: 'Only one of the two listens.',
            },
            'one-ipv4-row': {
              choice: 'One row, of type IPv4.',
              seen: ({ listed }) => `${listed.source} shows one row, and its family is IPv4.`,
              why: 'Only one of the two listens.',
            },
          },
        },
        'each-listener-serves-its-own-family': {
          question: 'Both run. Who answers a client of ::1, and who a client of 127.0.0.1?',
          outcomes: {
            'its-own': {
              choice: 'server8 answers over IPv6, server6 over IPv4.',
              seen: ({ overIPv6, overIPv4 }) =>
                `${overIPv6.servedBy?.program} answered ::1, and ${overIPv4.servedBy?.program} answered 127.0.0.1.`,
              why: 'The version of IP in the packet decides. Two programs share a port number and never meet.',
            },
            crossed: {
              choice: 'One of them answers both, or they are exchanged.',
              seen: ({ overIPv6, overIPv4 }) =>
                `${overIPv6.servedBy?.program} answered ::1, and ${overIPv4.servedBy?.program} answered 127.0.0.1.`,
              why: 'A socket took clients of a family that it had opted out of.',
            },
            'one-refused': {
              choice: 'Only one of the two clients is connected.',
              seen: ({ overIPv6, overIPv4 }) =>
                `The client of ::1: ${overIPv6.outcome}. The client of 127.0.0.1: ${overIPv4.outcome}.`,
              why: 'One of the two listeners was not there.',
            },
          },
        },
      },
    },
  },
  remember: [
    'A listener on :: serves IPv6 and IPv4, unless IPV6_V6ONLY is set before bind. On OpenBSD it is always set.',
    'A listener on 0.0.0.0 serves IPv4 only.',
    'A listing shows one IPv6 row either way. Ask ss, or dial the port.',
    'What one listens on is a combination of address, port, protocol and version of IP.',
  ],
} satisfies Narration<typeof lab>
