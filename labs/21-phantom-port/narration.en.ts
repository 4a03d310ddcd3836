import { formatEndpoint, listingName } from '../../harness/lab.ts'
import type { Listed, Narration, Said, Started } from '../../harness/lab.ts'
import type lab from './lab.ts'
import { openFor, ownEnd, ownPeers, rowOf, survivor } from './rows.ts'

const holders = (pids: readonly number[]) =>
  pids.length === 0 ? 'no process' : pids.length === 1 ? `process ${pids[0]}` : `the processes ${pids.join(' and ')}`

/** `In the listing of ss, question (process 12) has UDP 0.0.0.0:41000 and no peer.` */
const clientRow = (client: Said, listed: Listed) => {
  const row = rowOf(client, listed)
  const name = `${client.program} (process ${client.pid})`
  if (!row)
    return `The listing of ${listingName(listed)} has no row for ${formatEndpoint(ownEnd(client))}, the end of ${name}.`
  const peer = row.peer === null ? 'no peer' : `the peer ${formatEndpoint(row.peer)}`
  return `In the listing of ${listingName(listed)}, ${name} has UDP ${formatEndpoint(row.local)} and ${peer}.`
}

const besideServer = (client: Said, during: Listed, server: Listed) => {
  const row = server.rows.find(({ protocol }) => protocol === 'udp')
  const its = row
    ? ` The server has UDP ${formatEndpoint(row.local)} and ${row.peer === null ? 'no peer' : 'a peer'}.`
    : ''
  return clientRow(client, during) + its
}

const heldBy = (client: Said, listed: Listed) => {
  const pids = [...new Set(rowOf(client, listed)?.holders.map(({ pid }) => pid))]
  return `The row of ${formatEndpoint(ownEnd(client))} names ${holders(pids)}. The client is process ${client.pid}.`
}

const later = (client: Said, during: Listed, after: Listed) => {
  const left = survivor(client, during, after)
  const end = formatEndpoint(ownEnd(client))
  if (!left) return `The client (process ${client.pid}) has ended, and no listing has a row for ${end} any more.`
  return `The client (process ${client.pid}) has ended, and ${end} is still listed, with ${holders(left.holders.map(({ pid }) => pid))}.`
}

const given = (client: Said, range: [number, number] | null) =>
  `The client got port ${ownEnd(client).port}. The range for clients is ${range ? `${range[0]} to ${range[1]}` : 'unknown'}.`

const ports = (said: Said) => {
  const open = openFor(said).map(({ port, from }) => `port ${port} open, which it had dialled from port ${from}`)
  return open.length === 0 ? 'none of them open' : open.join(', and ')
}

const scans = (before: Said, after: Said) =>
  `At first the scanner called ${ports(before)}. With the range set to two ports it called ${ports(after)}.`

const clientEnds = ({ pid, outcome, local }: Started, listed: Listed) => {
  if (outcome !== 'connected') return `The client (process ${pid}) was refused: ${outcome}.`
  const own = local ? formatEndpoint(local) : 'unknown'
  const [row] = ownPeers(listed)
  return `The client (process ${pid}) was connected. Its own end is ${own}, and its peer is ${row ? 'the same' : 'another one'}.`
}

const connections = (listed: Listed) => {
  const rows = ownPeers(listed).map(
    ({ local, peer }) => `${formatEndpoint(local)} with ${peer ? formatEndpoint(peer) : ''}`,
  )
  const count = rows.length === 1 ? 'There is 1 row' : `There are ${rows.length} rows`
  return `${count} for this connection in the listing of ${listingName(listed)}${rows.length === 0 ? '' : `: ${rows.join(', and ')}`}.`
}

const NO_PEER =
  'A UDP socket that was never connected has no peer. It takes datagrams from anybody, and that is all that the table can say of a server, too. So a question that some program asks over UDP, such as the address of a name or the time, is an open port for as long as the program waits for the answer.'

const PEER =
  'connect(2) on a UDP socket sends nothing. It tells the kernel which peer the socket has. From then on the socket takes datagrams from this peer only, and the table shows the peer.'

const NO_ROW = 'The socket was not in the table, or the listing leaves such sockets out.'

const OPENS_ITSELF =
  'A client that names no port of its own gets one from the range for clients. Here it got the very number that it dialled. So its SYN, the packet that asks for a connection, came back to the socket that had sent it. Two sides that send each other a SYN at one time are connected by that: TCP calls it a simultaneous open. The two sides may be one socket.'

const REFUSED =
  'The client dialled from another port than the one that it asked. Nobody listened there, so the kernel answered the SYN, the packet that asks for a connection, with a reset, the packet that says no.'

