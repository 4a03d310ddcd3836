import { formatEndpoint } from '../../harness/lab.ts'
import type { Connected, Narration, Sent, Started } from '../../harness/lab.ts'
import type lab from './lab.ts'

const shown = (endpoint: { address: string; port: number } | null | undefined) =>
  endpoint ? formatEndpoint(endpoint) : 'an unknown address'

const dialled = ({ to }: Connected) => `The client that dialled ${formatEndpoint(to)}`

/** What became of a client, and how its server saw it. */
const came = (client: Connected | null) => {
  if (!client) return 'There was no client.'
  const { outcome, servedBy, seenByServer } = client
  if (outcome === 'timed-out') return `${dialled(client)} heard nothing, and had to send its SYN a second time.`
  if (outcome !== 'connected') return `${dialled(client)} was refused: ${outcome}.`
  if (!servedBy) return `${dialled(client)} was connected, though no program has accepted it.`
  return `${servedBy.program} (process ${servedBy.pid}) accepted the client, and saw it as ${shown(seenByServer?.peer)}.`
}

const refused = ({ program, error }: Started) => (error ? `${program} was refused: ${error.message}.` : '')

/** The row of the client's socket: both ends. */
const ends = ({ pid, local, rows }: Started) =>
  `The socket of process ${pid} has ${shown(local)} as its own end, and ${shown(rows.find(({ peer }) => peer)?.peer)} as the other one.`

/** Who sent a datagram, and what became of it. */
const sent = (who: string, { local, outcome, receivedBy }: Sent) => {
  const sender = `${who} sent from ${shown(local)}`
  if (receivedBy) return `${sender}, and ${receivedBy.program} (process ${receivedBy.pid}) got it.`
  return outcome === 'silent' ? `${sender}, and heard nothing.` : `${sender}, and got ${outcome}.`
}

type SharedPort = { client: Started; server: Started; fromPeer: Sent; fromStranger: Sent }

const bothSent = ({ client, server, fromPeer, fromStranger }: SharedPort) =>
  `Process ${client.pid} is the client, and process ${server.pid} the server. ${sent('The peer', fromPeer)} ${sent('The stranger', fromStranger)}`

const aloneSent = ({ client, alone }: { client: Started; alone: Sent }) =>
  `${ends(client)} ${sent('The stranger', alone)}`

const NOBODY =
  'Nobody listened at the address and port that the client dialled. So the kernel answered its SYN, the packet that asks for a connection, with a reset, the packet that says no.'

