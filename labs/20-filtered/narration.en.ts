import { formatEndpoint, listingName } from '../../harness/lab.ts'
import type { Connected, Listed, Narration, Ran, Sent } from '../../harness/lab.ts'
import type lab from './lab.ts'
import { isListed, wordOf } from './lab.ts'

/** What became of a client, in one sentence. */
const told = ({ to, outcome, servedBy }: Connected) => {
  const client = `The client that dialled ${formatEndpoint(to)}`
  if (outcome === 'connected')
    return servedBy
      ? `${client} was accepted by ${servedBy.program} (process ${servedBy.pid}).`
      : `${client} was connected.`
  if (outcome === 'timed-out') return `${client} heard nothing, and sent its SYN again.`
  return `${client} was told at once: ${outcome}.`
}

const toldSender = ({ to, outcome, receivedBy }: Sent) => {
  const datagram = `The datagram for UDP ${formatEndpoint(to)}`
  if (outcome === 'silent') return `${datagram} was sent, and nothing came back.`
  if (outcome === 'received')
    return `${datagram} was received${receivedBy ? ` by ${receivedBy.program} (process ${receivedBy.pid})` : ''}.`
  return `${datagram} was answered at once: ${outcome}.`
}

/** What the filter says that it has dropped of one protocol. */
const dropped = ({ printed }: Ran, protocol: 'tcp' | 'udp') => {
  const found = printed.map((line) => new RegExp(`${protocol} dport \\d+ counter packets (\\d+)`).exec(line)?.[1])
  const [number] = found.filter((one) => one !== undefined)
  return number === undefined
    ? 'The filter has no counter for such packets.'
    : `The filter has dropped ${number} ${number === '1' ? 'packet' : 'packets'} for this port over ${protocol.toUpperCase()}.`
}

const inNmap = (scanned: Ran | null, ports: readonly Connected[]) =>
  ports
    .map((one) => `For port ${one.to.port} nmap printed ${(scanned && wordOf(scanned, one)) ?? 'nothing'}.`)
    .join(' ')

const inListing = (listed: Listed) =>
  isListed(listed)
    ? `In ${listingName(listed)} there is a row LISTEN for this port.`
    : `In ${listingName(listed)} there is no row LISTEN for this port.`

const FILTER =
  'A packet filter is a list of rules in the kernel. It looks at each packet that comes in before any TCP or UDP socket does. On Linux its rules are made with the tool nft.'

const NOT_FILTERED = 'The packet got past the filter, or there was no filter.'

const RESET = 'a reset, the TCP packet that says no (its bit RST is set)'

const ICMP = 'ICMP is the protocol in which IP reports its troubles.'

const LOOKS_FOR_A_ROUTE =
  'Before a packet is sent, the kernel looks in its routing table for the way. This happens on the machine of the client, so the answer comes at once, and no packet leaves.'

/** The errors with the words that perror(3) has for them, for who meets them for the first time. */
const CHOICE = {
  EHOSTUNREACH: 'EHOSTUNREACH: no route to host.',
  ENETUNREACH: 'ENETUNREACH: network is unreachable.',
  ECONNREFUSED: 'ECONNREFUSED: connection refused.',
  EINVAL: 'EINVAL: invalid argument.',
  nothing: 'Nothing: neither an answer nor an error.',
}

