import { formatEndpoint, listingName, openRows } from '../../harness/lab.ts'
import type { Listed, Narration, Said, Started } from '../../harness/lab.ts'
import type lab from './lab.ts'
import { heardBy, inWords, peersOf, succeeded, told } from './names.ts'
import type { Endpoint } from './names.ts'

/** What a socket answers to getsockname(2) and getpeername(2). */
const names = (said: Said) => {
  const { own, peer } = told(said)
  return `getsockname answered ${inWords(own)}, and getpeername ${inWords(peer)}`
}

const beforeAndAfter = (before: Said, call: string, after: Said) =>
  `Before ${call}: ${names(before)}. After it: ${names(after)}.`

const came = (outcome: string) => (outcome === 'ok' ? 'worked' : `was refused with ${outcome}`)

const cameTo = (said: Said) => came(told(said).outcome)

const accepted = ({ connected, accepted: one, listener }: Record<'connected' | 'accepted' | 'listener', Said>) =>
  `At the socket that accept returned ${names(one)}. At the client ${names(connected)}. At the listener ${names(listener)}.`

/** The LISTEN row of the listing, as the tables show a socket with any peer. */
const listenerRow = (listed: Listed) =>
  openRows(listed).length === 1
    ? `In ${listingName(listed)} the listener's row has no peer.`
    : `${openRows(listed).length} rows are open in ${listingName(listed)}.`

/** The server's sockets, and what each has read: its client wrote its own end. */
const socketsOfOnePort = (heard: Said) => {
  const sockets = heardBy(heard).map(
    ({ own, peer, text }) => `one is ${inWords(own)} with the peer ${inWords(peer)}, and read what ${text} wrote`,
  )
  return `Of the server's connections ${sockets.join('; ')}.`
}

const asked = (own: Endpoint, port: number, again: Said) =>
  `To connect once more from ${formatEndpoint(own)} to 127.0.0.1:${port} ${cameTo(again)}. One such connection was there.`

const sawClients = (heard: Said) =>
  heardBy(heard)
    .map(({ own, peer }) => `its own end ${inWords(own)} with the peer ${inWords(peer)}`)
    .join(', and ')

const byNameSaw = (own: Endpoint, heard: Said, againByName: Said) =>
  `To dial localhost from port ${own.port}, from which 127.0.0.1 had been dialled before, ${cameTo(againByName)}. Of the first two connections one had been dialled as 127.0.0.1 and one as localhost. The server saw ${sawClients(heard)}.`

const twoPeers = (own: Endpoint, elsewhere: Said, listed: Listed) =>
  `To connect to the other server ${cameTo(elsewhere)}. In ${listingName(listed)} ${formatEndpoint(own)} has the peers ${peersOf(listed).map(formatEndpoint).join(' and ')}.`

const tried = (name: string, said: Said) => {
  const { send, receive } = told(said)
  return `On the ${name} sending ${came(send)}, and receiving ${came(receive)}.`
}

const tcpTried = (fresh: Said, listener: Said) => `${tried('fresh socket', fresh)} ${tried('listener', listener)}`

type Life = { program: Started; ended: Said; rival: Said; again: Said }

const could = (said: Said) => (succeeded(said) ? 'could be bound' : 'could not be bound')

const because = (said: Said) => (succeeded(said) ? '' : ` (${told(said).outcome})`)

/** What became of a socket after the end of its connection. */
const life = ({ program, ended, rival, again }: Life) =>
  `When the connection from ${program.local ? formatEndpoint(program.local) : 'nowhere'} had ended, another socket ${could(rival)} there${because(rival)}. Its own socket (process ${program.pid}) ${could(again)} to a new port${because(again)}. Right after the end ${names(ended)}.`

const moreOf = (atOnce: Said, later: Said) =>
  `To connect it again ${cameTo(atOnce)}. After a disconnect that ${cameTo(later)}, and its own end was ${inWords(told(later).own)}.`

const ENDPOINT = 'An address and a port together are called an endpoint.'

