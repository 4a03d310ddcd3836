import { formatEndpoint } from '../../harness/lab.ts'
import type { Connected, Narration, Said, Sent, Started } from '../../harness/lab.ts'
import type lab from './lab.ts'
import type { Packet } from './packets.ts'
import { flagged, packetsIn, unreachable, withPort } from './packets.ts'

const ownPort = ({ local }: Started) => local?.port ?? 0

const isConnected = (client: Started) =>
  client.local ? `The client's own end was ${formatEndpoint(client.local)}.` : 'The client was not connected.'

/** `50001 to 8080 with [S]`, one for each packet. */
const told = (packets: readonly Packet[]) =>
  packets.length === 0
    ? 'no such packet'
    : packets.map(({ ports: [from, to], flags }) => `${from} to ${to} with [${flags}]`).join(', then ')

/** The same within a sentence. */
const toldOf = (packets: readonly Packet[]) => (packets.length === 0 ? 'no packet' : told(packets))

const first = (connection: Said, client: Started, what = 'these packets') =>
  `The capture begins with ${what}: ${told(withPort(packetsIn(connection), ownPort(client)).slice(0, 3))}. ${isConnected(client)}`

const between = (connection: Said, client: Started) => {
  const packets = packetsIn(connection).filter(({ protocol }) => protocol === 'tcp')
  const pairs = new Set(packets.map(({ ports }) => ports.join(' to ')))
  return `The capture has ${packets.length} TCP packets, and the ports in them are ${[...pairs].join(', and ') || 'none'}. ${isConnected(client)}`
}

const ends = (connection: Said, client: Started) => {
  const packets = withPort(packetsIn(connection), ownPort(client))
  return `The flag F is in ${toldOf(flagged(packets, 'F'))}. The flag R is in ${toldOf(flagged(packets, 'R'))}. ${isConnected(client)}`
}

const answered = (refusals: Said, { to }: Connected) =>
  `The capture has for port ${to.port}: ${told(withPort(packetsIn(refusals), to.port))}.`

const lines = (refusals: Said, { to }: Sent) => {
  const found = unreachable(packetsIn(refusals), to.port).map(({ line }) => line)
  return `A datagram went to UDP ${formatEndpoint(to)}. ${found.length === 0 ? 'The capture has no ICMP message about this port.' : `Then the capture has: ${found.join(', and ')}.`}`
}

const FLAGS =
  'The header of each TCP packet, the bytes in front of the data, has some bits that are called flags. tcpdump prints them as letters: S for SYN, F for FIN, R for RST, P for PSH, which says that the data should be passed on at once, and a dot for ACK.'

