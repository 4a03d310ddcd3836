import { formatEndpoint } from '../../harness/lab.ts'
import type { Connected, Narration, Said, Started } from '../../harness/lab.ts'
import { askedFor } from './asked-for.ts'
import type lab from './lab.ts'

const end = ({ local }: Started) => (local ? formatEndpoint(local) : 'no address')

const listens = (started: Started) => `${started.program} (process ${started.pid}) listens on ${end(started)}.`

/** Some of Node's messages are sentences with a full stop of their own. */
const refused = ({ program, pid, outcome, error }: Started) =>
  `${program} (process ${pid}) was refused with ${outcome}${error ? `: ${error.message.replace(/\.$/, '')}` : ''}.`

/** A range of ports in words: `32768 to 60999`. */
const words = (range: [number, number] | null) => (range ? `${range[0]} to ${range[1]}` : 'unknown')

/** Which ports the clients got, and from where this system takes them. */
const clients = (first: Started, second: Started, range: [number, number] | null) =>
  `The clients had ${end(first)} and ${end(second)}. The range of this machine is ${words(range)}.`

/** From where the system takes the ports that it chooses, and one that it chose. */
const chosenFrom = (listener: Started, range: [number, number] | null) =>
  `The range of this machine is ${words(range)}. ${listens(listener)}`

/** `Asked for port 8081 and 65536 more, which is 73617, as-in-c.py (process 12) listens on 127.0.0.1:8081.` */
const inC = (program: Started | null, wanted: Said | null) => {
  if (!program || !wanted) return 'There was no such program.'
  const { port, more } = askedFor(wanted)
  return `Asked for port ${port} and ${more} more, which is ${port + more}, ${listens(program)}`
}

const dialled = ({ to }: Connected) => `The client that dialled ${formatEndpoint(to)}`

const RANGES =
  'IANA, which keeps the register of port numbers, has three ranges: system ports 0 to 1023, user ports 1024 to 49151, dynamic ports 49152 to 65535 (RFC 6335).'

const TUPLE_RANGES =
  'The document tuple counts 1024 among the well-known ports. It belongs to the next range. The document also says that the ports from 49152 up are the dynamic ones.'

