import { formatEndpoint, listingName } from '../../harness/lab.ts'
import type { Connected, Listed, Narration, Started } from '../../harness/lab.ts'
import { connectionsOf, effective, waiting } from './queue.ts'
import type lab from './lab.ts'

const isConnected = ({ program, pid, local }: Started) =>
  `${program} (process ${pid}) was connected, its own end is ${local ? formatEndpoint(local) : 'unknown'}.`

const wasRefused = ({ program, pid, outcome }: Started) => `${program} (process ${pid}) was refused: ${outcome}.`

const oneMoreSaw = ({ outcome, to }: Connected) =>
  outcome === 'connected'
    ? `One more client dialled ${formatEndpoint(to)} and was connected as well.`
    : outcome === 'timed-out'
      ? `One more client dialled ${formatEndpoint(to)}. It had to send its SYN again, and heard nothing.`
      : `One more client dialled ${formatEndpoint(to)} and was refused: ${outcome}.`

/** `127.0.0.1:8080 with its client at 127.0.0.1:41000`, one for each connection. */
const pairs = (listed: Listed) =>
  connectionsOf(listed)
    .map(({ local, peer }) => `${formatEndpoint(local)} with its client at ${peer ? formatEndpoint(peer) : 'nobody'}`)
    .join(', and ')

const queues = (before: Listed, after: Listed) =>
  `While the server stood still, the queue of its LISTEN row said ${waiting(before) ?? 'nothing'}. Then it went on, and the queue said ${waiting(after) ?? 'nothing'}.`

const counted = (queued: number | null, connected: unknown, limit: unknown) =>
  `With a backlog of ${effective(limit)} the queue of the LISTEN row counts ${queued ?? 'nothing'}, and ${String(connected)} clients were connected.`

const udpRows = (listed: Listed) => {
  const { length } = listed.rows.filter(({ protocol }) => protocol === 'udp')
  return `Two datagrams came from two clients. In ${listingName(listed)} there ${length === 1 ? 'is 1 UDP row' : `are ${length} UDP rows`} with this port.`
}

const QUEUE =
  'The kernel keeps connections that are complete in a queue of the listener, the accept queue. They stay there until the program calls accept(2).'

