import { formatEndpoint } from '../../harness/lab.ts'
import type { Connected, Narration, Said, Started } from '../../harness/lab.ts'
import { localRoutes, tallyOf } from './sample.ts'
import type lab from './lab.ts'

const shown = (endpoint: { address: string; port: number } | null | undefined) =>
  endpoint ? formatEndpoint(endpoint) : 'an unknown address'

const dialled = ({ to }: Connected) => `The client that dialled ${formatEndpoint(to)}`

/** What became of a client, as a sentence. */
const came = (client: Connected) => {
  const { outcome, servedBy } = client
  if (outcome === 'timed-out') return `${dialled(client)} heard nothing, and had to send its SYN a second time.`
  if (outcome !== 'connected') return `${dialled(client)} was refused: ${outcome}.`
  if (!servedBy) return `${dialled(client)} was connected, though no program has accepted it.`
  return `${dialled(client)} was answered by ${servedBy.program} (process ${servedBy.pid}).`
}

const refused = ({ program, error }: Started) =>
  error ? `${program} was refused: ${error.message}. The error has the number ${error.errno}.` : ''

const listens = ({ program, pid, local }: Started) => `${program} (process ${pid}) listens on ${shown(local)}.`

const sample = (sampled: Said) => {
  const { dialled: count, connected, first, last, others } = tallyOf(sampled)
  const rest = others.length === 0 ? '' : ` What became of the others: ${others.join(', ')}.`
  return `Of ${count} addresses, from ${first} to ${last} in the order of dialling, ${connected} answered.${rest}`
}

/** Whether a client that is another host's, or this one's, got through. */
const got = (outcome: string) => (outcome === 'connected' ? 'was connected' : `came to ${outcome}`)

const bothClients = ({ overWire, overLoopback }: { overWire: Started; overLoopback: Connected }) =>
  `The client on the other host (its own end: ${shown(overWire.local)}) ${got(overWire.outcome)}. The client over loopback ${got(overLoopback.outcome)}.`

type Families = Record<'v6ToV6' | 'v4ToV6' | 'v6ToV4' | 'v4ToV4', Connected>

const crossed = ({ v4ToV6, v6ToV4 }: Families) =>
  `While a listener was on ::, the client of ${v4ToV6.to.address} ${got(v4ToV6.outcome)}. While one was on 0.0.0.0, the client of ${v6ToV4.to.address} ${got(v6ToV4.outcome)}.`

const NOTHING_ANSWERED =
  'Nothing answered. Either something on the way dropped the packets, such as a packet filter. Or a listener is there whose queue of waiting connections is full: Linux then answers nothing.'

