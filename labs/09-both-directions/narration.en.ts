import { formatEndpoint } from '../../harness/lab.ts'
import type { Connected, Listed, Narration, Ran, Said, Started } from '../../harness/lab.ts'
import { acceptedRow, answerFrom, connectionsIn, visitsOf } from './ends.ts'
import type lab from './lab.ts'

const end = ({ local }: Started) => (local ? formatEndpoint(local) : 'no address')

const quoted = (words: unknown) => `"${String(words).trim()}"`

/** What a service said to its client: `127.0.0.1:8080 said "220 …".` */
const heard = ({ to, heard: words, outcome }: Connected) =>
  words === ''
    ? `From ${formatEndpoint(to)} nothing was heard: ${outcome}.`
    : `${formatEndpoint(to)} said ${quoted(words)}.`

const page = (web: Started, said: Said | null) =>
  said ? `${end(web)} answered a request with ${quoted(said.value)}.` : `From ${end(web)} no page came.`

/** `The FTP server had the client 127.0.0.1:50123.` */
const visitors = (name: string, visits: Said) => {
  const clients = visitsOf(visits).map(
    ({ client, said }) => formatEndpoint(client) + (said.length > 0 ? `, who said ${quoted(said[0])}` : ''),
  )
  if (clients.length === 0) return `The ${name} server had no client.`
  return `The ${name} server had the ${clients.length > 1 ? 'clients' : 'client'} ${clients.join(' and ')}.`
}

const refused = ({ outcome }: Started) => `The client was not connected: ${outcome}.`

/** The connection as its two sockets have it. */
const bothEnds = (client: Started, listed: Listed) => {
  const [here, there] = [client.rows[0], acceptedRow(listed, client)]
  const told = (row: typeof here) =>
    row?.peer ? `${formatEndpoint(row.local)} with the peer ${formatEndpoint(row.peer)}` : 'no row'
  return `The client's socket is ${told(here)}. The server's socket for this client is ${told(there)}.`
}

/** `127.0.0.1:8080 with the peer 127.0.0.1:50123, and …` */
const rows = (printed: Ran | null) =>
  printed
    ? connectionsIn(printed)
        .map(({ local, peer }) => `${local} with the peer ${peer}`)
        .join(', and ')
    : 'none'

const answered = (receiver: Started, asker: Started, { value }: Said) => {
  const { address, port } = answerFrom({ value } as Said)
  return `asker sent from port ${asker.local?.port} to ${end(receiver)}, and the answer came from ${formatEndpoint({ address, port })}.`
}