export default {
  title: 'Connections before accept, and how many can wait',
  summary: 'When does a connection exist, how many can wait, and what does accept return?',
  acts: {
    notYetAccepted: {
      title: 'A server that stands still',
      intro:
        'A server listens. Then it gets the signal SIGSTOP, as from Ctrl-Z: the process is there and runs no more, so it cannot call accept(2). Now a client dials. Later the server goes on.',
      checks: {
        'client-is-connected-before-the-server-accepts': {
          question: 'The server stands still and cannot accept. What does a client that dials get?',
          outcomes: {
            connected: {
              choice: 'A connection.',
              seen: ({ client, server }) =>
                `${isConnected(client)} ${server.program} (process ${server.pid}) did not run.`,
              why: 'TCP opens a connection with three packets: SYN, SYN-ACK, ACK. They are called the handshake. The kernel of the server answers the SYN by itself, and the program has no part in it. accept(2) does not make the connection. It fetches one that is complete. The document tuple says that there is no connection until the server accepts it. Here the connection was there before.',
            },
            ECONNREFUSED: {
              choice: 'A refusal.',
              seen: ({ client }) => wasRefused(client),
              why: 'No socket listened on this port, so the kernel answered the SYN, the packet that asks for a connection, with a reset, the packet that says no.',
              expectedBecause:
                'A program that does not run seems not to be there. But its socket belongs to the kernel, and the kernel runs on.',
            },
            'timed-out': {
              choice: 'No answer, until the server goes on.',
              seen: ({ client }) => `${client.program} (process ${client.pid}) got no answer.`,
              why: 'The kernel answered no SYN for a listener whose program stood still.',
              expectedBecause:
                'accept sounds as if a connection needed the consent of the server. The kernel gives that consent when the program calls listen(2), for as many connections as the backlog allows.',
            },
          },
        },
        'connection-that-waits-belongs-to-a-process': {
          question: "A connection is there, and nobody has accepted it. To which process does the server's end belong?",
          outcomes: {
            nobody: {
              choice: 'To none.',
              seen: ({ before }) => `The table shows ${pairs(before)}. The row names no process.`,
              why: "A process holds a socket through a descriptor, a small number in its own table of open files. The descriptor of a connection is made by accept(2). Before that call the server's end exists in the kernel alone. So there are sockets without a process. The document tuple says that only the socket relates a process to a port. Here a socket is on a port, and nothing relates it to a process yet.",
            },
            'the-server': {
              choice: 'To the server.',
              seen: ({ before, server }) => `The table shows ${pairs(before)}, held by process ${server.pid}.`,
              why: 'The server had called accept(2) already, so it had a descriptor for this connection.',
              expectedBecause:
                "The port is the server's, so its connections seem to be the server's too. They become so one by one, with accept.",
            },
          },
        },
        'queue-column-of-a-listener-counts-the-connections-that-wait': {
          question: 'In the row of a listener: does a column say how many connections wait to be accepted?',
          outcomes: {
            'one-then-none': {
              choice: 'Yes: the receive queue counts them.',
              seen: ({ before, after }) => queues(before, after),
              why: 'For a listener Linux puts other numbers into the queue columns. Recv-Q is the number of connections that wait for accept(2). In ss, Send-Q is the backlog: the number that listen(2) was given, or net.core.somaxconn where that is less. For a connection the same two columns count bytes.',
            },
            'always-none': {
              choice: 'No: the queues of a listener are always 0.',
              seen: ({ before, after }) => queues(before, after),
              why: 'The queue was empty at both times, so no connection waited.',
              expectedBecause:
                'A listener never sends or receives a byte, so its queues seem to have nothing to count.',
            },
            'no-column': {
              choice: 'A listener has no such column.',
              seen: 'No listing on this machine shows a queue for the LISTEN row.',
              why: 'lsof prints no queues. ss, netstat and the tables of the kernel do.',
            },
          },
        },
        'accepted-socket-has-the-listeners-port-and-one-client': {
          question: 'The server goes on and accepts. Which port has the socket that accept returns on its own side?',
          outcomes: {
            'four-tuple': {
              choice: 'The same port as the listener.',
              seen: ({ after }) => `The table shows ${pairs(after)}, and now the server holds it.`,
              why: "The new socket has the port of the listener, the address that the client dialled, and the address and the port of this client. These four together are called the four-tuple. The document tuple says that accept returns a socket with all four, and it does. The listener keeps its own address and port, and has no client. A connection needs no port of its own on the server: the client's end tells it apart.",
            },
            'another-port': {
              choice: 'A new port, which the system chooses.',
              seen: ({ after }) => `The table shows ${pairs(after)}.`,
              why: "The server's end of this connection has another port than the listener.",
              expectedBecause:
                'A new socket seems to need a new port. But two sockets may have one port, as long as their four-tuples differ.',
            },
          },
        },
      },
    },

    backlog: {
      title: 'A backlog of 5',
      intro:
        'The backlog is the number that a program gives to listen(2): how many connections may wait for it. A server listens with a backlog of 5 and stands still, so that it accepts nobody. Eight clients dial at once, and then one more.',
      checks: {
        'as-many-connections-wait-as-the-backlog-says': {
          question: 'The backlog is 5, and nobody accepts. How many connections wait in the end?',
          outcomes: {
            'as-many': {
              choice: 'Five.',
              seen: ({ limit, connected, listed }) => counted(waiting(listed), connected?.value, limit.value),
              why: 'This system lets as many connections wait as the backlog says.',
              expectedBecause:
                'The document dialogue says so, and so does the word. But Linux calls the queue full only when it is longer than the backlog.',
            },
            'one-more': {
              choice: 'Six.',
              seen: ({ limit, connected, listed }) => counted(waiting(listed), connected?.value, limit.value),
              why: `${QUEUE} Linux calls the queue full when it is longer than the backlog. So one connection more fits in. The document dialogue says that with a backlog of 5 five connections wait. Here it was one more. The backlog itself is capped by a limit of the system, net.core.somaxconn.`,
            },
            fewer: {
              choice: 'Fewer than five.',
              seen: ({ limit, connected, listed }) => counted(waiting(listed), connected?.value, limit.value),
              why: `${QUEUE} It was full before as many clients were in it as the backlog says.`,
            },
            all: {
              choice: 'All of them: the backlog is only a hint.',
              seen: ({ limit, connected, listed }) => counted(waiting(listed), connected?.value, limit.value),
              why: `${QUEUE} It was long enough for all clients, so it was made longer than this server asked.`,
              expectedBecause: 'POSIX does call the backlog a hint. Linux follows it, plus one.',
            },
          },
        },
        'client-of-a-full-accept-queue-is-refused': {
          question: 'The accept queue is full. What does the next client get?',
          outcomes: {
            connected: {
              choice: 'A connection all the same.',
              seen: ({ oneMore }) => oneMoreSaw(oneMore),
              why: 'The accept queue had room.',
              expectedBecause:
                'A stopped server does get connections, as the first act shows. But only as many as fit into the accept queue.',
            },
            ECONNREFUSED: {
              choice: 'A refusal, at once.',
              seen: ({ oneMore }) => oneMoreSaw(oneMore),
              why: 'The kernel answered the SYN with a reset, the packet that says no. Some systems do so when the queue is full.',
              expectedBecause:
                'Full sounds like no. But a refusal would be final, and a queue may have room a moment later.',
            },
            'timed-out': {
              choice: 'No answer.',
              seen: ({ oneMore }) => oneMoreSaw(oneMore),
              why: "Linux drops the SYN of a client for whom the accept queue has no room. The client's kernel takes this for a lost packet and sends the SYN again, after one second for the first time. If the server has accepted somebody by then, the client gets in. From outside a full queue looks like a packet filter.",
            },
          },
        },
      },
    },

    handedOver: {
      title: 'TCP hands over, UDP does not',
      intro:
        'A TCP server and a UDP receiver have the same port. Two TCP clients connect and stay. Two UDP clients send one datagram each.',
      checks: {
        'each-tcp-client-gets-a-socket-of-its-own': {
          question: 'Two TCP clients are connected to one listener. How many sockets has the server for them?',
          outcomes: {
            'a-socket-each': {
              choice: 'One for each client, beside the listener.',
              seen: ({ listed }) => `Beside the LISTEN row the table shows ${pairs(listed)}.`,
              why: 'accept(2) returns a new socket for each connection. The listener itself only waits for the next one. The document harbour says that the listener hands over each arrival. It hands over each connection, once. All later packets of the connection go to the new socket directly.',
            },
            'the-listener-only': {
              choice: 'None: the listener serves both.',
              seen: 'The table shows no socket for either client.',
              why: 'A client without a socket at the server has no connection.',
              expectedBecause:
                'The program has one port and one server object. Below it there is one socket for each connection.',
            },
          },
        },
        'each-udp-client-gets-a-socket-of-its-own': {
          question: 'Two UDP clients have sent to one receiver. How many sockets has the receiver for them?',
          outcomes: {
            'one-for-all': {
              choice: 'One for both.',
              seen: ({ listed }) => udpRows(listed),
              why: 'UDP has no connections, so there is nothing to accept and nothing to hand over. One socket gets the datagrams of all clients, and with each one the address and port of its sender.',
            },
            'a-socket-each': {
              choice: 'One for each client.',
              seen: ({ listed }) => udpRows(listed),
              why: 'More than one UDP socket had this port.',
              expectedBecause:
                'The document harbour says that a listener hands each arrival over to another socket, and TCP does so for each connection.',
            },
          },
        },
      },
    },
  },
  remember: [
    'The kernel completes connections. accept(2) fetches one that is there already.',
    'A connection that waits for accept belongs to no process.',
    'Linux lets backlog + 1 connections wait, and never more than net.core.somaxconn + 1. The next SYN is dropped, and not answered.',
    "The socket that accept returns has the listener's port. The client's end tells the connections apart.",
  ],
} satisfies Narration<typeof lab>
