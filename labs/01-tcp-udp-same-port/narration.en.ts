import { formatEndpoint, openRows } from '../../harness/lab.ts'
import type { Connected, Listed, Narration, Sent } from '../../harness/lab.ts'
import type lab from './lab.ts'

const NAMES = { lsof: 'lsof', ss: 'ss', netstat: 'netstat', proc: "the kernel's table" }

/** What each listing prints as the state of each socket: `lsof prints nothing, ss prints UNCONN`. */
const states = (listed: Listed) =>
  [listed, ...listed.others]
    .flatMap(({ source, rows }) => {
      const open = rows.filter(({ protocol, state }) => protocol === 'udp' || state === 'LISTEN')
      return open.map(({ protocol, stateAsPrinted }) => {
        const which = open.length > 1 ? ` for ${protocol.toUpperCase()}` : ''
        return `${NAMES[source]} prints ${stateAsPrinted || 'nothing'}${which}`
      })
    })
    .join(', ')

/** Protocol and holder of each socket: `UDP, held by server2 (process 4711); TCP, held by …`. */
const held = (listed: Listed) =>
  openRows(listed)
    .map(({ protocol, holders: [holder] }) => {
      const by = holder ? `, held by ${holder.command ?? 'a program'} (process ${holder.pid})` : ''
      return `${protocol.toUpperCase()}${by}`
    })
    .join('; ')

const served = ({ servedBy, local, seenByServer, to }: Connected) =>
  servedBy && local && seenByServer
    ? `${servedBy.program} (process ${servedBy.pid}) accepted the client. Its accept reported ${formatEndpoint(seenByServer.peer)} as the client's end.`
    : `The client that dialled ${formatEndpoint(to)} was connected, though no program has accepted it.`

const refused = ({ to }: Connected) => `The client that dialled ${formatEndpoint(to)} was refused: ECONNREFUSED.`

const silent = ({ to }: Connected) =>
  `The client that dialled ${formatEndpoint(to)} heard nothing and had to send its SYN again.`

const received = ({ text, receivedBy, seenByServer }: Sent) =>
  `The text ${JSON.stringify(text)} was sent. ${receivedBy?.program} (process ${receivedBy?.pid}) received ${JSON.stringify(seenByServer?.text)}.`

const dropped = 'Something dropped the packets on their way. A kernel without a filter answers.'

