import { formatEndpoint, listingName, openRows } from '../../harness/lab.ts'
import type { Connected, Listed, Narration, Said } from '../../harness/lab.ts'
import type lab from './lab.ts'

const dialled = ({ to }: Connected) => `The client that dialled ${formatEndpoint(to)}`

/** Who accepted the client, and whom it heard: with a passed connection these are two. */
const served = (one: Connected) => {
  if (one.outcome === 'ECONNREFUSED') return `${dialled(one)} was refused: ECONNREFUSED.`
  if (one.outcome !== 'connected') return `${dialled(one)} got no answer.`
  const accepted = one.servedBy ? `was accepted by process ${one.servedBy.pid}` : 'was accepted by no program'
  return `${dialled(one)} ${accepted}. ${one.heard === '' ? 'It heard nothing.' : `It heard: ${one.heard.trim()}.`}`
}

const held = (listed: Listed) => {
  const rows = openRows(listed)
  const holders = rows.flatMap((row) => row.holders)
  const names = holders.map(({ command, pid, fd }) => {
    return `${command ?? 'a program'} (process ${pid}${fd === null ? '' : `, descriptor ${fd}`})`
  })
  const sockets = rows.length === 1 ? 'one listening socket' : `${rows.length} listening sockets`
  return `In ${listingName(listed)} there ${rows.length === 1 ? 'is' : 'are'} ${sockets}, held by ${names.join(' and ') || 'no process'}.`
}

/** Each program says who its parent is. */
const related = (parents: Said[]) =>
  parents.map(({ pid, value }) => `The parent of process ${pid} is process ${JSON.stringify(value)}.`).join(' ')

const HOW =
  'A process knows its sockets by descriptors, numbers that mean something only in its own table. To send the number would be of no use. But the system call sendmsg can send a descriptor beside the bytes, over a Unix-domain socket, a socket that connects processes of one machine. The kernel then makes a new descriptor for the receiver, which leads to the same socket.'

const NOT_PASSED = 'The sender kept the socket for itself, or passed another one.'

const REFUSED =
  'No socket listens there any more: the kernel answered the SYN, the packet that asks for a connection, with a reset, the packet that says no.'

const NOTHING_ANSWERED =
  'Nothing answered. Either something on the way dropped the packets, such as a packet filter, or a listener is there whose queue of waiting connections is full: Linux then answers nothing. A client of a port on which nobody listens would have been refused.'

const NOBODY = 'The connection was made, and no program answered on it: the one that should have it does not have it.'