export default {
  title: 'On the wire',
  summary: 'What is in the packets of a connection, and in those that refuse one?',
  acts: {
    captured: {
      title: 'A capture of the loopback interface',
      intro:
        'tcpdump prints a line for each packet that passes a network interface. Here that is lo, the loopback interface, by which a host talks to itself. The program capture copies its packets, beginning before anything is sent, and gives them to tcpdump. A server greets its client and closes. Then the client closes. After that a closed port is dialled over TCP, and gets a datagram over UDP.',
      checks: {
        'connection-begins-with-three-packets': {
          question: 'A client connects. How many packets does that take before the first byte of data?',
          outcomes: {
            three: {
              choice: 'Three.',
              seen: ({ connection, client }) => first(connection, client, 'the three packets of the handshake'),
              why: `${FLAGS} The client's kernel asks with a SYN. The server's kernel agrees: its packet has a SYN of its own, and an ACK for the first one. The client's kernel acknowledges that. This is the handshake. After it each side knows the number from which the other one counts its bytes.`,
            },
            two: {
              choice: 'Two.',
              seen: ({ connection, client }) => first(connection, client),
              why: 'The third packet of the handshake came together with data. TCP allows that.',
              expectedBecause:
                'A question and an answer seem to be enough. But the server has sent a SYN too, and that has to be acknowledged.',
            },
            one: {
              choice: 'One.',
              seen: ({ connection, client }) => first(connection, client),
              why: 'No SYN of the server followed, so there was no handshake.',
              expectedBecause:
                'A datagram needs no more than one. A connection has two sides that both have to know of it.',
            },
          },
        },
        'packet-of-a-connection-carries-both-ports': {
          question: 'Which port numbers are in a packet of this connection?',
          outcomes: {
            both: {
              choice: "The client's and the server's, in every packet.",
              seen: ({ connection, client }) => between(connection, client),
              why: 'A TCP packet begins with two numbers: the port from which it comes, and the port to which it goes. On the way back they change places. The two addresses stand in front of them, in the header of IP. By these four numbers, the four-tuple, a kernel finds the connection. The packet has no name of a host, of a program or of a process. tcpdump may write HTTP beside the data, because 8080 is often used for that. Nobody here speaks HTTP.',
            },
            'the-servers': {
              choice: "Only the server's.",
              seen: ({ connection, client }) => between(connection, client),
              why: 'Some packets belonged to other clients.',
              expectedBecause:
                'People talk of one port, the one that is dialled. But without the other one no answer could find its way.',
            },
            none: {
              choice: 'None: the ports are agreed upon at the start.',
              seen: ({ connection, client }) => between(connection, client),
              why: 'The capture showed no port, so tcpdump did not know these packets for TCP.',
              expectedBecause:
                'A telephone line is set up once. But TCP has no line: every packet has to tell by itself where it belongs.',
            },
          },
        },
        'each-side-ends-a-connection-with-a-packet-of-its-own': {
          question: 'How does the connection end?',
          outcomes: {
            'a-fin-each': {
              choice: 'Each side says that nothing more will come from it.',
              seen: ({ connection, client }) => ends(connection, client),
              why: 'The flag for this is called FIN. It ends one direction only. After the FIN of the server the client could still have sent. Had the server called close(2), and not only shutdown(2), its kernel would have answered that with a reset. Each FIN is acknowledged.',
            },
            'one-fin': {
              choice: 'One side says so, for both.',
              seen: ({ connection, client }) => ends(connection, client),
              why: 'Only one side had closed when the capture was read.',
              expectedBecause:
                'A telephone call ends when one side hangs up. But a TCP connection has two directions, and each is ended by its sender.',
            },
            'a-reset': {
              choice: 'One side breaks it off, with a reset.',
              seen: ({ connection, client }) => ends(connection, client),
              why: 'A reset is a packet with the flag RST. It is sent, for example, by a side that closes before it has read all that came.',
            },
          },
        },
        'closed-tcp-port-answers-with-a-reset': {
          question: 'A client dials a closed port. What comes back?',
          outcomes: {
            reset: {
              choice: 'One packet that says no.',
              seen: ({ refusals, refused }) => answered(refusals, refused),
              why: 'The answer to the SYN carries the flag RST: it is a reset. It comes from the port that was dialled, although no socket listens there. The kernel makes it by itself. The client program gets the error ECONNREFUSED.',
            },
            'syn-ack': {
              choice: 'The second packet of a handshake.',
              seen: ({ refusals, refused }) => answered(refusals, refused),
              why: 'A socket listened on this port.',
              expectedBecause:
                'The handshake could come first and the refusal later. But the kernel looks for a listener before it answers.',
            },
            nothing: {
              choice: 'Nothing.',
              seen: ({ refusals, refused }) => answered(refusals, refused),
              why: 'The SYN was dropped, as by a packet filter.',
              expectedBecause:
                'The document dialogue says that a closed port ignores what comes. But the kernel answers in its place.',
            },
          },
        },
        'closed-udp-port-answers-with-an-icmp-message': {
          question: 'A datagram goes to a closed UDP port. What comes back?',
          outcomes: {
            icmp: {
              choice: 'A message of another protocol, ICMP.',
              seen: ({ refusals, datagram }) => lines(refusals, datagram),
              why: 'UDP has no flags and no way to say no. So the kernel says it by ICMP, the protocol in which IP reports its troubles. The message itself has no ports. It quotes the beginning of the datagram, and there both ports are. By them the kernel of the sender finds the socket. If connect(2) was called for that socket, the program gets the error ECONNREFUSED.',
            },
            nothing: {
              choice: 'Nothing.',
              seen: ({ refusals, datagram }) => lines(refusals, datagram),
              why: 'A socket took the datagram, or a packet filter dropped it.',
              expectedBecause:
                'UDP has no answer of its own. But the kernel that finds no socket for the datagram answers by ICMP.',
            },
          },
        },
      },
    },
  },
  remember: [
    'A connection begins with SYN, SYN and ACK, ACK. Each side ends it with a FIN.',
    "Every TCP and UDP packet carries two ports: its sender's and its receiver's.",
    'A closed port says no: over TCP with a reset, over UDP with an ICMP message.',
  ],
} satisfies Narration<typeof lab>