export default {
  title: 'Refused, filtered, unreachable',
  summary: 'How does a client tell a closed port from a filtered one, and both from an address that has no route?',
  acts: {
    dropped: {
      title: 'A filter that drops',
      intro:
        'The program tcp-and-udp opens a port of 127.0.0.1, the loopback address of this network, over TCP and over UDP. Next to it the program closed holds a second port shut. A first client is served. Then a packet filter is set up. It drops every packet for the first port, and lets all others through.',
      checks: {
        'client-whose-packets-are-dropped-hears-nothing': {
          question: 'A TCP client dials the port whose packets are dropped. What does it hear?',
          outcomes: {
            connected: {
              choice: 'A greeting from the server.',
              seen: ({ filtered }) => told(filtered),
              why: NOT_FILTERED,
              expectedBecause: 'The server runs and listens. But the SYN never gets to it.',
            },
            ECONNREFUSED: {
              choice: 'A refusal, at once.',
              seen: ({ filtered }) => told(filtered),
              why: `Somebody sent ${RESET}. A filter that drops sends nothing.`,
              expectedBecause: 'A filter forbids, and to forbid sounds like to refuse. But to drop is to say nothing.',
            },
            'timed-out': {
              choice: 'Nothing. It has to send again, and again.',
              seen: ({ before, filtered, counted }) =>
                `${told(filtered)} ${dropped(counted, 'tcp')} Before the filter was there: ${told(before)}`,
              why: `${FILTER} To drop a packet is to forget it. The client has sent a SYN, the packet that asks for a connection. Its kernel cannot know whether the SYN or the answer was lost. So it sends the SYN again after about a second, and later several times more. On Linux connect(2) gives up after about two minutes, with ETIMEDOUT. The harness waits only for the second SYN.`,
            },
          },
        },
        'sender-whose-datagrams-are-dropped-hears-nothing': {
          question: 'And a datagram for the same port: what does its sender hear?',
          outcomes: {
            received: {
              choice: 'An answer of the program.',
              seen: ({ filteredUdp }) => toldSender(filteredUdp),
              why: NOT_FILTERED,
              expectedBecause:
                'A filter for one protocol lets the other one through. But this filter has a rule for each.',
            },
            ECONNREFUSED: {
              choice: 'ECONNREFUSED.',
              seen: ({ filteredUdp }) => toldSender(filteredUdp),
              why: `The kernel had no socket for this datagram, and said so with an ICMP message. ${ICMP}`,
              expectedBecause: 'A closed UDP port answers so. But this datagram never came as far as the sockets.',
            },
            silent: {
              choice: 'Nothing.',
              seen: ({ filteredUdp, counted }) => `${toldSender(filteredUdp)} ${dropped(counted, 'udp')}`,
              why: 'Nothing tells the sender that the datagram is gone. send(2) had succeeded: it only hands the datagram to the kernel. So a sender that hears nothing cannot say whether the datagram was dropped, or received by a program that does not answer. The scanner nmap calls this state open|filtered.',
            },
          },
        },
        'closed-port-beside-it-answers-at-once': {
          question:
            'The second port is closed, and no rule is about it. What do a TCP client and the sender of a datagram hear there?',
          outcomes: {
            answers: {
              choice: 'A refusal each, at once.',
              seen: ({ closed, closedUdp }) => `${told(closed)} ${toldSender(closedUdp)}`,
              why: `No socket takes these packets, and the kernel says so by itself. Over TCP it sends ${RESET}. Over UDP it sends the ICMP message port unreachable. ${ICMP} The document dialogue says that data for a closed port is ignored. That describes the filter, not the closed port.`,
            },
            ignores: {
              choice: 'Nothing, both of them.',
              seen: ({ closed, closedUdp }) => `${told(closed)} ${toldSender(closedUdp)}`,
              why: 'The packets were dropped, or the answers were.',
              expectedBecause:
                'Nobody has this port open, so nobody seems to be there to answer. But the kernel is there. The document dialogue makes the same mistake.',
            },
          },
        },
        'nmap-has-a-word-of-its-own-for-the-silent-port': {
          question: 'The scanner nmap dials both ports too. What does it call the one whose packets are dropped?',
          outcomes: {
            filtered: {
              choice: 'Filtered.',
              seen: ({ scanned, before, closed }) => inNmap(scanned, [before, closed]),
              why: 'nmap has three words for what a scan that connects can meet. A handshake means open. A refusal means closed. Silence is filtered, and so is an ICMP error such as that of the second act. Nearly always a filter is behind it: a kernel that gets a SYN answers, unless its accept queue is full, as in lab 11. The document harbour speaks of this third state. nmap cannot know whether a program listens behind the filter.',
            },
            closed: {
              choice: 'Closed.',
              seen: ({ scanned, before, closed }) => inNmap(scanned, [before, closed]),
              why: 'nmap prints closed for a port from which a refusal came.',
              expectedBecause:
                'In daily words a port that nobody can use is closed. nmap is more exact: closed means that the host answered and said no.',
            },
            open: {
              choice: 'Open.',
              seen: ({ scanned, before, closed }) => inNmap(scanned, [before, closed]),
              why: `nmap prints open for a port with which it could connect. ${NOT_FILTERED}`,
              expectedBecause: 'A program has the port open. From outside that cannot be seen.',
            },
          },
        },
        'filtered-port-is-still-listed-as-listening': {
          question:
            'The filter is still in place. On the machine itself its open ports are listed. Is the first port among them?',
          outcomes: {
            listed: {
              choice: 'Yes, as LISTEN.',
              seen: ({ filtered, listed }) => `${inListing(listed)} ${told(filtered)}`,
              why: 'A listing shows sockets. No rule closes a socket, and no listing of sockets shows a rule. The document harbour calls it closing a port to forbid its use. The document dialogue says that a port is closed when no program uses it. These are two different things: this port is forbidden and open at once. To know who gets in, one needs the listing and the rules.',
            },
            gone: {
              choice: 'No: the filter has closed it.',
              seen: ({ filtered, listed }) => `${inListing(listed)} ${told(filtered)}`,
              why: 'No socket listened on this port.',
              expectedBecause:
                'The document harbour says that closing a port is to forbid its use, and a filter forbids. But the row in the table belongs to the socket, and nobody closed that.',
            },
          },
        },
      },
    },

    answered: {
      title: 'Filters that answer, and routes that lead nowhere',
      intro:
        'A server listens on two ports. This time the filter answers. For the first port it sends back an ICMP message, for the second one a reset. Then clients dial 203.0.113.7, an address that nobody has. The route to its network is first of the type unreachable, then of the type blackhole, and in the end there is none.',
      checks: {
        'client-that-a-filter-rejects-is-told-so': {
          question: 'The filter answers for the first port: forbidden by the administrator. What does the client get?',
          outcomes: {
            EHOSTUNREACH: {
              choice: CHOICE.EHOSTUNREACH,
              seen: ({ rejected }) => told(rejected),
              why: `The filter dropped the SYN and sent an ICMP message of type 3, code 13: communication administratively prohibited. Linux turns this code into the error EHOSTUNREACH, no route to host. The words mislead, because there is a route, and the host is there. nmap calls such a port filtered, as it does one that is silent.`,
            },
            ECONNREFUSED: {
              choice: CHOICE.ECONNREFUSED,
              seen: ({ rejected }) => told(rejected),
              why: `ECONNREFUSED stands for ${RESET}, or for the ICMP message port unreachable.`,
              expectedBecause:
                'Whoever is told no seems to be refused. But which error it is depends on the answer: this ICMP message gives EHOSTUNREACH.',
            },
            'timed-out': {
              choice: CHOICE.nothing,
              seen: ({ rejected }) => told(rejected),
              why: 'The filter dropped the SYN and sent nothing, or its message was lost.',
              expectedBecause: 'The filter of the first act was silent. This one rejects instead of dropping.',
            },
            connected: {
              choice: 'A connection.',
              seen: ({ rejected }) => told(rejected),
              why: NOT_FILTERED,
            },
          },
        },
        'client-that-a-filter-resets-sees-a-closed-port': {
          question:
            'For the second port the filter answers with a reset. A server listens there. What does the port look like from outside?',
          outcomes: {
            closed: {
              choice: 'Like a closed port.',
              seen: ({ reset, listed }) => `${told(reset)} ${inListing(listed)}`,
              why: 'Where no socket listens, the kernel answers a SYN with a reset. This filter does the same, though a socket listens. So a refusal does not prove that nobody listens, and nmap would print closed.',
            },
            'another-answer': {
              choice: 'Like a port of another kind.',
              seen: ({ reset, listed }) => `${told(reset)} ${inListing(listed)}`,
              why: 'No reset came back, so it was not the filter that answered with one.',
              expectedBecause:
                'A server listens there, so the port seems to be open. But the SYN never gets as far as its socket. The filter alone answers.',
            },
          },
        },
        'route-of-type-unreachable-is-told-at-once': {
          question:
            'The route to the network of 203.0.113.7 is of the type unreachable. What does a client get that dials this address?',
          outcomes: {
            EHOSTUNREACH: {
              choice: CHOICE.EHOSTUNREACH,
              seen: ({ unreachable }) => told(unreachable),
              why: `${LOOKS_FOR_A_ROUTE} A route of the type unreachable says: do not try. A router with such a route tells other hosts so by ICMP, and its own programs get EHOSTUNREACH. It is the same error as from the filter that rejects.`,
            },
            ENETUNREACH: {
              choice: CHOICE.ENETUNREACH,
              seen: ({ unreachable }) => told(unreachable),
              why: `${LOOKS_FOR_A_ROUTE} It found no entry for this address.`,
              expectedBecause:
                'A whole network is called unreachable. But ENETUNREACH says that there is no entry at all.',
            },
            ECONNREFUSED: {
              choice: CHOICE.ECONNREFUSED,
              seen: ({ unreachable }) => told(unreachable),
              why: 'A host was there and refused.',
              expectedBecause: 'It sounds like a refusal. But to refuse takes a host that answers.',
            },
            'timed-out': {
              choice: CHOICE.nothing,
              seen: ({ unreachable }) => told(unreachable),
              why: 'The SYN left, and nobody answered.',
              expectedBecause:
                "Nobody has the address, so nobody can answer. But the client's own kernel gives up before it sends anything.",
            },
          },
        },
        'route-of-type-blackhole-is-told-at-once': {
          question:
            'Now the route is of the type blackhole, which swallows packets in silence. What does the client get?',
          outcomes: {
            EINVAL: {
              choice: CHOICE.EINVAL,
              seen: ({ blackhole }) => told(blackhole),
              why: 'A blackhole is silent towards other hosts: what they send through this one is thrown away without a word. But the programs of the host itself get an error, and it is the odd EINVAL. The man page ip-route(8) says so.',
            },
            ENETUNREACH: {
              choice: CHOICE.ENETUNREACH,
              seen: ({ blackhole }) => told(blackhole),
              why: `${LOOKS_FOR_A_ROUTE} It found no entry for this address.`,
              expectedBecause:
                'The network cannot be reached, and that is what the name says. Linux has another error here.',
            },
            EHOSTUNREACH: {
              choice: CHOICE.EHOSTUNREACH,
              seen: ({ blackhole }) => told(blackhole),
              why: `${LOOKS_FOR_A_ROUTE} This is the error for a route of the type unreachable.`,
              expectedBecause: 'The route before it gave this error. Each type of route has its own.',
            },
            'timed-out': {
              choice: CHOICE.nothing,
              seen: ({ blackhole }) => told(blackhole),
              why: 'The SYN left, and nobody answered.',
              expectedBecause:
                'A blackhole swallows packets in silence, as the filter of the first act does. But that is what other hosts see.',
            },
          },
        },
        'address-without-a-route-is-told-at-once': {
          question: 'The route is deleted. Now nothing in the table is about this address. What does the client get?',
          outcomes: {
            ENETUNREACH: {
              choice: CHOICE.ENETUNREACH,
              seen: ({ noRoute }) => told(noRoute),
              why: 'No entry of the routing table fits, not even a default route, the entry for all the rest. A computer that is connected to no network gives the same answer. With a default route the SYN would leave, and it would be up to others to answer.',
            },
            EHOSTUNREACH: {
              choice: CHOICE.EHOSTUNREACH,
              seen: ({ noRoute }) => told(noRoute),
              why: 'A route was there that said so, or a host on the same wire did not answer when it was looked for.',
              expectedBecause:
                'No host is there. But the kernel gives up one step before that: it knows no way to the network.',
            },
            ECONNREFUSED: {
              choice: CHOICE.ECONNREFUSED,
              seen: ({ noRoute }) => told(noRoute),
              why: 'A host was there and refused.',
              expectedBecause: 'It fails at once, as a refusal does. But nobody was asked.',
            },
            'timed-out': {
              choice: CHOICE.nothing,
              seen: ({ noRoute }) => told(noRoute),
              why: 'The SYN left by a default route, and nobody answered.',
              expectedBecause: 'On a machine with a default route it would be so. This network has none.',
            },
          },
        },
      },
    },
  },
  remember: [
    'Refused: a reset came back, or the ICMP message port unreachable. Timed out: nothing came back. Unreachable: a route or a filter said so.',
    'A closed port answers, over TCP with a reset, over UDP with an ICMP message. A filter can make it silent.',
    'A filter can also send a reset. Then a port with a listener looks closed.',
    'A listing shows sockets and no rules. A port can be in LISTEN and reachable by nobody.',
  ],
} satisfies Narration<typeof lab>