export default {
  title: 'The port of the client',
  summary: 'Must a client choose a port of its own, and may it?',
  acts: {
    neverBinds: {
      title: 'A client that chooses nothing',
      intro:
        'A server calls bind(2) to say which address and port its socket shall have. The program client does not: it calls connect(2) alone, with the address and port of the server. Then we look in the tables of the system for the addresses and ports of its socket.',
      checks: {
        'client-that-never-binds-is-connected': {
          question: 'The client has not called bind, so nobody has chosen a port for it. Does it get through?',
          outcomes: {
            connected: {
              choice: 'Yes, it is connected.',
              seen: ({ client }) => `Process ${client.pid} is connected, and its own end is ${shown(client.local)}.`,
              why: 'A connection needs an address and a port at each end. Where the client has none, connect chooses both. The address is the one from which the route to the server starts. The port is one of the ephemeral ports, a range that the system keeps for this. The document tuple says that a client never has to call bind, and this is so.',
            },
            ECONNREFUSED: {
              choice: 'No, it is refused.',
              seen: ({ client }) => refused(client),
              why: NOBODY,
              expectedBecause:
                'Every socket needs a port, and only bind seems to give one. But connect gives one as well, if there is none yet.',
            },
          },
        },
        'connect-gives-a-socket-the-address-of-the-server': {
          question:
            'connect was told the address and port of the server. In which end of the socket of the client do they end up?',
          outcomes: {
            'as-the-other-end': {
              choice: 'In its other end.',
              seen: ({ client }) => ends(client),
              why: 'A connected socket has two ends: its own and that of the peer, the socket on the other side. connect writes the address and port of the server into the second place, as the document tuple says. It also fills the first place, which tuple leaves out. Two addresses and two ports are four values: together they tell this connection from every other.',
            },
            'as-its-own': {
              choice: 'In its own end.',
              seen: ({ client }) => ends(client),
              why: 'The socket of the client has the very address and port that it dialled. It has connected to itself: TCP allows that when a client happens to get the port that it dials.',
              expectedBecause:
                'bind gives a socket the address that it is told, so connect may seem to do the same. But bind names the near end, and connect the far one.',
            },
            'not-at-all': {
              choice: 'In neither.',
              seen: ({ client }) => ends(client),
              why: 'A socket gets the address of a peer only when it is connected to that peer.',
              expectedBecause:
                'The server has the address, so why should the client keep it? Every packet of the client must carry it, and the kernel takes it from the socket.',
            },
          },
        },
      },
    },

    chooses: {
      title: 'A client that chooses',
      intro:
        'A client may call bind before connect, just as a server calls it before listen. In Node it does so with localPort and localAddress, in netcat with -p and -s. The first client here chooses a port. The second chooses a port and the address 127.0.0.2, which is a loopback address too: it leads back to this machine.',
      checks: {
        'server-sees-the-port-that-the-client-chose': {
          question: 'The first client has chosen a port. Which port does the server see?',
          outcomes: {
            'the-chosen-port': {
              choice: 'The one that the client chose.',
              seen: ({ chosen: [{ port }], fromPort }) => `The client chose port ${port}. ${came(fromPort)}`,
              why: 'bind gave the socket its port, and connect left it as it was. Node had bound it to 0.0.0.0 and this port, as no address was chosen, and connect filled in the address. So the document tuple is right: a client could call bind.',
            },
            'another-port': {
              choice: 'Another one: the system chooses it.',
              seen: ({ chosen: [{ port }], fromPort }) => `The client chose port ${port}. ${came(fromPort)}`,
              why: 'The port was changed on the way, as it is by a router that translates addresses. On loopback there is none, unless a packet filter does it.',
              expectedBecause:
                'Clients are known for ports that the system chose. It chooses only where the client did not.',
            },
            ECONNREFUSED: {
              choice: 'None: the client is refused.',
              seen: ({ fromPort }) => came(fromPort),
              why: NOBODY,
              expectedBecause:
                'To choose a port is what servers do. But for the kernel a port of a client is nothing special: any free one will do.',
            },
          },
        },
        'server-sees-the-address-that-the-client-chose': {
          question:
            'The second client has chosen 127.0.0.2 and a port, and dials 127.0.0.1. As whom does the server see it?',
          outcomes: {
            'the-chosen-address': {
              choice: 'As 127.0.0.2, with the port that it chose.',
              seen: ({ chosen: [, address], fromBoth }) =>
                `The client chose ${formatEndpoint(address)}. ${came(fromBoth)}`,
              why: 'A client may have any address of its machine, and Linux counts all of 127.0.0.0/8 among them. A machine with several addresses can choose in this way as whom it is seen. Without bind the client would have had 127.0.0.1.',
            },
            'another-address': {
              choice: 'As 127.0.0.1, or with another port.',
              seen: ({ chosen: [, address], fromBoth }) =>
                `The client chose ${formatEndpoint(address)}. ${came(fromBoth)}`,
              why: 'Something between the two changed the address or the port, as a packet filter can.',
              expectedBecause:
                'A client that chooses no address has 127.0.0.1 here, whichever loopback address it dials. This one has chosen.',
            },
            ECONNREFUSED: {
              choice: 'As nobody: the client is refused.',
              seen: ({ fromBoth }) => came(fromBoth),
              why: NOBODY,
              expectedBecause:
                'The two ends have different addresses, and one may think that they must be of one kind. Both are addresses of this machine, and so packets find their way.',
            },
          },
        },
      },
    },

    takenPort: {
      title: 'A port that is taken',
      intro:
        'Two listeners run on 127.0.0.1, each with a port of its own. A client wants to dial the first one, and chooses for itself the address and port of the second.',
      checks: {
        'client-chooses-a-port-where-a-listener-is': {
          question: 'The client chooses an address and port at which somebody listens. Does it get through?',
          outcomes: {
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ holder }) =>
                `${holder.program} (process ${holder.pid}) listens on ${shown(holder.local)}. The client that wanted that address for itself got EADDRINUSE.`,
              why: 'This is the answer of bind, and it is the same for a client as for a server: Linux lets no socket share an address and port with one that listens there, unless both have SO_REUSEPORT. connect was not even called. A client that leaves the choice to connect gets a port that clashes with no other.',
            },
            connected: {
              choice: 'Yes, it is connected.',
              seen: ({ client }) => came(client),
              why: 'The second listener was not at the address that the client chose.',
              expectedBecause:
                'A listener and a client of another server do not hinder each other, as packets of the two differ at the other end. Linux does not look that far when it binds a socket.',
            },
            ECONNREFUSED: {
              choice: 'No, it is refused by the one that it dials.',
              seen: ({ client }) => came(client),
              why: `The client could have its address. ${NOBODY}`,
              expectedBecause:
                'A client that does not get through is mostly refused. Here the client fails before it has sent a packet.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ client }) => came(client),
              why: 'The client could have its address, and sent its SYN. Something dropped the packet or the answer, such as a packet filter.',
              expectedBecause:
                'The answers to the client might go to the listener, as they carry its address and port. It does not come to that: bind refuses the client.',
            },
          },
        },
      },
    },

    sharedPort: {
      title: 'A port for two, over UDP',
      intro:
        'A client may call bind and connect over UDP too. The program one-peer takes a port in this way, and names the port of its peer. A stranger sends it a datagram, which is a message in one packet. Then a server without a peer takes the same address and port. Both have set SO_REUSEADDR, the option with which Linux lets UDP sockets share them. Now the peer sends, and after it a stranger.',
      checks: {
        'stranger-reaches-a-connected-udp-socket': {
          question:
            'The client is connected to its peer, and nobody else has its port yet. A stranger sends a datagram to that port. What comes of it?',
          outcomes: {
            ECONNREFUSED: {
              choice: 'It is refused: ECONNREFUSED.',
              seen: aloneSent,
              why: 'Over UDP connect sends no packet: it writes the peer into the socket. From then on the socket takes datagrams of this peer only. For everybody else the port is closed, though a socket has it. So the kernel answers the stranger as it does from a port that nobody has, with the ICMP message port unreachable.',
            },
            received: {
              choice: 'The client gets it.',
              seen: aloneSent,
              why: 'The socket had no peer, and so it took a datagram from anybody.',
              expectedBecause:
                'The client has the port, and a UDP socket takes whatever comes to its port. The second half is true only until connect gives it a peer.',
            },
            silent: {
              choice: 'It is lost, and nobody hears of it.',
              seen: aloneSent,
              why: 'Something dropped the datagram or the answer, such as a packet filter.',
              expectedBecause:
                'A socket is there, and merely does not want the datagram. But the kernel does not ask it: it looks for a socket that fits the sender too, finds none and says so.',
            },
          },
        },
        'kernel-tells-two-udp-sockets-of-one-port-apart-by': {
          question:
            'The client has a peer and the server has none. Both have one address and port, and the client was there first. Who gets the datagram of the peer, and who that of the stranger?',
          outcomes: {
            sender: {
              choice: 'The client gets that of its peer, and the server that of the stranger.',
              seen: bothSent,
              why: 'The kernel compares four values: the addresses and the ports of both ends. A connected socket fits when all four do, and then it comes before a socket without a peer. The document tuple says that the kernel picks a socket by its four-tuple. Here it is so, over UDP as well. A server can use this to give a client a socket of its own, as accept does over TCP.',
            },
            'last-bound': {
              choice: 'The server gets both: it was bound last.',
              seen: bothSent,
              why: 'The client had no peer, and so both sockets fitted both datagrams. Of such sockets Linux takes the one that was bound last.',
              expectedBecause:
                'Linux does so where UDP sockets share a port and none has a peer. A socket with a peer comes before them, whenever it was bound.',
            },
            'first-bound': {
              choice: 'The client gets both: it was bound first.',
              seen: bothSent,
              why: 'The server got nothing, although it had the port too.',
              expectedBecause:
                'Who comes first has the port, as elsewhere. But the client has asked for one sender only, and leaves the rest to others.',
            },
            EADDRINUSE: {
              choice: 'The question does not arise: the server gets EADDRINUSE.',
              seen: ({ server }) => refused(server),
              why: 'To bind a socket the system compares addresses and ports, and not peers. Linux lets a second UDP socket in where both have set SO_REUSEADDR, and another system may not.',
              expectedBecause:
                'The act before has shown this, over TCP. Over UDP SO_REUSEADDR on both sockets makes the difference.',
            },
          },
        },
      },
    },
  },
  remember: [
    'A client that calls no bind gets its address and its port from connect. A client that does call it keeps what it chose.',
    'connect gives a socket two addresses: that of the peer, which it was told, and one of its own, if it has none yet.',
    'A port that a client chooses may be in use. Then it gets EADDRINUSE, like a server.',
    'A connected UDP socket takes datagrams from its peer only, and gets them before any other socket of its port.',
  ],
} satisfies Narration<typeof lab>
