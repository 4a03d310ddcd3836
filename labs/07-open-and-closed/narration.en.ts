import { formatEndpoint, listingName } from '../../harness/lab.ts'
import type { Connected, Listed, Narration, Sent, Started } from '../../harness/lab.ts'
import { resetsSent, unreachablesSent } from './counters.ts'
import { hasRow } from './row-times.ts'
import type lab from './lab.ts'

const dialled = ({ to }: Connected) => `The client that dialled ${formatEndpoint(to)}`

const served = (client: Connected) =>
  client.servedBy
    ? `${dialled(client)} was accepted by ${client.servedBy.program} (process ${client.servedBy.pid}).`
    : `${dialled(client)} was connected, though no program has accepted it.`

const refused = (client: Connected) => `${dialled(client)} was refused: ECONNREFUSED.`

const silent = (client: Connected) =>
  `${dialled(client)} heard nothing. It had to send its SYN, the packet that asks for a connection, once more.`

/** What became of a client, in one sentence. */
const told = (client: Connected) => {
  if (client.outcome === 'connected') return served(client)
  return client.outcome === 'timed-out' ? silent(client) : `${dialled(client)} was not connected: ${client.outcome}.`
}

const sentTo = ({ to }: Sent) => `The datagram for UDP ${formatEndpoint(to)}`

/** Whether the three listings had a row, in the order in which they were asked. */
const rowsSeen = (bound: Listed, open: Listed, closed: Listed) => {
  const word = (listed: Listed) => (hasRow(listed) ? 'a row' : 'no row')
  const tools = [bound, ...bound.others].map(listingName).join(', ')
  return `While the socket was only bound, there was ${word(bound)}. While it listened, there was ${word(open)}. After its end there was ${word(closed)}. This is what was asked: ${tools}.`
}

const isBound = ({ program, pid, local }: Started) =>
  `${program} (process ${pid}) is bound to ${local ? formatEndpoint(local) : 'its address'}`

const count = (number: number, what: string) => `${number === 0 ? 'no' : number} ${what}${number === 1 ? '' : 's'}`

const RESET =
  'No socket listens there, so the kernel answered the SYN, the packet that asks for a connection, with a reset, the packet that says no (a TCP packet with the bit RST).'

const NOTHING_ANSWERED =
  'Nothing answered. Either something on the way dropped the packets, such as a packet filter, or a listener is there whose queue of waiting connections is full: Linux then answers nothing.'

const SILENCE_EXPECTED =
  'Nobody is there, so it seems that nobody can answer. But the kernel is there, and it answers for its ports. Silence is what a packet filter makes.'

const QUEUED =
  'Some socket listened there. The kernel completes a connection for it and puts it into its queue, whether or not the program ever accepts.'