export default {
  title: 'Passing a socket to another process',
  summary: 'Can a process give an open socket to another process, even to one that it has not started?',
  acts: {
    toAChild: {
      title: 'From a parent to its child',
      intro:
        'A parent listens, and starts a child with which it can talk: Node keeps a channel between the two. The parent accepts the first client and passes the accepted connection to the child. Then it passes the listening socket as well. Then it closes its own descriptor of the listening socket, and one more client comes. A descriptor is the number by which a process knows an open file or socket.',
      checks: {
        'child-serves-a-connection-that-its-parent-accepted': {
          question:
            'The parent accepts a client, and passes the connection to its child. Whose answer does the client hear?',
          outcomes: {
            'the-receiver': {
              choice: 'The answer of the child.',
              seen: ({ connection }) => served(connection),
              why: `${HOW} On Linux the channel of Node is such a Unix-domain socket. The child got an accepted connection, without ever having listened or called accept. The document tuple says that sendmsg can pass a socket to another process. It can.`,
            },
            'the-sender': {
              choice: 'The answer of the parent.',
              seen: ({ connection }) => served(connection),
              why: NOT_PASSED,
              expectedBecause:
                'The client is connected to the parent: that is who accepted it. But a connection is between two sockets, not between two processes. Who has the descriptor can write into it.',
            },
            nobody: {
              choice: 'None: a connection cannot change its process.',
              seen: ({ connection }) => served(connection),
              why: NOBODY,
              expectedBecause:
                'The descriptor is a number in the table of the parent, and the child has another table. But the kernel can make an entry for the same socket in that one.',
            },
            ECONNREFUSED: {
              choice: 'None: the client is refused.',
              seen: ({ connection }) => served(connection),
              why: REFUSED,
            },
            'timed-out': {
              choice: 'None: the client gets no answer at all.',
              seen: ({ connection }) => served(connection),
              why: NOTHING_ANSWERED,
            },
          },
        },
        'listing-shows-parent-and-child-on-a-passed-listener': {
          question: 'The listening socket has been passed too. Who holds it now, by the listing?',
          outcomes: {
            both: {
              choice: 'Both processes, and it is one socket.',
              seen: ({ listed }) => held(listed),
              why: 'To pass a socket is not to give it away. The sender keeps its descriptor until it closes it. The receiver has one more, under a number in its own table, which may happen to be the same. lsof prints a line for each, and in both the number under DEVICE is the same: that of the socket. The document harbour says that no port is used by more than one process. Here two processes use one, so that is wrong.',
            },
            'sender-only': {
              choice: 'Only the parent, which made it.',
              seen: ({ listed }) => held(listed),
              why: NOT_PASSED,
              expectedBecause:
                'What belongs to a process cannot be reached from another one, and that is so for its memory. But sockets are in the kernel, and processes only have descriptors of them.',
            },
            'receiver-only': {
              choice: 'Only the child: what is passed on is gone.',
              seen: ({ listed }) => held(listed),
              why: 'The sender has closed its own descriptor.',
              expectedBecause:
                'Whoever passes on a book no longer has it. A descriptor is more like an address: to tell it to somebody is not to forget it.',
            },
            'two-sockets': {
              choice: 'Both processes, and these are two sockets.',
              seen: ({ listed }) => held(listed),
              why: 'Each process has made a socket of its own. That needs the option SO_REUSEPORT, for which these programs do not ask.',
              expectedBecause:
                'What is sent to another process is mostly copied. Of a descriptor there is a copy too, but not of the socket to which it leads.',
            },
          },
        },
        'child-serves-when-the-parent-has-closed-the-listener': {
          question:
            'Suppose that the parent now closes its own descriptor of the listener. Who serves the next client?',
          outcomes: {
            'the-receiver': {
              choice: 'The child.',
              seen: ({ afterwards, late }) => `${held(afterwards)} ${served(late)}`,
              why: 'The kernel counts the descriptors of a socket. There were two, and one is closed. The socket listens on, and the child accepts on it.',
            },
            'the-sender': {
              choice: 'The parent.',
              seen: ({ late }) => served(late),
              why: 'The parent still has a descriptor of a socket that listens.',
            },
            nobody: {
              choice: 'Nobody, although it is connected.',
              seen: ({ late }) => served(late),
              why: NOBODY,
            },
            ECONNREFUSED: {
              choice: 'Nobody: it is refused.',
              seen: ({ late }) => served(late),
              why: REFUSED,
              expectedBecause:
                'The parent made the socket, so it seems to be the one that can close it. But close ends a descriptor, and the socket ends with the last one.',
            },
            'timed-out': {
              choice: 'Nobody: it gets no answer at all.',
              seen: ({ late }) => served(late),
              why: NOTHING_ANSWERED,
            },
          },
        },
      },
    },

    toAStranger: {
      title: 'Between two processes that are not related',
      intro:
        'giver and taker are two programs that were started apart, each in what could be a terminal of its own. Neither is the parent of the other. giver listens on TCP, and waits on a Unix-domain socket for a program that asks. taker asks, and giver sends its listening socket over it. From then on giver accepts the clients, and sends each connection after it. At the end giver is killed.',
      checks: {
        'listing-shows-two-unrelated-processes-on-a-passed-listener': {
          question:
            'taker has never called bind. It asked giver for its listener. Who holds the listener, by the listing?',
          outcomes: {
            both: {
              choice: 'Both, and it is one socket.',
              seen: ({ listed, parents }) => `${held(listed)} ${related(parents)}`,
              why: 'giver has sent its descriptor with sendmsg, as the parent did before. The harness has started both, but it never had this socket, so neither inherited it. They only need a Unix-domain socket on which they meet. The document tuple says that this can be done, and that its author never tried. Here it was tried, and it works.',
            },
            'sender-only': {
              choice: 'Only giver.',
              seen: ({ listed, parents }) => `${held(listed)} ${related(parents)}`,
              why: NOT_PASSED,
              expectedBecause:
                'A child can inherit, and a stranger cannot. But there is a second way: a message that carries a descriptor.',
            },
            'receiver-only': {
              choice: 'Only taker.',
              seen: ({ listed, parents }) => `${held(listed)} ${related(parents)}`,
              why: 'giver has closed its own descriptor, or has ended.',
              expectedBecause: 'It looks as if the socket moved. But the sender keeps what it has passed.',
            },
            'two-sockets': {
              choice: 'Both, and these are two sockets.',
              seen: ({ listed, parents }) => `${held(listed)} ${related(parents)}`,
              why: 'taker has made a listener of its own, which needs the option SO_REUSEPORT.',
            },
          },
        },
        'unrelated-process-serves-a-connection-that-another-accepted': {
          question:
            'giver accepts a client, passes the connection to taker, and closes its own descriptor. Whom does the client hear?',
          outcomes: {
            'the-receiver': {
              choice: 'taker.',
              seen: ({ connection }) => served(connection),
              why: 'The client notices nothing: for it there is a connection to an address and a port, and that has not changed. Which process writes at the other end is not part of the protocol. giver has closed its descriptor, and that ended nothing, as taker had one too. So a program can accept clients and leave the work to others.',
            },
            'the-sender': {
              choice: 'giver.',
              seen: ({ connection }) => served(connection),
              why: NOT_PASSED,
              expectedBecause: 'giver accepted the client. But it does not have to be the one that answers.',
            },
            nobody: {
              choice: 'Nobody: giver has closed the connection.',
              seen: ({ connection }) => served(connection),
              why: NOBODY,
              expectedBecause:
                'To close a connection is to say goodbye to the other side. But the kernel does that only when the last descriptor is closed, and taker has one.',
            },
            ECONNREFUSED: {
              choice: 'Nobody: it is refused.',
              seen: ({ connection }) => served(connection),
              why: REFUSED,
            },
            'timed-out': {
              choice: 'Nobody: it gets no answer at all.',
              seen: ({ connection }) => served(connection),
              why: NOTHING_ANSWERED,
            },
          },
        },
        'receiver-serves-when-the-sender-has-been-killed': {
          question: 'giver called bind and listen, and giver has been killed. Who serves the next client?',
          outcomes: {
            'the-receiver': {
              choice: 'taker.',
              seen: ({ afterwards, late }) => `${held(afterwards)} ${served(late)}`,
              why: 'The socket lives on in taker. This is how a server can be replaced by a new version of itself and not refuse a single client: the old process passes its listener to the new one, and ends.',
            },
            'the-sender': {
              choice: 'giver.',
              seen: ({ late }) => served(late),
              why: 'giver still runs.',
            },
            nobody: {
              choice: 'Nobody, although it is connected.',
              seen: ({ late }) => served(late),
              why: NOBODY,
            },
            ECONNREFUSED: {
              choice: 'Nobody: it is refused.',
              seen: ({ late }) => served(late),
              why: REFUSED,
              expectedBecause:
                'The document dialogue says that the port of a program is closed when the program ends. But it is closed with the last descriptor of the socket.',
            },
            'timed-out': {
              choice: 'Nobody: it gets no answer at all.',
              seen: ({ late }) => served(late),
              why: NOTHING_ANSWERED,
            },
          },
        },
      },
    },
  },
  remember: [
    'A descriptor is a number that is good in one process only. sendmsg can carry one to another process over a Unix-domain socket: there it gets a number of that process and leads to the same socket.',
    'The two processes do not have to be related.',
    'Passed is not given away: both have the socket until one of them closes its descriptor, and the socket lives until the last one is closed.',
    'A listener can be passed, and so can an accepted connection. The client does not notice.',
  ],
} satisfies Narration<typeof lab>