export default {
  title: 'TCP and UDP on one port number',
  summary: 'Can a TCP server and a UDP server have the same address and port at the same time?',
  acts: {
    sameNumber: {
      title: 'server2 over UDP, then server1 over TCP',
      intro:
        'server2 binds the port on 127.0.0.1 for UDP. While it runs, server1 listens on the same address and number for TCP. Then a client connects over TCP. In cafe server1 is the first of the two. The order makes no difference, and a later act uses the other one.',
      checks: {
        'udp-socket-is-listed-as-listening': {
          question: 'server2 is alone and uses its UDP port. Do the listings call that port listening?',
          outcomes: {
            'not-listening': {
              choice: 'No, none of them does.',
              seen: ({ alone }) => `As the state of the UDP socket, ${states(alone)}.`,
              why: 'To listen is to wait for connections. UDP has no connections, so it has no state LISTEN, and listen(2) refuses a UDP socket with EOPNOTSUPP. server2 only called bind. On Linux lsof and netstat leave the state of such a socket empty. ss prints UNCONN, which means not connected to a peer. The kernel keeps the number 07, which stands for CLOSED in TCP and here means the same as UNCONN. dialogue is wrong here: it calls a UDP port in use LISTENING.',
            },
            listening: {
              choice: 'Yes, as for any port in use.',
              seen: ({ alone }) => `A socket of this port is called listening: ${states(alone)}.`,
              why: 'That row belongs to a TCP listener. A UDP socket cannot listen: listen(2) answers EOPNOTSUPP. So somebody listens on this port over TCP.',
              expectedBecause:
                'People say that a server listens, whatever its protocol, and dialogue gives every port in use this state. But the state LISTEN belongs to TCP.',
            },
          },
        },
        'tcp-listener-starts-beside-udp-socket-on-same-port': {
          question: 'server2 has the port for UDP. Can server1 listen on the same address and number for TCP?',
          outcomes: {
            listening: {
              choice: 'Yes, both run.',
              seen: ({ server1 }) =>
                `server1 (process ${server1.pid}) listens on TCP ${server1.local ? formatEndpoint(server1.local) : ''}.`,
              why: 'TCP and UDP count their ports separately. Every IP packet says in a field of its own whether it carries TCP or UDP. The kernel reads that first, and only then looks for the port among the sockets of that protocol. The two numbers are equal and never compared.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ server1 }) => `server1 was refused: ${server1.error?.message}.`,
              why: 'Another TCP socket has the address and the port. A UDP socket would not be in the way.',
              expectedBecause:
                'One port, one program: that is how ports are mostly explained. But the number alone names no port. There is a TCP port and a UDP port for each number.',
            },
          },
        },
        'listing-shows-tcp-and-udp-on-one-port-as-two-rows': {
          question: 'Both servers run. How many rows does the listing show for this port number?',
          outcomes: {
            'two-rows': {
              choice: 'Two rows: one for TCP, one for UDP.',
              seen: ({ both }) => `${NAMES[both.source]} shows two rows: ${held(both)}.`,
              why: 'A listing has one row for each socket. There are two sockets, in two processes, and they know nothing of each other.',
            },
            'one-row': {
              choice: 'One row.',
              seen: ({ both }) => `${NAMES[both.source]} shows one row: ${held(both)}.`,
              why: 'Only one of the two servers has a socket on this port.',
              expectedBecause:
                'It is one port number, so one row seems enough. But rows count sockets, and a socket belongs to one protocol.',
            },
            'no-row': {
              choice: 'No row.',
              seen: ({ both }) => `${NAMES[both.source]} shows no row for this port.`,
              why: 'Neither of the two servers has a socket on this port.',
            },
          },
        },
        'tcp-client-reaches-tcp-listener-beside-udp-socket': {
          question: 'A client connects over TCP, as nc does. Does it reach a server?',
          outcomes: {
            connected: {
              choice: 'Yes, it is connected.',
              seen: ({ client }) => served(client),
              why: 'The client asked for TCP, so the kernel looked among the TCP listeners only. For the new connection accept returns a new socket, and reports where the client is: its address and its port.',
            },
            ECONNREFUSED: {
              choice: 'No, it is refused.',
              seen: ({ client }) => refused(client),
              why: 'No TCP socket listened on 127.0.0.1 with this port. What a UDP socket does there makes no difference.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ client }) => silent(client),
              why: dropped,
            },
          },
        },
      },
    },

    chosenPort: {
      title: 'The port that nobody chose',
      intro:
        'A client is started as a program of its own. It names the server, and nothing else. It keeps its end of the connection open until Enter is pressed, so that there is time to look at it.',
      checks: {
        'client-gets-its-port-from-the-ephemeral-range': {
          question:
            'The client never named a port for itself. Is its port one that this system sets aside for clients?',
          outcomes: {
            inside: {
              choice: 'Yes, from the range that the system keeps for that.',
              seen: ({ client: { local }, ephemeralRange }) =>
                `The client's end is ${local ? formatEndpoint(local) : ''}. This system gives clients the ports ${ephemeralRange?.join(' to ')}.`,
              why: 'A connection needs a port at both ends, so that answers find their way back. A client may choose its own with bind. Hardly any does: then connect picks a free one from the ephemeral range. Ephemeral means short-lived: the port is given back when the connection is over. Linux keeps the range in /proc/sys/net/ipv4/ip_local_port_range.',
            },
            outside: {
              choice: 'No, it is some other port.',
              seen: ({ client: { local }, ephemeralRange }) =>
                `The client's end is ${local ? formatEndpoint(local) : ''}. This system gives clients the ports ${ephemeralRange?.join(' to ')}.`,
              why: 'connect chooses from the ephemeral range only. So the program chose this port itself, with bind.',
              expectedBecause:
                'The documents give other ranges: dialogue has 1024 to 65535, and tuple has 49152 to 65535. But the range is a setting of each system, and that setting was asked here.',
            },
          },
        },
      },
    },

    onlyUdpIsLeft: {
      title: 'server1 ends, server2 stays',
      intro:
        'Now server1 is started first, as in cafe. It serves one client and ends. server2 still has the same number for UDP. A second client connects over TCP. Then the word timmy and a newline are sent over UDP, as nc -u sends a typed line.',
      checks: {
        'tcp-client-is-connected-where-only-a-udp-socket-is-left': {
          question: 'server1 is gone, server2 is still there. What happens to a client that connects over TCP?',
          outcomes: {
            connected: {
              choice: 'It is connected.',
              seen: ({ overTcp }) => served(overTcp),
              why: 'A TCP socket still listened on this port. It need not be accepted by a program: the kernel completes the connection as long as the listening socket exists, and it exists as long as some process holds it.',
              expectedBecause:
                'The port is in use, so somebody should answer. But it is the UDP port that is in use, and the client asked for the TCP port.',
            },
            ECONNREFUSED: {
              choice: 'It is refused.',
              seen: ({ overTcp }) => refused(overTcp),
              why: 'The last TCP listener of this port went away with server1. For TCP the port is closed, and the kernel answers the SYN with a reset. server2 holds the other port of this number, the one of UDP.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ overTcp }) => silent(overTcp),
              why: dropped,
              expectedBecause:
                'server2 does not speak TCP, so one may expect silence. But the packet never gets to server2. The kernel answers it, with a reset.',
            },
          },
        },
        'datagram-reaches-udp-server-that-never-listens': {
          question: 'server2 has never called listen or accept. What becomes of a datagram, one message over UDP?',
          outcomes: {
            unchanged: {
              choice: 'server2 receives exactly what was sent, newline and all.',
              seen: ({ overUdp }) => received(overUdp),
              why: 'UDP has no connections, so there is nothing to listen for and nothing to accept. A bound socket gets the datagrams that arrive for its address and port, each one whole: one send, one receive. In cafe the same word is typed after netcat -v -u. With OpenBSD netcat that fails: -v makes it send probe bytes first, and the server reads X and ends. With -u alone it works.',
            },
            changed: {
              choice: 'server2 receives something else.',
              seen: ({ overUdp }) => received(overUdp),
              why: 'UDP hands a datagram over as it was sent, or not at all. So the sender or the receiver changed it, as a netcat does that sends probe bytes first.',
              expectedBecause:
                'A stream may arrive in pieces, and a line may lose its newline when it is printed. But a datagram is handed over whole.',
            },
            ECONNREFUSED: {
              choice: 'It is refused.',
              seen: 'The sender was told ECONNREFUSED.',
              why: 'No UDP socket had this port. The kernel answered with the ICMP message "port unreachable", which a connected UDP socket reports as ECONNREFUSED.',
              expectedBecause:
                'A server that does not listen seems to have a closed port. That is so for TCP. For UDP bind is enough.',
            },
            silent: {
              choice: 'It is lost without a word.',
              seen: 'No answer came, and no error.',
              why: 'No program answered. A closed port would have been answered by the kernel, with an ICMP message. So a socket took the datagram, or a filter dropped it. UDP itself confirms nothing.',
            },
          },
        },
      },
    },

    oneProcess: {
      title: 'One process with both',
      intro:
        'Two servers are not needed. A DNS server, for one, has port 53 of UDP and port 53 of TCP. Here the program tcp-and-udp opens both kinds of socket on one number. A client connects over TCP, and a datagram is sent.',
      checks: {
        'one-process-holds-tcp-and-udp-on-one-port': {
          question: 'What does the listing say about who holds the two ports of this number?',
          outcomes: {
            'one-process': {
              choice: 'Two rows with the same process id.',
              seen: ({ listed }) => `${NAMES[listed.source]} shows ${held(listed)}.`,
              why: 'A process may have as many sockets as it has descriptors for. Each protocol takes one. checklist is right: the two rows of a DNS server on port 53 belong to one program.',
            },
            'two-processes': {
              choice: 'Two rows with two process ids.',
              seen: ({ listed }) => `${NAMES[listed.source]} shows ${held(listed)}.`,
              why: 'Two processes hold the sockets: two programs, or a child that got them from its parent.',
              expectedBecause:
                'In the acts before, each protocol had a program of its own. But that was a choice of those programs.',
            },
            'not-both': {
              choice: 'Fewer than two rows.',
              seen: ({ listed }) => `${NAMES[listed.source]} shows ${held(listed) || 'no row for this port'}.`,
              why: 'The program does not hold both protocols on this port.',
            },
          },
        },
        'one-process-serves-tcp-and-udp-clients': {
          question: 'One client comes over TCP, one datagram over UDP. Which of them is answered?',
          outcomes: {
            both: {
              choice: 'Both.',
              seen: ({ overTcp, overUdp }) =>
                `Process ${overTcp.servedBy?.pid} accepted the connection, and process ${overUdp.receivedBy?.pid} received the datagram.`,
              why: 'The kernel sorts by protocol before it looks at the port, so each socket gets its own kind of traffic. That both belong to one program makes no difference to it.',
            },
            'tcp-only': {
              choice: 'Only the one over TCP.',
              seen: ({ overTcp, overUdp }) =>
                `Process ${overTcp.servedBy?.pid} accepted the connection. The datagram: ${overUdp.outcome}.`,
              why: 'The program did not take the datagram, or it has no UDP socket on this port.',
            },
            'udp-only': {
              choice: 'Only the one over UDP.',
              seen: ({ overTcp, overUdp }) =>
                `Process ${overUdp.receivedBy?.pid} received the datagram. The connection: ${overTcp.outcome}.`,
              why: 'The program did not accept the connection, or it has no listener on this port.',
            },
            neither: {
              choice: 'Neither.',
              seen: ({ overTcp, overUdp }) => `The connection: ${overTcp.outcome}. The datagram: ${overUdp.outcome}.`,
              why: 'The program took neither of them, or it has no sockets on this port.',
            },
          },
        },
      },
    },
  },
  remember: [
    'A port belongs to a protocol: TCP and UDP each have their own set of ports.',
    'LISTEN is a state of TCP. A UDP server binds its port and receives; it never listens.',
    'A client gets its port from the system, out of the ephemeral range, unless it asks for one.',
    'A closed TCP port refuses clients, whatever has the same number over UDP.',
  ],
} satisfies Narration<typeof lab>