export default {
  title: 'Open ports and closed ports',
  summary: 'What opens a port, what closes it, and what becomes of packets for a port that is closed?',
  acts: {
    twoPorts: {
      title: 'One open port and one closed port',
      intro:
        'Two ports of 127.0.0.1, the loopback address: an address by which a machine talks to itself. The program tcp-and-udp opens the first one, over TCP and over UDP. The second one stays closed. The program closed holds its number, so that nobody else can open it meanwhile: with a TCP socket that does not listen, and a UDP socket that takes datagrams from one other peer alone. Then both are dialled, and both are sent a datagram.',
      checks: {
        'only-the-open-port-is-reached': {
          question: 'A client dials the first port, then the second. Where is it connected?',
          outcomes: {
            'open-only': {
              choice: 'At the open one alone.',
              seen: ({ open, closed }) => `${served(open)} ${told(closed)}`,
              why: 'A port is open when a socket listens on it. The kernel looks for such a socket by the port number in the packet. It has one for the first number and none for the second. The document dialogue says that only an open port can be reached, and so it was.',
            },
            'closed-only': {
              choice: 'At the closed one alone.',
              seen: ({ open, closed }) => `${told(open)} ${told(closed)}`,
              why: 'The sockets were the other way round: one listened on the second port, and none on the first.',
            },
            both: {
              choice: 'At both.',
              seen: ({ open, closed }) => `${told(open)} ${told(closed)}`,
              why: 'A socket listened on the second port too, so that one was open as well.',
              expectedBecause:
                'Both numbers belong to the same machine, and a program has a socket on each. But on the second port no socket listens.',
            },
            neither: {
              choice: 'At neither.',
              seen: ({ open, closed }) => `${told(open)} ${told(closed)}`,
              why: 'No socket listened on the first port, so that one was closed as well.',
              expectedBecause: 'A packet filter could keep all clients out. Over loopback there is none by default.',
            },
          },
        },
        'closed-tcp-port-leaves-a-client-without-an-answer': {
          question: 'What does the client hear from the closed TCP port?',
          outcomes: {
            connected: {
              choice: 'It is connected after all.',
              seen: ({ closed }) => told(closed),
              why: QUEUED,
              expectedBecause:
                'The program closed holds this number with a socket. But it never called listen(2), and only that opens a TCP port.',
            },
            ECONNREFUSED: {
              choice: 'A refusal, at once.',
              seen: ({ closed }) => refused(closed),
              why: `${RESET} For the client this is the error ECONNREFUSED. The document dialogue says that data for a closed port is ignored. It is not: the sender gets an answer. It would be ignored if a packet filter dropped it.`,
            },
            'timed-out': {
              choice: 'Nothing at all.',
              seen: ({ closed }) => silent(closed),
              why: NOTHING_ANSWERED,
              expectedBecause: SILENCE_EXPECTED,
            },
          },
        },
        'closed-udp-port-leaves-a-sender-without-an-answer': {
          question: 'What does the sender of a datagram hear from the closed UDP port?',
          outcomes: {
            received: {
              choice: 'An answer: the datagram was received.',
              seen: ({ closedUdp }) => `${sentTo(closedUdp)} was received.`,
              why: 'A socket took it, so this port was open over UDP.',
              expectedBecause:
                'The program closed has a UDP socket on this number, and a UDP socket needs no listen. But this one was given a peer with connect(2), and takes datagrams from no one else.',
            },
            ECONNREFUSED: {
              choice: 'An error, at once.',
              seen: ({ closedUdp }) => `${sentTo(closedUdp)} came back as an error: ECONNREFUSED.`,
              why: 'No socket takes this datagram. So the kernel sends back a message of ICMP, the protocol in which IP reports its troubles: port unreachable. The sender is told of it as ECONNREFUSED, because it has called connect(2) for this peer. A sender that has not done so hears nothing on Linux, although the message comes all the same. (udp(7) promises the error to it too. The kernel gives it only where the option IP_RECVERR is set.) UDP has no reset, but there is an answer. So the document dialogue is wrong for UDP as well when it says that data for a closed port is ignored.',
            },
            silent: {
              choice: 'Nothing at all.',
              seen: ({ closedUdp }) => `${sentTo(closedUdp)} brought no answer and no error.`,
              why: 'Either a socket took the datagram and did not answer, or something dropped the datagram or the ICMP message about it.',
              expectedBecause:
                'UDP sends and forgets, so there seems to be nobody to tell. But the kernel of the receiver reports a closed port, and the kernel of the sender passes it on to a socket that has called connect(2).',
            },
          },
        },
      },
    },

    packetsSent: {
      title: 'What the kernel sends',
      intro:
        'The same closed port in a network namespace: a network stack of its own, in which nobody else sends anything. The kernel counts what it sends there. A client dials the port, and a datagram is sent to it. The counters are read before, between and after.',
      checks: {
        'kernel-sends-a-reset-from-a-closed-tcp-port': {
          question: 'Does the kernel send anything back when a client dials the closed port?',
          outcomes: {
            reset: {
              choice: 'Yes, a reset: a TCP packet that says no.',
              seen: ({ before, afterTcp }) =>
                `The counter OutRsts, of TCP packets sent with the bit RST, went from ${resetsSent(before)} to ${resetsSent(afterTcp)}.`,
              why: 'The rule is in the standard of TCP: where there is no socket for a packet, a reset goes back. No program takes part in it. The document dialogue says that a closed port ignores what comes.',
            },
            nothing: {
              choice: 'No, nothing.',
              seen: ({ before, afterTcp }) =>
                `The counter OutRsts stayed at ${resetsSent(before)}, and then ${resetsSent(afterTcp)}.`,
              why: 'A socket answered for the port, or a packet filter dropped the packets. A kernel without either sends a reset.',
              expectedBecause: SILENCE_EXPECTED,
            },
          },
        },
        'kernel-sends-an-icmp-message-from-a-closed-udp-port': {
          question: 'Does the kernel send anything back for the datagram?',
          outcomes: {
            icmp: {
              choice: 'Yes, an ICMP message: port unreachable.',
              seen: ({ afterTcp, afterUdp }) =>
                `Before the datagram the kernel had sent ${count(unreachablesSent(afterTcp), 'ICMP message')} of type 3, destination unreachable. After it there was ${count(unreachablesSent(afterUdp), 'such message')}.`,
              why: 'UDP has no packet that says no, so the kernel uses ICMP. Type 3 means destination unreachable, and its code 3 names the port as the reason. The client saw that as ECONNREFUSED. The refusal of the TCP client came without ICMP: the count was taken after it.',
            },
            nothing: {
              choice: 'No, nothing.',
              seen: ({ afterTcp, afterUdp }) =>
                `Before the datagram the kernel had sent ${count(unreachablesSent(afterTcp), 'ICMP message')} of type 3, and after it the count was ${unreachablesSent(afterUdp)}.`,
              why: 'A socket took the datagram, or a packet filter dropped it.',
              expectedBecause: SILENCE_EXPECTED,
            },
          },
        },
      },
    },

    openingAndClosing: {
      title: 'Opening and closing',
      intro:
        'The program bound gives a TCP socket its address with bind(2) and waits for Enter before it calls listen(2). A client dials while the socket is only bound, once more while it listens, and again after the program has ended. At each of these times the sockets of the port are listed. The document dialogue opens its port with a program that ends right after its last line, and then the port is closed again. Ours stays. At the end another program is bound to the number, so that nobody else can open it.',
      checks: {
        'bound-socket-that-does-not-listen-gets-clients': {
          question: 'The socket is bound to the port, and listen was not called yet. Is a client connected?',
          outcomes: {
            connected: {
              choice: 'Yes, it is connected.',
              seen: ({ clientBound }) => told(clientBound),
              why: QUEUED,
              expectedBecause:
                'The document dialogue says in one place that bind registers the port as listening. But bind only gives the socket its address.',
            },
            ECONNREFUSED: {
              choice: 'No, it is refused.',
              seen: ({ clientBound }) =>
                `While the socket was only bound, the client of ${formatEndpoint(clientBound.to)} was refused: ECONNREFUSED.`,
              why: `${RESET} To the client a socket that is only bound is no different from none. The document dialogue says in one place that bind alone registers the port as listening. It does not: that takes listen(2).`,
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ clientBound }) => silent(clientBound),
              why: NOTHING_ANSWERED,
              expectedBecause:
                'The port has a socket, and the socket is not ready, so the client seems to have to wait. But the kernel does not let it wait: it refuses.',
            },
          },
        },
        'listen-opens-the-port-of-a-bound-socket': {
          question: 'Enter is pressed, and the same socket now listens. Is a client connected?',
          outcomes: {
            connected: {
              choice: 'Yes, it is connected.',
              seen: ({ clientOpen: { to, servedBy } }) =>
                servedBy
                  ? `After listen, the client of ${formatEndpoint(to)} was accepted by ${servedBy.program} (process ${servedBy.pid}).`
                  : `After listen, the client of ${formatEndpoint(to)} was connected, though no program has accepted it.`,
              why: 'It is the same socket with the same address. Only listen(2) was called in between. It puts the socket into the state LISTEN, and among the sockets in which the kernel looks for one that takes new connections. The document dialogue calls opening a port a change of state, made by bind and listen. So it is, and the second of the two makes it. The document cafe says it in other words: when a process listens on a port, other processes can connect to it.',
            },
            ECONNREFUSED: {
              choice: 'No, it is refused.',
              seen: ({ clientOpen }) => refused(clientOpen),
              why: 'No socket listened on the port that the client dialled.',
              expectedBecause:
                'The program has not called accept for this client yet. But the kernel completes connections by itself, as soon as the socket listens.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ clientOpen }) => silent(clientOpen),
              why: NOTHING_ANSWERED,
            },
          },
        },
        'closing-the-listener-closes-its-port': {
          question: 'The program has ended, and its socket is closed. Is a client connected?',
          outcomes: {
            connected: {
              choice: 'Yes, it is connected.',
              seen: ({ clientClosed }) => told(clientClosed),
              why: 'A socket still listened: some process has it open, such as a child that inherited it.',
              expectedBecause:
                'The port was open a moment ago, and nobody has said that it should be closed. But it was open only because a socket listened there.',
            },
            ECONNREFUSED: {
              choice: 'No, it is refused.',
              seen: ({ clientClosed }) =>
                `After the end of the program, the client of ${formatEndpoint(clientClosed.to)} was refused: ECONNREFUSED.`,
              why: 'The kernel closes the sockets of a process that ends. With the socket the port is closed, at once. The document dialogue says that closing takes the change back, and so it did.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ clientClosed }) => silent(clientClosed),
              why: NOTHING_ANSWERED,
              expectedBecause: SILENCE_EXPECTED,
            },
          },
        },
        'listing-has-a-row-for-a-port-that-is-not-open': {
          question:
            'When does the port have a row in the listings: before listen, while the socket listens, after its end?',
          outcomes: {
            'only-while-open': {
              choice: 'Only while the socket listens.',
              seen: ({ rowsBound, rowsOpen, rowsClosed }) => rowsSeen(rowsBound, rowsOpen, rowsClosed),
              why: 'The document dialogue has a table in the kernel with a row for each port, which says LISTENING or CLOSED. There is no such table. The kernel has tables of sockets, each for a purpose. The usual listings and /proc/net/tcp show two of them: the TCP sockets that listen, and those that have a peer. A socket that is only bound stands in a third one, where the kernel looks up who has an address. A recent ss shows that one with the options -a or -B. The kernel does have a state CLOSED, but it is a state of sockets, such as one that is only bound. A port without a socket has no row and no state. Now and then a row with the state TIME-WAIT is left. It belongs to a connection that has ended, and not to an open port.',
            },
            'from-bind-on': {
              choice: 'From bind on, until its end.',
              seen: ({ rowsBound, rowsOpen, rowsClosed }) => rowsSeen(rowsBound, rowsOpen, rowsClosed),
              why: 'The socket was listed as soon as it was bound: it listened already, or this system lists bound sockets.',
              expectedBecause:
                'The address is taken from bind on, so a listing of addresses should have it. But the usual listings show TCP sockets that listen or have a peer.',
            },
            always: {
              choice: 'Always, with a state that changes.',
              seen: ({ rowsBound, rowsOpen, rowsClosed }) => rowsSeen(rowsBound, rowsOpen, rowsClosed),
              why: 'Some socket was listed on this port each time.',
              expectedBecause:
                'The document dialogue describes a table of ports, in which a closed port is marked CLOSED. But the tables hold sockets: where there is none, there is no row.',
            },
            never: {
              choice: 'Never: listings show connections.',
              seen: ({ rowsBound, rowsOpen, rowsClosed }) => rowsSeen(rowsBound, rowsOpen, rowsClosed),
              why: 'No socket listened on this port while the listings were made.',
              expectedBecause:
                'A listing of connections is empty before the first client comes. But a listener is a socket too, and has its row.',
            },
          },
        },
      },
    },

    boundInTheWay: {
      title: 'Bound, and in the way',
      intro:
        'plain-bound is a Python program that binds a TCP socket and does not listen. It leaves out SO_REUSEADDR, an option that Node sets for every such socket. A second plain-bound, on another port, is told to bind one more socket: to the port of the first. Both use 127.7.7.7, which is an address of this machine too. On 127.0.0.1 the connections of the acts before would be in the way: for a minute the kernel keeps them in the state TIME-WAIT, and a bind without SO_REUSEADDR is refused there.',
      checks: {
        'bound-socket-keeps-a-second-one-from-its-port': {
          question: 'A socket is bound to the port, and nobody listens there. Can a second socket be bound to it?',
          outcomes: {
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ plain, second }) =>
                `${isBound(plain)} and does not listen. The second bind, in process ${second.pid}, was refused: EADDRINUSE.`,
              why: 'A bound socket serves nobody and stands in none of the usual listings, but its address is taken. That is all that bind(2) does, and for that the kernel keeps a table of its own. It makes an exception where both sockets have SO_REUSEADDR and none of them listens. Node sets that option, so two Node programs may both be bound to a port, and the first to listen wins.',
            },
            bound: {
              choice: 'Yes, both are bound.',
              seen: ({ plain, second }) =>
                `${isBound(plain)}, and process ${second.pid} has a socket bound there as well.`,
              why: 'Both sockets have an option that lets them share, such as SO_REUSEPORT.',
              expectedBecause:
                'Nobody listens there, clients are refused, and none of the usual listings shows the socket. So the port looks free. But bind has taken the address.',
            },
          },
        },
      },
    },
  },
  remember: [
    'An open TCP port is a socket that listens. bind gives a socket its address, listen opens the port, and the end of the socket closes it.',
    'A closed port answers: TCP with a reset, UDP with the ICMP message port unreachable. Silence comes from a packet filter, or from a full queue.',
    'The kernel has no table of ports. It has tables of sockets, and a closed port is one on which no socket listens.',
    'A socket that is only bound takes the address, refuses every client, and has no row in the usual listings.',
  ],
} satisfies Narration<typeof lab>