export default {
  title: 'Several services, and the way back',
  summary: 'How does one machine keep several services apart, and by which ports do the answers go back?',
  acts: {
    threeServices: {
      title: 'An FTP, a mail and a web server on one machine',
      intro:
        'Three servers run on 127.0.0.1, the loopback address: the one by which a machine talks to itself. Each has a port of its own. Each says the first words of its protocol: the FTP and the mail server as soon as a client comes, the web server when it is asked for a page. Three clients dial the three ports. Then each server is asked whom it had.',
      checks: {
        'one-machine-is-web-ftp-and-mail-server-at-once': {
          question: 'Can one machine be FTP, mail and web server at the same time?',
          outcomes: {
            'all-three': {
              choice: 'Yes, and each client hears the service of the port that it dialled.',
              seen: ({ overFtp, overMail, web, page: said }) =>
                `${heard(overFtp)} ${heard(overMail)} ${page(web, said)}`,
              why: 'The three listeners have the same address and different ports. The client names the port, and every packet carries its number. That is enough for the kernel to find the listener. The document tuple says that one machine can serve web, FTP and mail at once, and it can. Here they do it on numbers that any user may take. What a server speaks does not depend on its number.',
            },
            'not-all': {
              choice: 'No, not all of them answer.',
              seen: ({ overFtp, overMail, web, page: said }) =>
                `${heard(overFtp)} ${heard(overMail)} ${page(web, said)}`,
              why: 'On some of the three ports no socket listened, or its program said nothing.',
              expectedBecause:
                'They share one machine and one address, so it seems that only one can be there. But an address has 65,535 ports for TCP.',
            },
            'mixed-up': {
              choice: 'They all answer, but not each on its own port.',
              seen: ({ overFtp, overMail, web, page: said }) =>
                `${heard(overFtp)} ${heard(overMail)} ${page(web, said)}`,
              why: 'On some port another service listened than the one that was started there.',
              expectedBecause:
                'All three clients dial the same address, and the servers cannot see which service a client wants. They need not: the client says it with the port.',
            },
          },
        },
        'service-gets-traffic-for-the-port-of-another': {
          question: 'Three clients came, one to each port. Which clients did each server have?',
          outcomes: {
            'its-own': {
              choice: 'The one that dialled its port, and no other.',
              seen: ({ visits }) =>
                `${visitors('FTP', visits.ftp)} ${visitors('mail', visits.mail)} ${visitors('web', visits.web)}`,
              why: 'The kernel looks for the socket by the port in the packet. The programs do not sort anything out: what is for another port never reaches them. The document dialogue says that the port tells the services of a machine apart, and each gets its own traffic only.',
            },
            'others-too': {
              choice: 'All three: each server picks out its own.',
              seen: ({ visits }) =>
                `${visitors('FTP', visits.ftp)} ${visitors('mail', visits.mail)} ${visitors('web', visits.web)}`,
              why: 'Some server had a client that had dialled another port, or was dialled from somewhere else.',
              expectedBecause:
                'On a shared wire each machine hears the packets of the others and drops them. Sockets are not like that: the kernel hands each packet to the one that it is for.',
            },
            nobody: {
              choice: 'Some had none.',
              seen: ({ visits }) =>
                `${visitors('FTP', visits.ftp)} ${visitors('mail', visits.mail)} ${visitors('web', visits.web)}`,
              why: 'A server that had no client listened on another port than the one that was dialled.',
            },
          },
        },
      },
    },

    thereAndBack: {
      title: 'There and back',
      intro:
        'The FTP server greets a client, so the first words go from the server to the client. The connection stays, and the sockets are listed at both ends. Then the same question for UDP: receiver answers every datagram. The program asker has a UDP socket without a peer, which takes answers from anywhere, and it tells from where they come.',
      checks: {
        'tcp-answer-leaves-from-the-listening-port': {
          question: 'From which port of the server did the greeting over TCP leave?',
          outcomes: {
            'listening-port': {
              choice: 'From the port on which it listens.',
              seen: ({ client, listed, greeted }) =>
                `${bothEnds(client, listed)} The client heard ${quoted(greeted?.value)}.`,
              why: "The server talks to this client through the socket that accept(2) returned. It is another socket than the listener, with the same port. Each of the two sockets has the other one's end as its peer, like a picture and its mirror image. TCP takes a packet for a connection only if all four match: both addresses and both ports. So an answer from another port would not have been heard. The document dialogue says that an open port also sends: from the port of the server to the port of the client.",
            },
            'another-port': {
              choice: 'From a port of its own, made for this client.',
              seen: ({ client, listed }) => bothEnds(client, listed),
              why: 'The connection has another port at the end of the server than the one on which it listens.',
              expectedBecause:
                'Every client gets a socket of its own at the server, so it seems that this needs a port of its own. But sockets on one port are told apart by the address and port of the client.',
            },
            'no-answer': {
              choice: 'From none: no greeting comes.',
              seen: ({ client }) => refused(client),
              why: 'Nobody listened on the port that the client dialled, so there was no connection in which to answer.',
              expectedBecause:
                'A port that is open for coming in seems to be a door of one direction only. But the socket behind it receives and sends.',
            },
          },
        },
        'listing-shows-both-sockets-of-a-connection-as-mirror-images': {
          question: 'The client and the server run on one machine. How does ss show their connection?',
          outcomes: {
            mirrored: {
              choice: 'As two rows, in which the two addresses have changed places.',
              seen: ({ ofBoth }) => `There were two connected sockets: ${rows(ofBoth)}.`,
              why: 'ss shows sockets. A connection has one at each end, and here both ends are on this machine. What is the local address of one is the peer of the other. The document dialogue says that an answer goes from the port of the server to the port of the client: the row of the server has just these two.',
            },
            'two-others': {
              choice: 'As two rows that have no address in common.',
              seen: ({ ofBoth }) => `There were two connected sockets: ${rows(ofBoth)}.`,
              why: 'The two rows are not the two ends of one connection.',
            },
            'one-row': {
              choice: 'As one row: it is one connection.',
              seen: ({ ofBoth }) => `There was one connected socket: ${rows(ofBoth)}.`,
              why: 'One of the two ends is not here, or has been closed.',
              expectedBecause:
                'It is one connection, and between two machines each of them does show one row. But a row is a socket, and a connection has two.',
            },
            'no-row': {
              choice: 'Not at all.',
              seen: 'There was no connected socket with this port.',
              why: 'There was no connection when ss was asked.',
              expectedBecause:
                'Traffic within one machine never gets to a network card, so it might seem to need no sockets. But it goes through TCP like any other.',
            },
          },
        },
        'udp-answer-leaves-from-the-port-that-was-asked': {
          question: 'UDP has no connections. From which port of the server does the answer to a datagram leave?',
          outcomes: {
            'same-port': {
              choice: 'From the port to which the datagram was sent.',
              seen: ({ receiver, asker, answered: said }) => answered(receiver, asker, said),
              why: 'receiver has one socket, bound to one port. What it sends with it carries that number as the port of the sender, and the port to which it goes is the one from which the question came. Nothing forces a UDP server to do so: it could answer from another socket, and a client that has called connect(2) would never hear of it.',
            },
            'another-port': {
              choice: 'From some port that the system chooses.',
              seen: ({ receiver, asker, answered: said }) => answered(receiver, asker, said),
              why: 'The answer was sent through another socket than the one that received the question.',
              expectedBecause:
                'A client gets a port from the system, so the sender of an answer could get one as well. But the socket of the server is bound already, and sends from its own port.',
            },
          },
        },
      },
    },
  },
  remember: [
    'The port in a packet tells the services of a machine apart. Each socket gets only what is for its own port.',
    'A port works in both directions: the answer leaves from the port of the server and goes to the port of the client.',
    'The two sockets of a TCP connection have the same two ends, each the other way round.',
  ],
} satisfies Narration<typeof lab>