export default {
  title: 'An open port that is gone a moment later',
  summary: 'A listing or a scan shows an open port that cannot be found again. Why, and whose is it?',
  acts: {
    question: {
      title: 'A question over UDP',
      intro:
        'A server has a UDP socket on port 8080, or on another number where that one is taken. A client asks it something, as programs do that want to know a name or the time. The client names no port of its own, and sends one datagram. A second client does the same, but calls connect(2) first. Then the first client ends.',
      checks: {
        'unbound-udp-client-is-listed-like-a-server': {
          question: 'The first client has sent its datagram. What does a listing of all sockets show of it?',
          outcomes: {
            'like-a-server': {
              choice: 'A row like that of a server: an own port, and no peer.',
              seen: ({ sent, during, server }) => besideServer(sent, during, server),
              why: NO_PEER,
            },
            'with-its-peer': {
              choice: 'A row with the server as its peer.',
              seen: ({ sent, during, server }) => besideServer(sent, during, server),
              why: PEER,
              expectedBecause:
                'A TCP client is listed with its peer. A UDP socket can send to a different peer each time, and keeps none of them.',
            },
            'not-listed': {
              choice: 'Nothing: it is a client, and clients have no open port.',
              seen: ({ sent, during, server }) => besideServer(sent, during, server),
              why: NO_ROW,
              expectedBecause:
                'A client seems only to send. But the answer needs somewhere to go, and so the client has a port as well.',
            },
          },
        },
        'connected-udp-client-is-listed-like-a-server': {
          question: 'The second client called connect(2) before it sent. What does the listing show of that one?',
          outcomes: {
            'like-a-server': {
              choice: 'A row like that of a server: an own port, and no peer.',
              seen: ({ connected, duringOther }) => clientRow(connected, duringOther),
              why: NO_PEER,
              expectedBecause:
                'UDP knows no connections on the wire. But the kernel keeps a peer for a socket that asks for it, and shows it.',
            },
            'with-its-peer': {
              choice: 'A row with the server as its peer.',
              seen: ({ connected, duringOther }) => clientRow(connected, duringOther),
              why: `${PEER} With -l, which means listening, ss leaves such a socket out. So this client would not have been taken for a server.`,
            },
            'not-listed': {
              choice: 'Nothing.',
              seen: ({ connected, duringOther }) => clientRow(connected, duringOther),
              why: NO_ROW,
              expectedBecause:
                'A listing of what is open leaves it out. This was a listing of connections as well, and a UDP socket with a peer is among them.',
            },
          },
        },
        'listing-names-the-program-of-a-udp-client': {
          question: 'While the row of the first client is there: which program does it name?',
          outcomes: {
            'the-client': {
              choice: 'The client.',
              seen: ({ sent, during }) => heldBy(sent, during),
              why: 'The row has a process for as long as a process has the socket open. So the program of a port that comes and goes is found by listing at the right moment, over and over if need be. The document checklist asks which programs do this. They are programs that ask over UDP without connect(2), as some do to look up a name, and as all must that ask many neighbours at once.',
            },
            'more-than-one': {
              choice: 'The client and a further program.',
              seen: ({ sent, during }) => heldBy(sent, during),
              why: 'A child gets the sockets of its parent unless the parent prevents it. Then both hold the same socket, and the port stays until both have closed it.',
              expectedBecause:
                'The server has received the datagram, but it has a socket of its own, with its own port.',
            },
            nobody: {
              choice: 'None.',
              seen: ({ sent, during }) => heldBy(sent, during),
              why: 'The socket was not in the table, or this listing may not say who holds it.',
              expectedBecause:
                'The client never asked for this port, so the port might belong to the system. But the socket is open in the client, and in no other process.',
            },
          },
        },
        'udp-port-is-gone-when-its-client-has-ended': {
          question: 'The first client has ended. Is its port still there?',
          outcomes: {
            gone: {
              choice: 'No.',
              seen: ({ sent, during, after }) => later(sent, during, after),
              why: 'When a process ends, the kernel closes what it had open. A UDP socket leaves nothing behind: there was no connection that would have to be ended. So whoever looks a moment later finds no port, and no process. The document checklist tells of such a port, seen once in the 65000s.',
            },
            'still-there': {
              choice: 'Yes, for a while.',
              seen: ({ sent, during, after }) => later(sent, during, after),
              why: 'Some other process has the same socket open. A socket is closed when the last of its holders has closed it.',
              expectedBecause: 'A TCP connection may stay in TIME-WAIT for a minute. UDP has no such state.',
            },
          },
        },
        'port-of-an-unbound-udp-client-is-one-for-clients': {
          question: 'From which numbers did the first client get its port?',
          outcomes: {
            'one-for-clients': {
              choice: 'From the range that the system keeps for clients.',
              seen: ({ sent, ephemeralRange }) => given(sent, ephemeralRange),
              why: 'Such a port is called ephemeral: it is lent for a short time. On Linux the range is 32768 to 60999 unless somebody changes it, for UDP and for TCP. The port in the document checklist was in the 65000s. That is an ephemeral port where the range reaches up to 65535, as on FreeBSD and macOS. On Linux as it is set up, a port up there is a reason to look closer: some program has asked for it by number.',
            },
            another: {
              choice: 'From any that are free.',
              seen: ({ sent, ephemeralRange }) => given(sent, ephemeralRange),
              why: 'This is a number that the system does not give to clients. A program must have named it in bind(2).',
              expectedBecause:
                'The client did not care, so any number might do. But the numbers that servers like to use should stay free for them.',
            },
          },
        },
      },
    },

    meetsItself: {
      title: 'A scanner that meets itself',
      intro:
        'A scanner finds open ports from outside: it dials one after the other. This one dials four, and nobody listens on any of them. Then the range from which clients get their ports is set to two numbers, the first two of those four, and the scanner dials again. On a machine in use the range has thousands of numbers, and a scan of all ports crosses it. At last a client dials the first of the four, and stays.',
      checks: {
        'scanner-finds-a-port-open-where-nobody-listens': {
          question: 'Nobody listens, neither before nor after the range was changed. What does the scanner call open?',
          outcomes: {
            none: {
              choice: 'Nothing, both times.',
              seen: ({ before, after }) => scans(before, after),
              why: 'The scanner never dialled from the port that it was asking.',
              expectedBecause:
                'To be connected means that somebody is at the other end. Somebody is: the scanner itself.',
            },
            'its-own-port': {
              choice: 'Nothing at first, then a port from which it dials itself.',
              seen: ({ before, after }) => scans(before, after),
              why: `${OPENS_ITSELF} To a scanner that looks at nothing but the success of connect(2) the port is open. It was open only because the scanner asked, and it is closed again as soon as the scanner goes on. A scan of all 65536 ports dials every number of the range. Linux picks the port from which it dials nearly by chance, so such a scan meets itself about once. The scan of lab 18 compares both ends, and asks such a port again from elsewhere.`,
            },
            'from-another-port': {
              choice: 'Nothing at first, then a port that answers it from elsewhere.',
              seen: ({ before, after }) => scans(before, after),
              why: 'The scanner dialled from another port than the one that it asked, and was connected. So somebody else answered.',
              expectedBecause:
                'A port that is found open seems to have a server. The listing of this network has no listener at all.',
            },
          },
        },
        'client-connects-to-its-own-port': {
          question: 'The client dials the first of the two numbers that clients can have. What does it get?',
          outcomes: {
            'connected-to-itself': {
              choice: 'A connection with itself.',
              seen: ({ client, listed }) => clientEnds(client, listed),
              why: `${OPENS_ITSELF} What such a client sends, it hears.`,
            },
            'connected-to-another': {
              choice: 'A connection with another program.',
              seen: ({ client, listed }) => clientEnds(client, listed),
              why: 'The two ends of the connection differ, so two sockets are involved.',
              expectedBecause:
                'A connection seems to need two programs. TCP needs two ends, and they may be one socket.',
            },
            ECONNREFUSED: {
              choice: 'A refusal: nobody listens there.',
              seen: ({ client, listed }) => clientEnds(client, listed),
              why: REFUSED,
              expectedBecause:
                'Without a listener a SYN is answered with a reset. But before it looks for a listener, the kernel looks for a connection that the packet belongs to, and there is one: the one that the client has just begun.',
            },
          },
        },
        'connection-of-a-client-with-itself-has-two-rows': {
          question:
            'Over loopback both ends of a connection are in the table of one machine. How many rows has this one?',
          outcomes: {
            'two-rows': {
              choice: 'Two, as always.',
              seen: ({ listed }) => connections(listed),
              why: 'Two sockets have this address and port at both of their ends, which cannot be.',
              expectedBecause:
                'A connection over loopback has a row for each of its ends. A row is a socket, and here both ends are one socket.',
            },
            'one-row': {
              choice: 'One.',
              seen: ({ listed }) => connections(listed),
              why: 'A row of the table is a socket. This socket is its own peer: its own address and port stand in both columns. That is how a port that opened itself is known for what it is.',
            },
            'no-row': {
              choice: 'None.',
              seen: ({ listed }) => connections(listed),
              why: 'There was no connection of a socket with itself.',
              expectedBecause:
                'It is no connection with anybody. But it has an entry in the table, for as long as the socket is open.',
            },
          },
        },
      },
    },
  },
  remember: [
    'A UDP client that never called connect(2) is listed like a server, for as long as it has its socket.',
    'A port of the range for clients, held by a program that asks others, is a client. List again to see if it stays.',
    'A connection proves a server only where its two ends differ.',
  ],
} satisfies Narration<typeof lab>
