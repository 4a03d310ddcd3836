import { formatEndpoint, listingName, openRows } from '../../harness/lab.ts'
import type { Connected, Listed, Narration, Sent } from '../../harness/lab.ts'
import type lab from './lab.ts'

/** What stands in each listing as the state of each socket: `nothing in lsof, UNCONN in ss`. */
const states = (listed: Listed) =>
  [listed, ...listed.others]
    .flatMap((listing) => {
      const open = listing.rows.filter(({ protocol, state }) => protocol === 'udp' || state === 'LISTEN')
      return open.map(({ protocol, stateAsPrinted }) => {
        const which = open.length > 1 ? ` for ${protocol.toUpperCase()}` : ''
        return `${stateAsPrinted || 'nothing'}${which} in ${listingName(listing)}`
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
  `The client that dialled ${formatEndpoint(to)} heard nothing, and sent its SYN, the packet that asks for a connection, a second time.`

const received = ({ text, receivedBy, seenByServer }: Sent) =>
  receivedBy && seenByServer
    ? `The text ${JSON.stringify(text)} was sent. ${receivedBy.program} (process ${receivedBy.pid}) received ${JSON.stringify(seenByServer.text)}.`
    : `The text ${JSON.stringify(text)} was sent. An answer came, but no program has reported the datagram.`

/** Whether somebody has the other port of this number, the one of UDP. */
const reached = ({ receivedBy }: Sent) =>
  receivedBy ? ` A datagram for the same number then reached ${receivedBy.program} (process ${receivedBy.pid}).` : ''

/** Both ends' word on the client's own end. */
const bothEnds = ({ local, seenByServer }: Connected) =>
  local && seenByServer
    ? `The client's own end was ${formatEndpoint(local)}, and accept reported ${formatEndpoint(seenByServer.peer)}.`
    : 'No program has accepted the client.'

/** What became of a client or a datagram, in a few words: `refused (ECONNREFUSED)`. */
const came = ({ outcome }: Connected | Sent) =>
  ({
    ECONNREFUSED: 'refused (ECONNREFUSED)',
    'timed-out': 'no answer',
    silent: 'no answer, and no error',
    connected: 'connected, but accepted by no program',
    received: 'answered, but reported by no program',
  })[outcome as string] ?? outcome

const unanswered =
  'Nothing answered. Either something on the way dropped the packets, such as a packet filter. Or a listener is there whose queue of waiting connections is full: Linux then answers nothing. If nobody listened, the client would have been refused.'

export default {
  title: 'TCP and UDP on one port number',
  summary: 'Can a TCP server and a UDP server have the same address and port at the same time?',
  acts: {
    sameNumber: {
      title: 'server2 over UDP, then server1 over TCP',
      intro:
        'server2 binds the port on 127.0.0.1 for UDP. While it runs, server1 asks for the same address and number for TCP. Then a client dials over TCP. Between these steps the open sockets are listed: a listing is what tools such as lsof, ss and netstat print about them. The document cafe starts server1 first. The order makes no difference, and a later act uses the other one.',
      checks: {
        'udp-socket-is-listed-as-listening': {
          question: 'server2 is alone and uses its UDP port. Do the listings call that port listening?',
          outcomes: {
            'not-listening': {
              choice: 'No, none of them does.',
              seen: ({ alone }) => `This stands as the state of the UDP socket: ${states(alone)}.`,
              why: 'To listen is to wait for connections. UDP has no connections, so it has no state LISTEN, and listen(2) refuses a UDP socket with EOPNOTSUPP. server2 only called bind. On Linux lsof and netstat leave the state of such a socket empty. ss prints UNCONN: no peer has been noted with connect. The kernel keeps the number 07, which stands for CLOSED in TCP and here means the same as UNCONN. Still, many use the word listen for UDP too. ss -l lists bound UDP sockets, and Node calls its event for a bound one listening. The document dialogue gives a UDP port in use the state LISTENING. No such state exists.',
            },
            listening: {
              choice: 'Yes, as for any port in use.',
              seen: ({ alone }) => `A socket of this port is called listening: ${states(alone)}.`,
              why: 'That row belongs to a TCP listener. A UDP socket cannot listen: listen(2) answers EOPNOTSUPP. So somebody listens on this port over TCP.',
              expectedBecause:
                'People say that a server listens, whatever its protocol. Even ss -l and Node, in its event listening, use the word for UDP. But the state LISTEN belongs to TCP.',
            },
          },
        },
        'tcp-listener-starts-beside-udp-socket-on-same-port': {
          question: 'server2 has the port for UDP. Can server1 listen on the same address and number for TCP?',
          outcomes: {
            listening: {
              choice: 'Yes, both run.',
              seen: ({ server1, alone }) =>
                `server1 (process ${server1.pid}) listens on TCP ${server1.local ? formatEndpoint(server1.local) : ''}. Before it there was ${held(alone) || 'no socket'}.`,
              why: 'TCP and UDP have separate sets of ports. Every IP packet says in a field of its own whether it carries TCP or UDP. The kernel reads that first, and only then looks for the port among the sockets of that protocol. The two numbers are equal and never compared. The document harbour says that a number is all that identifies a port. That is too short: it takes the protocol as well.',
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
          question: 'Suppose both servers run. How many rows does the listing show for this port number?',
          outcomes: {
            'two-rows': {
              choice: 'Two rows: one for TCP, one for UDP.',
              seen: ({ both }) => `In ${listingName(both)} there are two rows: ${held(both)}.`,
              why: "ss has one row for each socket, and lsof one for each descriptor that leads to a socket. Here there are two sockets with one descriptor each, in two processes, and they know nothing about each other. The state of the TCP socket is called (LISTEN) in lsof, LISTEN in ss and netstat, and 0A in the kernel's tables. The UDP socket has no such state. lsof and netstat print nothing, ss prints UNCONN, and the kernel's tables have 07.",
            },
            'one-row': {
              choice: 'One row.',
              seen: ({ both }) => `In ${listingName(both)} there is one row: ${held(both)}.`,
              why: 'Only one of the two servers has a socket on this port.',
              expectedBecause:
                'It is one port number, so one row seems enough. But here there are two sockets, and a socket belongs to one protocol.',
            },
            'no-row': {
              choice: 'No row.',
              seen: ({ both }) => `In ${listingName(both)} there is no row for this port.`,
              why: 'Neither of the two servers has a socket on this port.',
            },
          },
        },
        'tcp-client-reaches-tcp-listener-beside-udp-socket': {
          question: 'A client dials the port over TCP, as nc does. Does it reach a server?',
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
              why: unanswered,
            },
          },
        },
        'accept-reports-the-port-that-the-client-has': {
          question:
            "Suppose the client is connected. It chose no port for itself. Which port does the server's accept report as the client's?",
          outcomes: {
            'same-port': {
              choice: 'The port that the client finds at its own end.',
              seen: ({ client }) => bothEnds(client),
              why: "The client's port is in every packet that it sends. The server's kernel keeps it with the connection, and accept reports it. The client chose no port, and yet it has one. The next act shows where that came from.",
            },
            'other-port': {
              choice: 'Another port.',
              seen: ({ client }) => bothEnds(client),
              why: 'Something between the two ends rewrote the port, as a router with address translation (NAT) does. Over loopback there is none by default.',
              expectedBecause:
                'The server might have its own number for each client. But it needs the real port, as its answers go there.',
            },
            'not-accepted': {
              choice: 'None, as no program accepts the client.',
              seen: ({ client: { to } }) => `No program accepted the client that dialled ${formatEndpoint(to)}.`,
              why: 'accept reports a client only when there is a connection, and a program that accepts it.',
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
          question: "Where does the client's port come from?",
          outcomes: {
            inside: {
              choice: 'From the range out of which this system picks ports for clients.',
              seen: ({ client: { local }, ephemeralRange }) =>
                `The client's end is ${local ? formatEndpoint(local) : ''}. This system gives clients the ports ${ephemeralRange?.join(' to ')}.`,
              why: 'A connection needs a port at both ends, so that answers find their way back. A client may choose its own with bind. Hardly any does. For all the others connect picks a port from the ephemeral range, one that no connection to the same server uses. Ephemeral means short-lived. The port is given back when the connection is over, or a little later: the side that closes first keeps it for a while (TIME-WAIT). Linux keeps the range in /proc/sys/net/ipv4/ip_local_port_range.',
            },
            outside: {
              choice: 'From elsewhere.',
              seen: ({ client: { local }, ephemeralRange }) =>
                `The client's end is ${local ? formatEndpoint(local) : ''}. This system gives clients the ports ${ephemeralRange?.join(' to ')}.`,
              why: 'connect chooses from the ephemeral range only. So the program chose this port itself, with bind.',
              expectedBecause:
                'Documents give other ranges: the document dialogue has 1024 to 65535, the document tuple 49152 to 65535. But the range is a setting of each system, and that setting was read here.',
            },
          },
        },
      },
    },

    onlyUdpIsLeft: {
      title: 'server1 ends, server2 stays',
      intro:
        'Now server1 is started first, as in cafe. It serves one client and ends. server2 still has the same number for UDP. A second client dials over TCP. Then the word timmy and a newline are sent over UDP, as nc -u sends a typed line.',
      checks: {
        'tcp-client-is-connected-where-only-a-udp-socket-is-left': {
          question: 'server1 is gone, server2 is still there. What happens to a client that dials over TCP?',
          outcomes: {
            connected: {
              choice: 'It is connected.',
              seen: ({ overTcp }) => served(overTcp),
              why: 'A TCP socket still listened on this port. The client need not be accepted by a program. The kernel completes the connection as long as the listening socket exists, and it exists as long as some process holds it.',
              expectedBecause:
                'The port is in use, so somebody should answer. But it is the UDP port that is in use, and the client asked for the TCP port.',
            },
            ECONNREFUSED: {
              choice: 'It is refused.',
              seen: ({ overTcp, overUdp }) => `${refused(overTcp)}${reached(overUdp)}`,
              why: 'The last TCP listener of this port went away with server1. For TCP the port is closed. The client sends a SYN, the packet that asks for a connection, and the kernel answers with a reset, the packet that says no. server2 holds the other port of this number, the one of UDP.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ overTcp }) => silent(overTcp),
              why: unanswered,
              expectedBecause:
                'server2 does not speak TCP, so one may expect silence. But the packet never gets to server2. The kernel answers it, with a reset: the packet that says no.',
            },
          },
        },
        'datagram-reaches-udp-server-that-never-listens': {
          question: 'server2 has never called listen or accept. What becomes of a datagram, one message over UDP?',
          outcomes: {
            unchanged: {
              choice: 'server2 receives exactly what was sent, newline and all.',
              seen: ({ overUdp }) => received(overUdp),
              why: 'UDP has no connections, so there is nothing to listen for and nothing to accept. A bound socket gets the datagrams that arrive for its address and port, each one whole, if the buffer of the program has room for it: one send, one receive. In cafe the same word is typed after netcat -v -u. With OpenBSD netcat that fails: -v makes it send probe bytes first, and the server reads X and ends. With -u alone it works.',
            },
            changed: {
              choice: 'server2 receives something else.',
              seen: ({ overUdp }) => received(overUdp),
              why: 'UDP delivers a datagram as it was sent, or not at all. So the sender changed it, as a netcat does that sends probe bytes first. Or the receiver did: what does not fit into its buffer is lost.',
              expectedBecause:
                'A stream may arrive in pieces, and a line may lose its newline when it is printed. But a datagram is handed over as one piece.',
            },
            ECONNREFUSED: {
              choice: 'It is refused.',
              seen: 'The sender was told ECONNREFUSED.',
              why: 'No UDP socket had this port. The kernel sent its error message to the sender: "port unreachable", over ICMP. A UDP socket that has called connect (which sends nothing, and notes the peer) reports it as ECONNREFUSED.',
              expectedBecause:
                'A server that does not listen seems to have a closed port. That is so for TCP. For UDP bind is enough.',
            },
            silent: {
              choice: 'No answer comes, and no error.',
              seen: 'No answer came, and no error.',
              why: 'No program answered. On Linux, over loopback, the kernel answers for a closed port, with an error message to the sender over ICMP. So here a socket took the datagram, or a filter dropped it. Elsewhere such messages may be limited in number, or switched off. UDP itself confirms nothing.',
              expectedBecause:
                'server2 never listens, so the message seems to fall on deaf ears. But for UDP bind is enough.',
            },
          },
        },
      },
    },

    oneProcess: {
      title: 'One process with both',
      intro:
        'Are two servers needed? A DNS server answers on port 53 of UDP and on port 53 of TCP. Here the program tcp-and-udp asks for both kinds of socket on one number. A client dials over TCP, and a datagram is sent.',
      checks: {
        'one-process-holds-tcp-and-udp-on-one-port': {
          question: 'What does the listing say about who holds the two ports of this number?',
          outcomes: {
            'one-process': {
              choice: 'Two rows with the same process id.',
              seen: ({ listed }) => `In ${listingName(listed)} there are two rows: ${held(listed)}.`,
              why: 'A process may have as many sockets as it has descriptors, the numbers by which a process knows its open files and sockets. Each protocol takes one. The document checklist says that one program has port 53 of both TCP and UDP, and that half is answered here. The other half, a socket for each interface, is not. Lab 03 comes close to it, with a socket for each address.',
            },
            'two-processes': {
              choice: 'Two rows with two process ids.',
              seen: ({ listed }) => `In ${listingName(listed)} there are two rows: ${held(listed)}.`,
              why: 'Two processes hold the sockets: two programs, or a child that got them from its parent.',
              expectedBecause:
                'In the acts before, each protocol had a program of its own. But that was a choice of those programs.',
            },
            'not-both': {
              choice: 'Fewer than two rows.',
              seen: ({ listed }) => `This is in ${listingName(listed)} for this port: ${held(listed) || 'no row'}.`,
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
                `Process ${overTcp.servedBy?.pid} accepted the connection. The datagram: ${came(overUdp)}.`,
              why: 'The program did not take the datagram, or it has no UDP socket on this port.',
            },
            'udp-only': {
              choice: 'Only the one over UDP.',
              seen: ({ overTcp, overUdp }) =>
                `Process ${overUdp.receivedBy?.pid} received the datagram. The client over TCP: ${came(overTcp)}.`,
              why: 'The program did not accept the connection, or it has no listener on this port.',
            },
            neither: {
              choice: 'Neither.',
              seen: ({ overTcp, overUdp }) => `The client over TCP: ${came(overTcp)}. The datagram: ${came(overUdp)}.`,
              why: 'The program took neither of them, or it has no sockets on this port.',
            },
          },
        },
      },
    },
  },
  remember: [
    'A port belongs to a protocol: TCP and UDP each have their own set of ports.',
    'Of TCP and UDP, only TCP has the state LISTEN. A UDP server binds its port and receives; it never listens.',
    'A client gets its port from the system, out of the ephemeral range, unless it asks for one.',
    'A closed TCP port refuses clients, whatever has the same number over UDP.',
  ],
} satisfies Narration<typeof lab>