export default {
  title: 'The wildcard address',
  summary: 'Which addresses does a listener on 0.0.0.0 take, and is :: the same for IPv6?',
  acts: {
    document: {
      title: 'server6 on 0.0.0.0',
      intro:
        '0.0.0.0 is the wildcard address of IPv4. It is the address of no machine: a listener on it takes clients at every IPv4 address that its machine has. server6 listens on it, server4 asks for 127.0.0.2 with the same port, and then a client dials 127.0.0.2. 127.0.0.2 is a loopback address: it leads back to this machine.',
      checks: {
        'refusal-beside-a-wildcard-listener-has-errno-99': {
          question:
            'server6 has 0.0.0.0, and server4 asks for 127.0.0.2 with the same port. Which error number does server4 get?',
          outcomes: {
            'errno-98': {
              choice: '98: EADDRINUSE, the address is in use.',
              seen: ({ server4 }) => refused(server4),
              why: 'Node writes the number with a minus sign. 127.0.0.2 is one of the addresses that server6 has taken by its wildcard. So it is in use, and that is number 98 on Linux. The document cafe prints a traceback with errno 99 here. That is wrong for Linux. 99 is EADDRNOTAVAIL: this machine does not have the address at all. Lab 05 shows when that error comes, and what other systems do.',
            },
            'errno-99': {
              choice: '99: EADDRNOTAVAIL, this machine has no such address.',
              seen: ({ server4 }) => refused(server4),
              why: 'The error says that 127.0.0.2 is no address of this machine. Linux counts all of 127.0.0.0/8 as its own while the loopback interface has 127.0.0.1/8.',
              expectedBecause:
                'The document cafe prints errno 99 at this place. But 127.0.0.2 is an address of this machine. It is in use, and it is not missing.',
            },
            'it-listens': {
              choice: 'None: server4 listens.',
              seen: ({ server4 }) => listens(server4),
              why: 'Either this system lets a specific address stand beside the wildcard address, or both sockets have SO_REUSEPORT, with which several may listen on one address and port.',
              expectedBecause:
                '127.0.0.2 and 0.0.0.0 look like two addresses, and two addresses can share a port. On Linux a wildcard listener has all of them.',
            },
          },
        },
        'client-of-127-0-0-2-reaches-a-wildcard-listener': {
          question: 'server6 listens on 0.0.0.0. What happens to a client that dials 127.0.0.2?',
          outcomes: {
            server6: {
              choice: 'It is connected to server6.',
              seen: ({ client }) => came(client),
              why: 'The SYN, the packet that asks for a connection, carries the address 127.0.0.2. The kernel looks for a listener on that address and port first, and then for one on the wildcard address. It found server6.',
            },
            server4: {
              choice: 'It is connected to server4.',
              seen: ({ client }) => came(client),
              why: 'server4 had 127.0.0.2 itself, beside the wildcard address of server6. A listener on exactly the address that the client dialled comes before one on the wildcard address.',
              expectedBecause:
                '127.0.0.2 is the address that server4 asked for. But a refused server has no socket that listens, and so it gets no clients.',
            },
            ECONNREFUSED: {
              choice: 'It is refused.',
              seen: ({ client }) => came(client),
              why: 'No listener had this address and port, and none had the wildcard address. So the kernel answered the SYN, the packet that asks for a connection, with a reset, the packet that says no.',
              expectedBecause:
                'server6 was never told about 127.0.0.2. It does not have to be: 0.0.0.0 stands for every IPv4 address of the machine.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ client }) => came(client),
              why: NOTHING_ANSWERED,
              expectedBecause:
                'An address that nobody set up looks like a host that is not there. But 127.0.0.2 is an address of this very machine.',
            },
          },
        },
        'accepted-socket-has-the-address-that-the-client-dialled': {
          question:
            'accept gives server6 a new socket for its client. Which address does this socket have at the end of server6?',
          outcomes: {
            'the-dialled-address': {
              choice: '127.0.0.2, the address that the client dialled.',
              seen: ({ client: { seenByServer } }) =>
                `The socket that accept gave to server6 has ${shown(seenByServer?.local)} at its own end, and ${shown(seenByServer?.peer)} at the other.`,
              why: 'A connection has one address and one port at each end. The wildcard address stands for many, so it cannot be one of the two. Answers must come from the address that the client dialled, or the client would not know them for answers. So a server on 0.0.0.0 can ask each accepted socket which of its addresses was meant.',
            },
            'another-address': {
              choice: '0.0.0.0, the address of the listener.',
              seen: ({ client: { seenByServer } }) =>
                `The socket that accept gave to server6 has ${shown(seenByServer?.local)} at its own end, and ${shown(seenByServer?.peer)} at the other.`,
              why: 'The program reported another address for its end than the one that the client dialled. Something between the two has changed the address of the packets, as a packet filter can.',
              expectedBecause:
                'The new socket comes from the listener, so it might have the address of the listener. The port it does have. The address is the one in the packets.',
            },
            'not-accepted': {
              choice: 'None: there is no such socket.',
              seen: ({ client }) => came(client),
              why: 'A program that has accepted no client has no socket for one.',
            },
          },
        },
      },
    },

    wholeBlock: {
      title: 'Hundreds of addresses, one listener',
      intro:
        'The block 127.0.0.0/8, which is every address that begins with 127, has more than 16 million addresses. The program address-counter listens once, on 0.0.0.0. The program sampler dials 300 addresses all over the block, the same ones in every run. Then address-counter says at how many addresses of its own clients came. At the end the routing table is asked which addresses belong to this machine.',
      checks: {
        'wildcard-listener-takes-hundreds-of-loopback-addresses': {
          question: 'Nobody set up these 300 addresses. At how many of them does the listener answer?',
          outcomes: {
            all: {
              choice: 'At all of them.',
              seen: ({ sampled, counted }) =>
                `${sample(sampled)} The server counted ${(counted.value as { addresses: number }).addresses} different addresses, with 127.0.0.1, which sampler had dialled first.`,
              why: 'One socket is enough for all of them, as its address is the wildcard. That they are addresses of this machine is due to one route, which makes the whole block local. The document cafe says that all of the 16 million addresses work like 127.0.0.2. A sample cannot prove that. Lab 03 looks at the last one, 127.255.255.255, which can be bound and cannot be dialled.',
            },
            some: {
              choice: 'At some of them.',
              seen: ({ sampled }) => sample(sampled),
              why: 'Packets for some of these addresses do not come back to this machine, or something here refuses them.',
              expectedBecause:
                'A machine usually answers at the addresses that its interfaces were given. For the loopback block of Linux one route covers all.',
            },
            none: {
              choice: 'At none but 127.0.0.1.',
              seen: ({ sampled }) => sample(sampled),
              why: 'Either the listener has one specific address, and not the wildcard. Or this machine has 127.0.0.1 alone, as macOS does until more are added.',
              expectedBecause:
                '127.0.0.1 is the loopback address that everybody knows. On Linux it is one of some 16 million.',
            },
          },
        },
        'routing-table-has-a-line-for-each-loopback-address': {
          question: 'If they answer: how many lines does the routing table have for these 300 addresses?',
          outcomes: {
            'one-for-the-block': {
              choice: 'One line for the whole block.',
              seen: ({ routes }) =>
                `The table of local addresses has these lines for the block: ${localRoutes(routes).join(', ')}.`,
              why: '127.0.0.0/8 means every address whose first 8 bits are those of 127. The kernel added this line when the loopback interface got 127.0.0.1/8. A line for 127.0.0.1 itself is there, too. Where several lines fit, the most exact one counts. So the document cafe guesses right: nowhere is there a table of 16 million addresses.',
            },
            'one-for-each': {
              choice: 'One line for each address.',
              seen: ({ sampled, routes }) =>
                `The table of local addresses has ${localRoutes(routes).length} lines for the block, and ${tallyOf(sampled).dialled} addresses were dialled.`,
              why: 'Each of these addresses was given to an interface of this machine by itself.',
              expectedBecause:
                'The kernel must know somehow that each of them is local. But a line can stand for a block: it is compared with the first bits of an address.',
            },
            'addresses-do-not-work': {
              choice: 'None: the addresses do not answer.',
              seen: ({ sampled }) => sample(sampled),
              why: 'None of them had a listener. So the table does not say why they work, because they do not.',
            },
          },
        },
      },
    },

    anotherHost: {
      title: 'From another host',
      intro:
        'An interface is what connects a machine to a network: loopback leads back to the machine itself, and an Ethernet card leads to others. This act makes a network of its own, with a second host on a virtual wire. A listener is on 0.0.0.0 on the first host. A client on the second host dials the address at which the wire ends here, and a client on this host dials 127.0.0.1.',
      checks: {
        'wildcard-listener-is-reached-through-every-interface': {
          question: 'The listener is on 0.0.0.0. Which of the two clients reaches it?',
          outcomes: {
            'every-interface': {
              choice: 'Both.',
              seen: bothClients,
              why: 'The document dialogue says that 0.0.0.0 means all network interfaces, and this is so. To be exact, a listener takes addresses and not interfaces. With the wildcard address it takes every IPv4 address that the machine has, and each interface brings some. Addresses that the machine gets later count as well.',
            },
            'loopback-only': {
              choice: 'Only the one on this host.',
              seen: bothClients,
              why: 'The listener has a loopback address, and packets for one never come over a wire.',
              expectedBecause:
                'During development a server is dialled from its own machine, and so it seems to be there for this machine only. On 0.0.0.0 it is there for all.',
            },
            'wire-only': {
              choice: 'Only the one on the other host.',
              seen: bothClients,
              why: 'The listener has the address on the wire, or 127.0.0.1 does not work here.',
              expectedBecause:
                'Loopback looks like something apart from the network. For a listener on 0.0.0.0 its addresses are addresses like any other.',
            },
            neither: {
              choice: 'Neither.',
              seen: bothClients,
              why: 'Nobody listened on this port.',
              expectedBecause:
                '0.0.0.0 looks like no address at all. As the address of a listener it means any of the machine.',
            },
          },
        },
      },
    },

    ofIPv6: {
      title: 'The wildcard address of IPv6',
      intro:
        'An IPv6 address has eight groups of four hexadecimal digits. A listener is told to take eight zeros, and one client comes over IPv6, to ::1, and one over IPv4, to 127.0.0.1. Then it gives way to a listener on 0.0.0.0, and the same two clients come again.',
      checks: {
        'eight-zeros-are-the-address-that-is-written-as-two-colons': {
          question: 'The listener was told 0:0:0:0:0:0:0:0. Which address does the system have for it?',
          outcomes: {
            'the-same': {
              choice: ':: (the same address, written short).',
              seen: ({ eightZeros }) => `Told 0:0:0:0:0:0:0:0, ${listens(eightZeros)}`,
              why: 'In a written IPv6 address two colons may stand once for as many groups of zeros as are missing (RFC 4291). Nothing else is there here, so :: is eight times zero. The kernel keeps 16 bytes, all of them 0, and knows nothing of how they were written. The document cafe says so too.',
            },
            'another-address': {
              choice: 'Another address.',
              seen: ({ eightZeros }) => (eightZeros.error ? refused(eightZeros) : listens(eightZeros)),
              why: 'The system has another address for this listener than the program was told.',
              expectedBecause:
                'The two texts have nothing in common to the eye. They are two ways to write the same 16 bytes.',
            },
          },
        },
        'client-of-the-ipv6-loopback-address-comes-from-that-address': {
          question: 'A client dials ::1. From which address does the server see it come?',
          outcomes: {
            'from-that-address': {
              choice: 'From ::1 as well.',
              seen: ({ v6ToV6: { seenByServer } }) =>
                `The server accepted a connection to ${shown(seenByServer?.local)}, and saw the client as ${shown(seenByServer?.peer)}.`,
              why: '::1 is the loopback address of IPv6, as the document cafe says. It is the only one: where IPv4 has a block of 16 million, IPv6 has a single address. The packet came from this machine, went to this machine, and had the same address at both ends. The port tells the ends apart.',
            },
            'from-another': {
              choice: 'From another address of this machine.',
              seen: ({ v6ToV6: { seenByServer } }) =>
                `The server accepted a connection to ${shown(seenByServer?.local)}, and saw the client as ${shown(seenByServer?.peer)}.`,
              why: 'The client was given another address than the one that it dialled, or had chosen it itself.',
              expectedBecause:
                'On Linux a client that dials 127.0.0.2 comes from 127.0.0.1. For IPv6 the rule is to prefer the very address that is dialled, where the machine has it (RFC 6724).',
            },
            'not-accepted': {
              choice: 'It does not see it at all.',
              seen: ({ v6ToV6 }) => came(v6ToV6),
              why: 'No program accepted this client.',
            },
          },
        },
        'each-wildcard-address-takes-its-own-family-only': {
          question:
            'Listeners on the wildcard addresses :: and 0.0.0.0 are dialled over IPv6 and over IPv4. Which of them takes clients of which family?',
          outcomes: {
            'ipv6-takes-both': {
              choice: ':: takes both, and 0.0.0.0 takes IPv4 only.',
              seen: crossed,
              why: 'The document cafe calls :: the 0.0.0.0 of IPv6. That is half of it: :: stands for every IPv6 address of the machine, and here it stands for every IPv4 address as well. It does so unless the option IPV6_V6ONLY is set, and libuv, the library below Node, switches it off. The other way round there is no such thing, as an IPv4 socket has no room for an IPv6 address.',
            },
            'its-own-family': {
              choice: 'Each takes its own family only.',
              seen: crossed,
              why: 'The listener on :: has the option IPV6_V6ONLY, or this system knows no other way, as OpenBSD.',
              expectedBecause:
                'The two addresses look like the same thing in two families, and the document cafe says it. But an IPv6 socket on :: also takes IPv4, unless it is told not to.',
            },
            'both-take-both': {
              choice: 'Both take both.',
              seen: crossed,
              why: 'An IPv4 socket cannot take an IPv6 client. So the second listener was not an IPv4 socket on 0.0.0.0.',
              expectedBecause:
                'Wildcard sounds like everything. But it stands for every address of a family, and only the socket of IPv6 takes the other family too.',
            },
          },
        },
      },
    },

    lateOption: {
      title: 'The option that comes too late',
      intro:
        'IPV6_V6ONLY is the option that makes a socket on :: take IPv6 only. Node sets it before it binds the socket, and offers no other order. So this act uses Python, which makes the same system calls one by one. late-option binds :: with the option off, tries to switch it on, and listens. Then a client comes over IPv4.',
      checks: {
        'ipv6only-can-be-set-after-bind': {
          question: 'The socket is bound to ::. Can it still be given IPV6_V6ONLY?',
          outcomes: {
            EINVAL: {
              choice: 'No: EINVAL, an invalid argument.',
              seen: ({ late, overIPv4 }) =>
                `After bind setsockopt answered EINVAL to process ${late.pid}. ${came(overIPv4)}`,
              why: 'bind decides what a socket takes, and checks there that nobody else has it. With the option the socket would have taken less. Linux does not change that afterwards: it refuses the option on every socket that has a port. So the socket still takes IPv4. The document cafe is right: the option must be given before bind. In Node it is a field of listen, ipv6Only, and it always comes in time.',
            },
            'no-effect': {
              choice: 'The call succeeds, and changes nothing.',
              seen: ({ late, overIPv4 }) => `setsockopt of process ${late.pid} succeeded. And yet: ${came(overIPv4)}`,
              why: 'This system takes the option at any time, and looks at it only when it binds a socket.',
              expectedBecause:
                'Many options can be set at any time. This one belongs to the address that is bound, and Linux refuses it afterwards.',
            },
            set: {
              choice: 'Yes, and from then on it takes IPv6 only.',
              seen: ({ late, overIPv4 }) => `setsockopt of process ${late.pid} succeeded. ${came(overIPv4)}`,
              why: 'The socket had the option when the client came. Either it had been set before bind, or this system lets it be set later.',
              expectedBecause:
                'The socket does not listen yet, so there seems to be time. But bind has already told the kernel what the socket will take.',
            },
          },
        },
      },
    },
  },
  remember: [
    'A listener on 0.0.0.0 takes every IPv4 address of its machine: each loopback address, and those at which other hosts reach it.',
    'An accepted socket has the address that its client dialled. The wildcard address stands for many, so no end of a connection has it.',
    'On Linux one route makes all of 127.0.0.0/8 local. No table lists its addresses.',
    'The address :: is eight zeros. It takes IPv4 as well, unless IPV6_V6ONLY is set before bind.',
  ],
} satisfies Narration<typeof lab>