const FOUR =
  "The own endpoint and that of the peer are four values: two addresses and two ports. They are called the connection's four-tuple."

const FITS_TWO =
  'Otherwise each packet from the server would fit two sockets, and the kernel could not tell whose it is.'

const FREE_PORT =
  'When a client does not choose its port, the kernel chooses one with which the four-tuple is a new one.'

const HEADERS =
  'connect(2) takes an address. The name has been turned into one before that, in the client. The headers of a packet have room for two addresses and two ports, and for no name.'

const EISCONN =
  'But connect alone is refused with EISCONN: the socket still counts as one that was connected. It has to be disconnected first, by a connect to an address of the family AF_UNSPEC, which means no address.'

export default {
  title: 'The four-tuple: what a socket is bound to',
  summary:
    'What is a socket bound to before and after each call? May two have one four-tuple? What is left of it at the end?',
  acts: {
    callByCall: {
      title: 'Call by call',
      intro:
        'A server and a client are written as in a textbook, in Python, and stop after each system call. Two more calls ask what the socket has by then: getsockname(2) for its own address and port, getpeername(2) for those of its peer, the other side. Both programs use 127.0.0.1, the loopback address, by which a machine talks to itself.',
      checks: {
        'bind-gives-a-socket-its-own-end': {
          question: 'The server has called socket and bind, and nothing else. What does its socket have?',
          outcomes: {
            'own-end': {
              choice: 'An address and a port of its own, and no peer.',
              seen: ({ fresh, bound }) => beforeAndAfter(fresh, 'bind', bound),
              why: `${ENDPOINT} A fresh socket exists in the kernel and has none: 0.0.0.0 and port 0 stand for that. bind(2) gives it its own. It has no peer, so getpeername comes back with ENOTCONN, not connected. The document tuple says so: a bound socket is an address and a port, with any peer.`,
            },
            'both-ends': {
              choice: 'Both: its own address and port, and those of a peer.',
              seen: ({ fresh, bound }) => beforeAndAfter(fresh, 'bind', bound),
              why: 'This socket had been connected as well.',
              expectedBecause:
                'A socket is often drawn as one end of a line, with somebody at the other end. A server binds long before it has met anybody.',
            },
            nothing: {
              choice: 'Nothing: the address counts from listen on.',
              seen: ({ fresh, bound }) => beforeAndAfter(fresh, 'bind', bound),
              why: 'bind did not give the socket an address.',
              expectedBecause:
                'The usual listings do not show the socket before it listens, and no client reaches it. But the address is given, and another bind can already be refused for it.',
            },
          },
        },
        'connect-gives-a-socket-both-ends': {
          question: 'The client has called socket and connect, and never bind. What does its socket have?',
          outcomes: {
            'both-ends': {
              choice: 'Both: its own address and port, and those of the server.',
              seen: ({ unbound, connected }) => beforeAndAfter(unbound, 'connect', connected),
              why: `connect(2) names the server's endpoint. Before it sends anything, the kernel gives the socket its own one: the address from which the server is reached, and a port that no connection to this server has. Without that the server would not know where to answer. ${FOUR}`,
            },
            'other-end': {
              choice: 'Those of the server only.',
              seen: ({ unbound, connected }) => beforeAndAfter(unbound, 'connect', connected),
              why: 'The socket has a peer, and no port of its own to which the peer could answer.',
              expectedBecause:
                "The program names only the server's address. Its own was chosen by the kernel, and nobody told the program.",
            },
            'own-end': {
              choice: 'Only its own.',
              seen: ({ unbound, connected }) => beforeAndAfter(unbound, 'connect', connected),
              why: 'The socket was bound, and is not connected.',
            },
          },
        },
        'accept-gives-the-client-as-peer-to-a-new-socket': {
          question: "The server calls accept. Which of its sockets has the client's address and port as its peer then?",
          outcomes: {
            'a-new-socket': {
              choice: 'A new one. The listener has no peer, as before.',
              seen: (evidence) => `${accepted(evidence)} ${listenerRow(evidence.listed)}`,
              why: 'accept(2) returns a new socket for the connection. What is its own end is the peer at the client, and the other way round: both have the same four-tuple, seen from two sides. The listener stays as it was, bound to one address and port, for the next client from anywhere.',
            },
            'the-listener': {
              choice: 'The listener.',
              seen: (evidence) => accepted(evidence),
              why: 'The descriptor of the listener leads to a connected socket here. Nobody listens any more.',
              expectedBecause:
                'The client dialled the address of the listener, so the two seem to be joined. Then a server could have one client in its life.',
            },
          },
        },
      },
    },

    fourTuples: {
      title: 'The same four values again',
      intro:
        'Two servers listen on two ports. A client connects to the first one from a port that it has chosen. Then it dials the same server by the name localhost, from a port that the system chooses. On each connection it writes from where that comes. At last it takes its chosen port three times more: it dials the same server, the same server by its name, and the other server. Its sockets have SO_REUSEADDR, so that bind(2) lets them share a port.',
      checks: {
        'sockets-of-one-port-differ-in-the-peer': {
          question:
            'The first server has a listener and two connections. In what do the sockets of its two connections differ?',
          outcomes: {
            'in-the-peer': {
              choice: 'In their peers.',
              seen: ({ heard }) => socketsOfOnePort(heard),
              why: "Both have the server's address and port. The kernel reads four values in each packet that comes, and gives it to the socket that has the same four. So each socket hears its own client, and the port alone names none of them. The document harbour says that a port is its number, and that a socket is more than that. The document tuple goes further at one place: it calls a port a programming interface, and that interface a socket. These are two things. A socket is the object on which programs call send and recv. A port is a number that stands in its address, and in the addresses of others.",
            },
            'in-the-port': {
              choice: 'In their own ports: each connection gets a new one.',
              seen: ({ heard }) => socketsOfOnePort(heard),
              why: "The sockets of these connections do not have the listener's port.",
              expectedBecause:
                'Many texts say that the server goes on at another port with each client. The server gets a new socket for it, with the same port.',
            },
            'in-nothing': {
              choice: 'In nothing but their descriptors.',
              seen: ({ heard }) => socketsOfOnePort(heard),
              why: 'Two sockets have the same four values here.',
              expectedBecause: 'Both clients are on the same machine, and have the same address. Their ports differ.',
            },
          },
        },
        'one-four-tuple-can-be-had-twice': {
          question: 'From its chosen port the client dials the same server once more. What does it get?',
          outcomes: {
            connected: {
              choice: 'A second connection.',
              seen: ({ own, port, again }) => asked(own, port, again),
              why: 'The second connection had another four-tuple: some of the four values were not the same.',
              expectedBecause:
                'bind(2) has let the second socket have the port, so all seems well. At that time the peer was not known yet.',
            },
            EADDRNOTAVAIL: {
              choice: 'EADDRNOTAVAIL: the address cannot be had.',
              seen: ({ own, port, again }) => asked(own, port, again),
              why: `${FOUR} With connect(2) all four are known. Linux looks among the connections that it has, and refuses a second one with the same four. ${FITS_TWO} ${FREE_PORT} So the document tuple is right where it speaks of connections: no two have the same four-tuple. Listeners can share an address and port, with SO_REUSEPORT, and so can UDP sockets. A listener has no peer, and a UDP socket needs none.`,
            },
            EADDRINUSE: {
              choice: 'EADDRINUSE: the address is in use.',
              seen: ({ own, port, again }) => asked(own, port, again),
              why: `The pair of endpoints is in use. ${FITS_TWO}`,
              expectedBecause:
                'That is the usual name for such a thing, and POSIX gives it to connect as well. Linux has it for bind, and another one for connect.',
            },
          },
        },
        'host-name-makes-it-another-connection': {
          question:
            'Again from the chosen port, it dials the same server by the name localhost. What does it get this time?',
          outcomes: {
            connected: {
              choice: 'A second connection: the name tells it from the first one.',
              seen: ({ own, heard, againByName }) => byNameSaw(own, heard, againByName),
              why: 'The second connection had another own port, or another address.',
              expectedBecause: `The document tuple says that between particular hosts a name is needed as a third part, and a web server does know by which name it was called. ${HEADERS}`,
            },
            EADDRNOTAVAIL: {
              choice: 'EADDRNOTAVAIL: the address cannot be had.',
              seen: ({ own, heard, againByName }) => byNameSaw(own, heard, againByName),
              why: `${HEADERS} So to the kernel it is the same connection again, and the server cannot see who dialled which name. The document tuple says that between particular hosts a connection needs the host name as a third part. It does not, and where a server knows the name, the client has written it: HTTP sends it in the line Host, and TLS when it begins.`,
            },
            EADDRINUSE: {
              choice: 'EADDRINUSE: the address is in use.',
              seen: ({ own, heard, againByName }) => byNameSaw(own, heard, againByName),
              why: `${HEADERS} So it is the same pair of endpoints again, and that is in use.`,
            },
          },
        },
        'one-own-end-can-have-two-peers': {
          question: 'Again from the chosen port, it dials the other server. What does it get there?',
          outcomes: {
            connected: {
              choice: 'A connection, beside the first one.',
              seen: ({ own, elsewhere, listed }) => twoPeers(own, elsewhere, listed),
              why: "Three of the four values are the same, and one is not: the server's port. That is enough. So a client's port can serve as many connections as there are servers, and two sockets can have one address and one port.",
            },
            EADDRNOTAVAIL: {
              choice: 'EADDRNOTAVAIL: the address cannot be had.',
              seen: ({ own, elsewhere, listed }) => twoPeers(own, elsewhere, listed),
              why: 'There was already a connection with the same four values.',
              expectedBecause:
                'The port is taken by the first connection. But what is taken is the four-tuple, and here it is a new one.',
            },
            EADDRINUSE: {
              choice: 'EADDRINUSE: the address is in use.',
              seen: ({ own, elsewhere, listed }) => twoPeers(own, elsewhere, listed),
              why: 'bind(2) refused the port, because one of the two sockets lacked SO_REUSEADDR, or one of them listened.',
              expectedBecause:
                'That is what a program gets that does not ask for SO_REUSEADDR. These sockets have asked.',
            },
          },
        },
      },
    },

    notConnected: {
      title: 'Without a connection',
      intro:
        'Nobody connects here. A program tries to send and to receive on a fresh TCP socket, and on one that listens. Then it takes a UDP socket that was never bound, sends a datagram to a receiver, and waits for the answer.',
      checks: {
        'tcp-socket-sends-and-receives-without-a-connection': {
          question: 'What works on a TCP socket that is fresh, or that listens?',
          outcomes: {
            neither: {
              choice: 'Neither sending nor receiving.',
              seen: ({ fresh, listener }) => tcpTried(fresh, listener),
              why: 'TCP carries bytes between the two ends of a connection, and these sockets have none. On Linux a send is refused with EPIPE, broken pipe, and a receive with ENOTCONN, not connected. (A program in C gets the signal SIGPIPE as well, and ends unless it ignores that.) A listener does no better: what its clients send goes to the sockets that accept returns. For TCP the document tuple is right: read and write come after accept or connect.',
            },
            both: {
              choice: 'Both.',
              seen: ({ fresh, listener }) => tcpTried(fresh, listener),
              why: 'These sockets were connected.',
              expectedBecause:
                'A file can be read and written as soon as it is open. A socket is only half of something.',
            },
            'one-of-the-two': {
              choice: 'One of the two: some of it can be done beforehand.',
              seen: ({ fresh, listener }) => tcpTried(fresh, listener),
              why: 'One of these sockets was connected, or this system keeps the bytes until there is a connection.',
              expectedBecause:
                'The kernel has buffers, so it could keep what is written until there is a peer. It does not take anything before.',
            },
          },
        },
        'udp-socket-sends-and-receives-without-a-connection': {
          question: 'And what works on a UDP socket that was never bound and never connected?',
          outcomes: {
            both: {
              choice: 'Both sending and receiving.',
              seen: ({ udp }) => `${tried('UDP socket', udp)} Afterwards ${names(udp)}.`,
              why: 'UDP has no connections. Each datagram is told its destination, by sendto, and says from where it comes, to recvfrom. With the first one that it sends the socket gets a port of its own. So the answer finds it, though it has no peer. The document tuple says that a socket is read and written only after accept or connect. It does not say that it means TCP. accept cannot be called on a UDP socket at all, and connect may be.',
            },
            neither: {
              choice: 'Neither sending nor receiving.',
              seen: ({ udp }) => tried('UDP socket', udp),
              why: 'This system wanted the socket to be connected, or bound.',
              expectedBecause: 'For TCP it is so, and the document tuple says it of all sockets.',
            },
            'one-of-the-two': {
              choice: 'One of the two: it can send, and no answer reaches it.',
              seen: ({ udp }) => tried('UDP socket', udp),
              why: 'The receiver did not answer, or the answer did not come through.',
              expectedBecause:
                'A socket that was never bound seems to have no address for an answer. The kernel gives it one when it sends.',
            },
          },
        },
      },
    },

    afterwards: {
      title: 'The same socket, after its connection',
      intro:
        'Three clients connect. The first one has chosen its port with bind. The second one has bound port 0, by which the system chooses. The third one has not bound at all. The server closes, and each client ends its side too: both sides have sent a FIN, the packet that says that nothing more comes. But the clients do not close their descriptors. So each socket is still there, without a connection. Then another socket tries to bind the same address and port, and the old one is bound to a new port.',
      checks: {
        'port-that-a-program-chose-is-free-after-the-connection': {
          question: 'The connection of the first client has ended. Is the port that it had chosen free again?',
          outcomes: {
            free: {
              choice: 'Yes. The socket must be bound again.',
              seen: ({ chosen, atOnce, later }) => `${life(chosen)} ${moreOf(atOnce, later)}`,
              why: 'When the connection had ended, the kernel took the port back, though the socket was there.',
              expectedBecause:
                'The document tuple says that the address belongs to the socket until its connection ends. It does not tell the two cases apart: a port that the program chose, and one that the system chose.',
            },
            kept: {
              choice: 'No. The socket keeps it.',
              seen: ({ chosen, atOnce, later }) => `${life(chosen)} ${moreOf(atOnce, later)}`,
              why: `Linux remembers that the program itself asked for this port. Such a port belongs to the socket until it is closed. So another socket that wants it is refused with EADDRINUSE. This socket is still bound, and to bind it a second time is an error, EINVAL. The document tuple says that the socket must be bound again. It need not, and it cannot. It can connect again from the same port. ${EISCONN}`,
            },
          },
        },
        'port-that-the-system-chose-is-free-after-the-connection': {
          question: 'And the ports of the other two, which the system had chosen?',
          outcomes: {
            free: {
              choice: 'They are free.',
              seen: ({ portZero, unbound }) => `${life(portZero)} ${life(unbound)}`,
              why: 'Nobody asked for these very numbers. So Linux takes such a port back as soon as the connection has ended, and does not wait until the socket is closed. getsockname still answers with the old port. That is only what was left in the socket: another one has bound it meanwhile. And the old socket can be bound anew. Here the document tuple is right.',
            },
            kept: {
              choice: 'The sockets keep them.',
              seen: ({ portZero, unbound }) => `${life(portZero)} ${life(unbound)}`,
              why: 'These ports had been chosen by the programs, or this system leaves a socket its port in any case.',
              expectedBecause:
                'The socket is still there, and getsockname still names the port. But that answer is out of date.',
            },
          },
        },
      },
    },
  },
  remember: [
    'bind gives a socket its own address and port. connect gives it these, if it has none, and those of its peer.',
    'A connection is known by four values: two addresses and two ports. One that differs is enough. A host name is none of them.',
    'accept returns a new socket with the same own address and port. The listener never has a peer.',
    'After a connection Linux takes back a port that the system chose. One that the program chose stays with the socket.',
  ],
} satisfies Narration<typeof lab>