export default {
  title: 'The ports of clients, and the ends of the range',
  summary: 'From which numbers do clients get their ports, and what are port 0 and port 65536?',
  acts: {
    twoClients: {
      title: 'Two clients that name no port',
      intro:
        "A listener has its port on 127.0.0.1, the loopback address: the one by which a machine talks to itself. Two clients dial it, one after the other, and stay connected. Each names the listener's address and port, and nothing else.",
      checks: {
        'client-can-get-any-port-from-1024-up': {
          question: 'A client has a port too. From which numbers did the two clients get theirs?',
          outcomes: {
            any: {
              choice: 'From 1024 to 65535, all of them.',
              seen: ({ first, second, ephemeralRange }) => clients(first, second, ephemeralRange),
              why: 'Somebody has opened the range of this machine as far as it goes. On Linux it is 32768 to 60999 unless it is changed.',
              expectedBecause:
                'The document dialogue names this range. The ports below 1024 are privileged: not every program may bind them. So it seems that clients get the rest. But a system keeps a smaller range for them, so that they do not take the ports of servers.',
            },
            narrower: {
              choice: 'From a smaller range, kept for clients.',
              seen: ({ first, second, ephemeralRange }) => clients(first, second, ephemeralRange),
              why: 'A client that names no port gets one from the kernel at connect(2). Such a port is called ephemeral, short-lived: it is lent for the time of the connection. Linux takes it from a range that is a setting, in /proc/sys/net/ipv4/ip_local_port_range. That keeps clients away from the numbers of most servers. The document dialogue says 1024 to 65535, which is also what RFC 6056 advises systems to use. The ports seen here are within that, but a client here gets none of the lower numbers.',
            },
            'outside-its-range': {
              choice: 'From 1024 up, but outside the range for clients.',
              seen: ({ first, second, ephemeralRange }) => clients(first, second, ephemeralRange),
              why: 'This is no number that the system would choose. The client chose it: it called bind(2) before connect(2).',
              expectedBecause:
                'A program may choose its port with bind. A client seldom does, and these clients named none.',
            },
            'below-1024': {
              choice: 'From the numbers below 1024.',
              seen: ({ first, second, ephemeralRange }) => clients(first, second, ephemeralRange),
              why: 'The range of this machine reaches down to the privileged ports, or the client chose its port.',
              expectedBecause:
                'The server has a well-known port, so its client might seem to need one as well. But only a port that must be found beforehand has to be well known.',
            },
          },
        },
        'connect-gives-a-socket-the-servers-address': {
          question: "What becomes of the listener's address and port in the socket of a client that connects to it?",
          outcomes: {
            'as-its-peer': {
              choice: 'It becomes the address of its peer.',
              seen: ({ first }) =>
                `The first client had ${end(first)} as its own end, and ${first.rows[0]?.peer ? formatEndpoint(first.rows[0].peer) : 'nothing'} as its peer.`,
              why: "A connection has two ends, and each socket of it keeps both. So connect(2) gives the client's socket two addresses. The one named in the call becomes that of its peer. The other one is its own, and the kernel chooses it: the address by the route to the peer, the port from the range. The document tuple says that connect gives the socket the address of the server. That is half of it.",
            },
            'as-its-own': {
              choice: 'It becomes its own address.',
              seen: ({ first }) => `The first client had ${end(first)} as its own end.`,
              why: 'The client chose the port of the listener for itself.',
              expectedBecause:
                "The document tuple says that a socket gets the address of the server through connect. But the server's socket has that address, and the client's packets must come from somewhere else, or the answers would not find back.",
            },
            'not-connected': {
              choice: 'Nothing: the client is not connected.',
              seen: ({ first }) => refused(first),
              why: 'No socket listened where the client dialled.',
            },
          },
        },
      },
    },

    portZero: {
      title: 'Port 0',
      intro: 'A listener is told to take port 0 of 127.0.0.1. It says which port it has.',
      checks: {
        'listener-that-is-told-port-zero-listens-there': {
          question: 'A listener is told port 0. On which port does it listen?',
          outcomes: {
            'port-zero': {
              choice: 'On port 0.',
              seen: ({ listener }) => listens(listener),
              why: 'This is not how bind(2) treats the number 0.',
              expectedBecause:
                'Port numbers are counted from 0, so 0 looks like the first of them. But in bind it means: any.',
            },
            'chosen-by-the-system': {
              choice: 'On one that the system chooses.',
              seen: ({ listener, ephemeralRange }) =>
                `Told port 0, ${listens(listener)} The range of this machine is ${words(ephemeralRange)}.`,
              why: 'To bind(2) the port 0 means: choose one for me. The choice is made from the range of the clients. The document dialogue counts the ports from 0 to 65535. The number 0 has its place in the packets, but with bind no socket can get it. The document tuple counts 65,535 ports, which leaves it out.',
            },
            'outside-its-range': {
              choice: 'On one that no client would get.',
              seen: ({ listener, ephemeralRange }) =>
                `${listens(listener)} The range of this machine is ${words(ephemeralRange)}.`,
              why: 'This is no number that the system would choose, so the program has chosen it itself.',
              expectedBecause:
                'A listener is no client, so it seems that it would get a number of another kind. But Linux has one range for both.',
            },
          },
        },
        'port-that-the-system-chooses-is-a-dynamic-one': {
          question: 'Which ports does this system lend to programs that name none?',
          outcomes: {
            dynamic: {
              choice: 'Dynamic ones alone, 49152 to 65535.',
              seen: ({ listener, ephemeralRange }) => chosenFrom(listener, ephemeralRange),
              why: `${RANGES} The range of this machine lies within the dynamic ports. ${TUPLE_RANGES} Here that is so.`,
              expectedBecause: `${RANGES} So the system should lend out dynamic ones. Linux has a range of its own, which begins lower.`,
            },
            registered: {
              choice: 'Lower ones too, such as 40000.',
              seen: ({ listener, ephemeralRange }) => chosenFrom(listener, ephemeralRange),
              why: `${RANGES} The last is meant for what a system lends out. But a system need not keep to it: the default of Linux is 32768 to 60999, more than half of it in the user ports. ${TUPLE_RANGES} This machine lends out others as well.`,
            },
            'outside-its-range': {
              choice: 'Ones from outside the range for clients.',
              seen: ({ listener, ephemeralRange }) => chosenFrom(listener, ephemeralRange),
              why: 'This is no number that the system would choose, so the program has chosen it itself.',
            },
          },
        },
      },
    },

    tooLarge: {
      title: 'A number too large',
      intro:
        'too-large asks Node to listen on a port that is 65536 above the one it is told. as-in-c does the same as a program in C would: it puts the number through htons(3), which C programs use to write a port into an address.',
      checks: {
        'node-listens-on-a-port-above-65535': {
          question: 'What does Node make of a port above 65535?',
          outcomes: {
            'refused-by-node': {
              choice: 'It refuses, before it asks the system for anything.',
              seen: ({ inNode }) => `${refused(inNode)} The error has no errno, and names no system call.`,
              why: 'Node looks at the number first. It throws at once, and no system call is made. There is no such port: in a packet a port number has 16 bits, so it ends at 65535. The document dialogue counts the ports from 0 to 65535, and that is where they end.',
            },
            'refused-by-the-system': {
              choice: 'It asks the system, and the system refuses.',
              seen: ({ inNode }) => refused(inNode),
              why: 'The error comes from a system call: it has an errno or names a call.',
              expectedBecause:
                'The system knows which ports there are. But it can never be asked for this one: the field for the port has 16 bits.',
            },
            listening: {
              choice: 'It listens, on some other port.',
              seen: ({ inNode }) => listens(inNode),
              why: 'The number was cut to the 16 bits that the field for a port has. Node does not do that, some other program did.',
              expectedBecause:
                'A number that does not fit may be cut, and that is what happens in C. Node checks instead.',
            },
          },
        },
        'port-above-65535-is-cut-to-its-low-16-bits-in-c': {
          question: 'And as-in-c, which uses htons: on which port does it listen?',
          outcomes: {
            'low-16-bits': {
              choice: 'On that number less 65536.',
              seen: ({ inC: program, wanted }) => inC(program, wanted),
              why: 'The argument of htons(3) has the type uint16_t. C turns a larger number into it by dropping all bits above the lowest 16, and the program meets no error. (A compiler may warn where the number stands in the source itself.) So 73616 is 8080, and 65616 is 80. The C program of the document dialogue writes its port with htons, so this would happen to it. Python itself checks the number, as Node does. This program goes around that: with ctypes it calls the htons of the C library itself.',
            },
            'another-port': {
              choice: 'On some other port.',
              seen: ({ inC: program, wanted }) => inC(program, wanted),
              why: 'The program did not bind the number that htons gave it.',
              expectedBecause:
                'A port that does not exist could be replaced by one of the choice of the system. But the system never sees the large number, only 16 bits of it.',
            },
          },
        },
      },
    },

    highestPort: {
      title: 'The highest port',
      intro:
        'A listener takes port 65535, in a network namespace: a network stack of its own, in which every port is free. A client dials it.',
      checks: {
        'client-reaches-a-listener-on-port-65535': {
          question: 'Does the client reach a listener on port 65535?',
          outcomes: {
            connected: {
              choice: 'Yes, it is connected.',
              seen: ({ client }) =>
                client.servedBy
                  ? `${dialled(client)} was accepted by ${client.servedBy.program} (process ${client.servedBy.pid}).`
                  : `${dialled(client)} was connected, though no program has accepted it.`,
              why: 'It is the largest number that 16 bits can hold, and a port like any other. Nobody had to make it first: the kernel keeps nothing for a port on which there is no socket. The document dialogue says so of all the ports: they are there, and opening one creates none.',
            },
            ECONNREFUSED: {
              choice: 'No, it is refused.',
              seen: ({ client }) => `${dialled(client)} was refused: ECONNREFUSED.`,
              why: 'No socket listened there. So the kernel answered the SYN, the packet that asks for a connection, with a reset, the packet that says no.',
              expectedBecause:
                'The last number of a range is often kept for something special, such as the last address of a network. The last port is not.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ client }) =>
                `${dialled(client)} heard nothing. It had to send its SYN, the packet that asks for a connection, once more.`,
              why: 'Something on the way dropped the packets, such as a packet filter.',
            },
          },
        },
      },
    },
  },
  remember: [
    'A client that names no port gets one from the kernel. On Linux it is from 32768 to 60999, unless the setting was changed.',
    'A socket that is connected has two addresses: its own, and the one of its peer.',
    'To bind, port 0 means: choose one for me. The highest port is 65535, because a port number has 16 bits.',
    'IANA has system ports up to 1023, user ports up to 49151, and dynamic ports above. A system may lend out others.',
  ],
} satisfies Narration<typeof lab>
