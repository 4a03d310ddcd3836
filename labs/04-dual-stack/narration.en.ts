import { formatEndpoint, listingName } from '../../harness/lab.ts'
import type { Connected, Narration, Started } from '../../harness/lab.ts'
import type lab from './lab.ts'

const served = ({ servedBy, local, to }: Connected) =>
  servedBy && local
    ? `${servedBy.program} (process ${servedBy.pid}) accepted the client at ${formatEndpoint(local)}.`
    : `The client that dialled ${formatEndpoint(to)} was connected, though no program has accepted it.`

const refused = ({ to }: Connected) => `The client that dialled ${formatEndpoint(to)} was refused: ECONNREFUSED.`

const silent = ({ to }: Connected) =>
  `The client that dialled ${formatEndpoint(to)} heard nothing. It had to send its SYN, the packet that asks for a connection, once more.`

const NOTHING_ANSWERED =
  'Nothing answered. Either something on the way dropped the packets, such as a packet filter, or a listener is there whose queue of waiting connections is full: Linux then answers nothing. A client of a port on which nobody listens would have been refused.'

const RESET =
  'the kernel answered the SYN, the packet that asks for a connection, with a reset, the packet that says no.'

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
          question: 'server7 is bound to ::. Does a client that dials ::1 reach it?',
          outcomes: {
            connected: {
              choice: 'Yes, it is connected.',
              seen: ({ overIPv6 }) => served(overIPv6),
              why: 'The address :: stands for every IPv6 address of this machine, and ::1 is one of them.',
            },
            ECONNREFUSED: {
              choice: 'No, it is refused.',
              seen: ({ overIPv6 }) => refused(overIPv6),
              why: `No socket listened on ::1 with this port, so ${RESET}`,
              expectedBecause: 'The address :: looks like one particular address, and it is not ::1.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ overIPv6 }) => silent(overIPv6),
              why: NOTHING_ANSWERED,
            },
          },
        },
        'listing-shows-dual-stack-listener-as-one-ipv6-row': {
          question: 'server7 is bound to ::. How does the listing show it?',
          outcomes: {
            'one-ipv6-row': {
              choice: 'As one row, of type IPv6.',
              seen: ({ listed }) => `In ${listingName(listed)} there is one row, and its family is IPv6.`,
              why: 'There is one socket, and one descriptor leads to it, so there is one row. The socket was made for IPv6. Nothing in the row says that it also takes IPv4. Of the usual tools only a recent ss tells: it writes *:PORT for this socket and [::]:PORT for one that takes IPv6 only. An older ss wrote * for IPv4.',
            },
            'two-rows': {
              choice: 'As two rows, one for IPv6 and one for IPv4.',
              seen: ({ listed }) => `In ${listingName(listed)} there are two rows, one for each family.`,
              why: 'Two rows of different families mean two sockets. One listener on :: is one socket.',
              expectedBecause:
                'The listener serves two families, so two rows seem natural. But a row is not a way to reach a socket. There is one socket here.',
            },
            'one-ipv4-row': {
              choice: 'As one row, of type IPv4.',
              seen: ({ listed }) => `In ${listingName(listed)} there is one row, and its family is IPv4.`,
              why: 'The socket was made for IPv4, so it is not the one on ::. An IPv4 socket cannot be bound to ::.',
            },
          },
        },
        'ipv4-client-reaches-dual-stack-listener': {
          question: 'server7 is bound to ::. Does a client that dials 127.0.0.1, over IPv4, reach it?',
          outcomes: {
            connected: {
              choice: 'Yes, it is connected.',
              seen: ({ overIPv4 }) => served(overIPv4),
              why: 'If the socket option IPV6_V6ONLY is 0, a socket on :: is dual-stack: the kernel hands it IPv4 connections too. Systems have different defaults. For a TCP listener Node sets the option to 0 itself (not on OpenBSD, which allows no 0).',
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
              why: NOTHING_ANSWERED,
            },
          },
        },
        'dual-stack-listener-sees-ipv4-client-as-ipv4-mapped-address': {
          question: 'If a client that dials 127.0.0.1 gets through, which address does server7 see for it?',
          outcomes: {
            'ipv4-mapped': {
              choice: 'An IPv6 address that has the IPv4 address inside: ::ffff:127.0.0.1.',
              seen: ({ overIPv4: { seenByServer } }) =>
                `accept reported ${seenByServer?.peer.address} for the client, and ${seenByServer?.local.address} for its own end.`,
              why: 'An IPv6 socket can only hold IPv6 addresses. So for an IPv4 address the kernel writes an IPv6 address that begins with ::ffff: and ends with the 32 bits of the IPv4 address. Such an address is called IPv4-mapped. It never travels in a packet: on the way this was plain IPv4.',
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
              why: 'Without a connection that a program accepts, there is no address to report.',
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
          question: 'A client dials ::1, over IPv6. Does server6, on 0.0.0.0, get it?',
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
              why: `An IPv4 socket cannot take IPv6: it has no room for an address of 128 bits. The two wildcard addresses are not mirror images. No other socket listened there, so ${RESET}`,
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ overIPv6 }) => silent(overIPv6),
              why: NOTHING_ANSWERED,
              expectedBecause:
                'A closed port seems to be one where nobody answers. But the kernel itself answers, with a reset: the packet that says no.',
            },
          },
        },
      },
    },

    bothWildcards: {
      title: 'server6 and server7 together',
      intro: 'Each of the two is started while the other one runs, with the same port.',
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
          question: 'The other way round: server7 listens on ::. Can server6, on 0.0.0.0, start?',
          outcomes: {
            listening: {
              choice: 'Yes, both listen.',
              seen: ({ server6AfterServer7: { pid } }) => `server6 (process ${pid}) listens beside server7.`,
              why: 'The socket on :: did not claim IPv4, or this system lets the more exact socket take it over, as macOS does.',
              expectedBecause: 'The listing calls server7 an IPv6 socket, so IPv4 looks free. On Linux it is not.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ server6AfterServer7 }) => inUse(server6AfterServer7),
              why: 'server7 holds the port for IPv4 as well. The order of the two does not matter on Linux.',
              expectedBecause:
                'On Linux it is so. This system lets the more exact address stand beside the wildcard one: 0.0.0.0 is for IPv4 alone.',
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
              why: 'IPV6_V6ONLY takes the IPv4 half away from the socket. For IPv4 the port is as closed as if nobody were there. The document harbour concludes from :::80 in a listing that IPv4 gets through. But netstat on Linux writes ::: for server7 and for server8 alike. The spelling does not decide it.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ overIPv4ToServer8 }) => silent(overIPv4ToServer8),
              why: NOTHING_ANSWERED,
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
          question: 'Suppose both run. What does the listing show?',
          outcomes: {
            'two-rows': {
              choice: 'Two rows, one for IPv6 and one for IPv4.',
              seen: ({ listed }) => `In ${listingName(listed)} there are two rows, one for each family.`,
              why: 'Two sockets, two rows. The IPv6 row looks just like the one of server7, in lsof as in the tables of the kernel. Only a recent ss tells them apart: it now writes [::] instead of *.',
            },
            'one-ipv6-row': {
              choice: 'One row, of type IPv6.',
              seen: ({ listed }) => `In ${listingName(listed)} there is one row, and its family is IPv6.`,
              why: 'Only one of the two listens.',
            },
            'one-ipv4-row': {
              choice: 'One row, of type IPv4.',
              seen: ({ listed }) => `In ${listingName(listed)} there is one row, and its family is IPv4.`,
              why: 'Only one of the two listens.',
            },
          },
        },
        'each-listener-serves-its-own-family': {
          question: 'Suppose both run. Who answers a client that dials ::1, and who one that dials 127.0.0.1?',
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
              why: 'A socket took clients of the other family, so IPV6_V6ONLY was not set on server8, or a program was bound elsewhere.',
            },
            'one-refused': {
              choice: 'At most one of them is connected.',
              seen: ({ overIPv6, overIPv4 }) =>
                `The client that dialled ::1: ${overIPv6.outcome}. The one that dialled 127.0.0.1: ${overIPv4.outcome}.`,
              why: 'For at least one of the two versions of IP there was no listener, or nothing answered.',
            },
          },
        },
      },
    },
  },
  remember: [
    'In Node a TCP listener on :: serves IPv6 and IPv4, unless ipv6Only is set. On OpenBSD it serves IPv6 only.',
    'A listener on 0.0.0.0 serves IPv4 only.',
    'A listing shows one IPv6 row either way. Ask a recent ss, or dial the port.',
    'Two listeners clash only if address, port, protocol and version of IP all overlap.',
  ],
} satisfies Narration<typeof lab>
