import { formatEndpoint, listingName, openRows } from '../../harness/lab.ts'
import type { Connected, Listed, Narration, Said } from '../../harness/lab.ts'
import type lab from './lab.ts'
import { linkOf, numbersBelow, rowOfInode, saw } from './seen.ts'

/** `0.0.0.0, port 0` or `127.0.0.1, port 40000` */
const address = ({ address: own, port }: { address: string; port: number }) => `${own}, port ${port}`

/** What getsockname told before a call, and after it. */
const given = (name: string, one: Said) => {
  const { before, after, answer } = saw(one)
  return `${name}: before ${address(before)}; after ${address(after)}${answer === 'ok' ? '' : `; the call was refused: ${answer}`}.`
}

const listening = (listed: Listed) => {
  const rows = openRows(listed)
  const fds = rows.flatMap(({ holders }) => holders.flatMap(({ fd }) => fd ?? [])).sort((a, b) => a - b)
  const what = rows.length === 0 ? 'nothing that listens' : rows.length === 1 ? 'one listening socket' : 'several'
  const where = fds.length === 0 ? '' : ` on ${fds.length === 1 ? 'descriptor' : 'descriptors'} ${fds.join(' and ')}`
  return `In ${listingName(listed)} there is ${what}${where}.`
}

const queueOf = (listed: Listed, copy: Said) => {
  const queue = rowOfInode(listed, saw(copy).inode)?.receiveQueue ?? null
  return queue === null
    ? 'The kernel shows no queue for this socket.'
    : `Clients that wait in its queue: ${queue}, by the table of the kernel.`
}

const client = ({ to, outcome }: Connected) =>
  outcome === 'connected'
    ? `The client that dialled ${formatEndpoint(to)} was connected.`
    : outcome === 'ECONNREFUSED'
      ? `The client that dialled ${formatEndpoint(to)} was refused: ECONNREFUSED.`
      : `The client that dialled ${formatEndpoint(to)} got no answer.`

const NOTHING_ANSWERED =
  'Nothing answered. Either something on the way dropped the packets, such as a packet filter, or a listener is there whose queue of waiting connections is full: Linux then answers nothing. A client of a port on which nobody listens would have been refused.'

export default {
  title: 'Descriptors',
  summary: 'What does a process have of a socket, what is in the kernel, and how many can there be?',
  acts: {
    likeAFile: {
      title: 'A number in a table',
      intro:
        'A program has a listening socket, and makes one more socket. Each call that makes one returns a number, the descriptor. Linux shows the descriptors of a process as links in the folder /proc/PID/fd, and there we look. Then the program closes the second socket, and opens a file.',
      checks: {
        'file-gets-the-number-that-a-socket-had': {
          question:
            'The program closes a socket, and so its number is free. Then it opens a file. Can the file get this very number?',
          outcomes: {
            'one-table': {
              choice: 'Yes: they stand in one table.',
              seen: ({ socket, file }) =>
                `The socket had descriptor ${saw(socket).descriptor}. After it was closed, the file got descriptor ${saw(file).descriptor}.`,
              why: 'Every process has a table of what it has open, and a descriptor is a place in it. Files, sockets, pipes and terminals all stand in this one table. A new one gets the lowest number that is free. 0, 1 and 2 are taken from the start: standard input, output and error. The document tuple says that to a process a socket is a descriptor like that of a file, an integer in its own table. So it is.',
            },
            'two-tables': {
              choice: 'No: sockets have numbers of their own.',
              seen: ({ socket, file }) =>
                `The socket had descriptor ${saw(socket).descriptor}. After it was closed, the file got descriptor ${saw(file).descriptor}.`,
              why: 'Here the socket did not have the lowest number that was free. A program can move a descriptor to another number. And on Windows a socket is no file.',
              expectedBecause:
                'A file is on a disk and a socket is on a network, so two tables seem natural. Unix has one, and so read and write work on both.',
            },
          },
        },
        'link-of-a-descriptor-names-the-inode-of-the-row': {
          question:
            'In /proc/PID/fd the descriptor of the listener is a link. The listener also has a row in the table of sockets. Do the two name the same thing?',
          outcomes: {
            'same-inode': {
              choice: 'Yes: both name the same inode.',
              seen: ({ program, listener, links }) =>
                `Descriptor ${saw(listener).descriptor} of process ${program.pid} is a link to ${linkOf(links, saw(listener).descriptor) ?? 'nothing'}. The row of the listener has this inode.`,
              why: 'An inode is what the kernel has for a file: a number, and all that it knows of it. A socket has one as well, though it is on no disk. The table of sockets has a column for it. This is how lsof, ss and netstat find the process of a port: they look for the inode of the row among the links of all processes. The row itself names no process. The document tuple says that the structure of a socket sits in an inode. So it is.',
            },
            'another-inode': {
              choice: 'No: they name two inodes.',
              seen: ({ listener, links }) =>
                `Descriptor ${saw(listener).descriptor} is a link to ${linkOf(links, saw(listener).descriptor) ?? 'nothing'}. The row on this port has another inode.`,
              why: 'The row belongs to another socket than the one behind this descriptor.',
              expectedBecause:
                'A descriptor is a matter of the process and the row is one of the network. But both lead to the same thing in the kernel.',
            },
            'no-row': {
              choice: 'No: there is no such row.',
              seen: ({ listener, links }) =>
                `Descriptor ${saw(listener).descriptor} is a link to ${linkOf(links, saw(listener).descriptor) ?? 'nothing'}. No socket listens on this port.`,
              why: 'The program listens somewhere else.',
            },
          },
        },
      },
    },

    fresh: {
      title: 'A socket without an address',
      intro:
        'The system call socket makes a socket. bind gives a socket an address, and connect connects it to a peer. The program makes three sockets. With the first it does nothing more. The second it binds, and lets the system choose the port. The third it connects to its own listener. Each time it asks for the address of the socket, with getsockname.',
      checks: {
        'fresh-socket-has-an-address': {
          question: 'A program has called socket, and nothing else. Which address does the socket have?',
          outcomes: {
            none: {
              choice: 'None.',
              seen: ({ made }) =>
                `Descriptor ${saw(made).descriptor} leads to a socket with inode ${saw(made).inode}. getsockname told of ${address(saw(made).before)}.`,
              why: 'The address 0.0.0.0 and the port 0 are how the system says that there is none yet. The socket exists all the same: it has a descriptor, an inode, and memory in the kernel. The document tuple calls it an object of the kernel without an address, and so it is. To have a socket is not to have a port.',
            },
            'an-address': {
              choice: 'One that the system has chosen.',
              seen: ({ made }) => `getsockname told of ${address(saw(made).before)}.`,
              why: 'Something has bound this socket already.',
              expectedBecause:
                'A socket is for the network, and there everything has an address. But the system gives one only when it is needed.',
            },
          },
        },
        'fresh-socket-has-a-row-in-the-table': {
          question: 'The socket was only made. Does the table of TCP sockets have a row for it?',
          outcomes: {
            'no-row': {
              choice: 'No.',
              seen: ({ made, unlisted }) =>
                `The command ${unlisted.command} found no line with inode ${saw(made).inode}.`,
              why: 'The table is made for finding the socket to which a packet goes. No packet can go to a socket without an address. A TCP socket gets into the table when it listens or connects. So what netstat and ss show is not all that there is. lsof without -i shows such a socket, as it looks at descriptors.',
            },
            'a-row': {
              choice: 'Yes: every socket of TCP has one.',
              seen: ({ unlisted }) => `The table has it: ${unlisted.printed.join(' ').trim().replaceAll(/ +/g, ' ')}.`,
              why: 'The socket listens, or is connected.',
              expectedBecause:
                'It is called the table of sockets, so all of them should be in it. But it is a table for finding a receiver.',
            },
          },
        },
        'socket-gets-its-address-by-bind-or-connect': {
          question:
            'One fresh socket is bound with port 0, which leaves the choice to the system. Another is connected and was never bound. Which one has an address now?',
          outcomes: {
            'by-either': {
              choice: 'Both.',
              seen: ({ bound, connected }) => `${given('bind', bound)} ${given('connect', connected)}`,
              why: 'bind gives the address for which the program asks, and chooses a port where it asks for port 0. connect needs an address from which the packets can be sent. Where there is none it chooses one: the address that fits the way to the peer, and a free port. The document tuple says that bind or connect gives a socket its address. Both do.',
            },
            'by-bind-only': {
              choice: 'Only the one that was bound.',
              seen: ({ bound, connected }) => `${given('bind', bound)} ${given('connect', connected)}`,
              why: 'connect was refused, or the socket had an address before.',
              expectedBecause:
                'bind is the call that gives an address. But most clients never call it, and their peers have to answer somewhere.',
            },
            'by-connect-only': {
              choice: 'Only the one that was connected.',
              seen: ({ bound, connected }) => `${given('bind', bound)} ${given('connect', connected)}`,
              why: 'bind was refused, or the socket had an address before.',
              expectedBecause: 'Port 0 looks like no port. In a call of bind it means: any one that is free.',
            },
            'by-neither': {
              choice: 'Neither.',
              seen: ({ bound, connected }) => `${given('bind', bound)} ${given('connect', connected)}`,
              why: 'Both calls were refused, or both sockets had an address before.',
            },
          },
        },
      },
    },

    copies: {
      title: 'Two descriptors, one socket',
      intro:
        'A program listens and never accepts. A client connects, and waits. Then the program copies its descriptor of the listener with dup: now it has two numbers. It asks through the copy what kind of socket that is. It closes the first number. At last it closes the copy, and one more client comes.',
      checks: {
        'copy-of-a-descriptor-leads-to-the-same-socket': {
          question: 'The program copies its descriptor of the listener with dup. How many sockets are there then?',
          outcomes: {
            'same-socket': {
              choice: 'One, as before.',
              seen: ({ listener, copy, both }) =>
                `Descriptor ${saw(listener).descriptor} has inode ${saw(listener).inode}, and descriptor ${saw(copy).descriptor} has inode ${saw(copy).inode}. ${listening(both)}`,
              why: 'What is copied is the entry in the table of the process. It leads to the same thing in the kernel, which the man pages call an open file description. That one counts how many descriptors lead to it. A child that inherits a descriptor adds to this count, and so does a process to which one is passed.',
            },
            'another-socket': {
              choice: 'Two.',
              seen: ({ listener, copy, both }) =>
                `Descriptor ${saw(listener).descriptor} has inode ${saw(listener).inode}, and descriptor ${saw(copy).descriptor} has inode ${saw(copy).inode}. ${listening(both)}`,
              why: 'The second number leads to a socket of its own.',
              expectedBecause:
                'A copy of a file is a second file. But here only the number is copied, not what it stands for.',
            },
          },
        },
        'socket-holds-its-type-protocol-and-queue': {
          question:
            'The program asks the copy, which it has only just got. Does that know the type, the protocol and the waiting client?',
          outcomes: {
            'all-three': {
              choice: 'Yes, all three.',
              seen: ({ both, copy }) =>
                `Descriptor ${saw(copy).descriptor} is of type ${saw(copy).type} and protocol ${saw(copy).protocol}. ${queueOf(both, copy)}`,
              why: 'None of this belongs to the descriptor. It is kept once, in the socket: the type (a stream of bytes), the protocol (6 is the number of TCP), and the queue in which the client waits. Whoever has a descriptor, old or new, finds it there. The document tuple says that the structure of a socket records its type, its protocol and its queue. It does.',
            },
            'not-all': {
              choice: 'No: at least one of them belongs to the first descriptor.',
              seen: ({ both, copy }) =>
                `Descriptor ${saw(copy).descriptor} is of type ${saw(copy).type} and protocol ${saw(copy).protocol}. ${queueOf(both, copy)}`,
              why: 'The client waits in the queue of another socket, or was refused.',
              expectedBecause:
                'The client came before the copy was made. But it does not wait at a descriptor. It waits at the socket.',
            },
          },
        },
        'socket-listens-after-one-of-two-descriptors-is-closed': {
          question: 'The first descriptor is closed, and the copy is not. Does the socket still listen?',
          outcomes: {
            'it-listens': {
              choice: 'Yes.',
              seen: ({ copyAlone }) => listening(copyAlone),
              why: 'The call close removes an entry from the table of the process, and takes one off the count. One descriptor is left, and so is the socket. The document tuple says that references to a socket are counted. This is what the count is for.',
            },
            'it-is-gone': {
              choice: 'No: close ends it.',
              seen: ({ copyAlone }) => listening(copyAlone),
              why: 'The socket was not only closed but shut down. shutdown acts on the socket itself, for all that have it.',
              expectedBecause:
                'close on a socket is known as the end of it. It is, for the last descriptor. For an end at once there is another call: shutdown.',
            },
          },
        },
        'client-is-refused-after-the-last-descriptor-is-closed': {
          question: 'Now the copy is closed as well. The program still runs. What happens to a client that dials?',
          outcomes: {
            connected: {
              choice: 'It is connected: the program is still there.',
              seen: ({ late }) => client(late),
              why: 'Some descriptor of the socket is still open.',
              expectedBecause:
                'The port looks like a thing that a program has as long as it runs. But it has the port by the socket, and the socket by a descriptor.',
            },
            ECONNREFUSED: {
              choice: 'It is refused.',
              seen: ({ program, late }) =>
                `${client(late)} Process ${program.pid} was asked for one more file afterwards, and opened it.`,
              why: 'With the last descriptor the count came to zero, and the kernel took the socket apart. Nobody listens on the port any more. So the kernel answered the SYN, the packet that asks for a connection, with a reset, the packet that says no.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ late }) => client(late),
              why: NOTHING_ANSWERED,
              expectedBecause:
                'Nobody is there to answer. But the kernel answers for a port on which no socket listens.',
            },
          },
        },
      },
    },

    limit: {
      title: 'How many',
      intro:
        'A program lowers its own limit of open files to 40. Then it makes sockets until the kernel refuses, but no more than 40. It binds none of them, and connects none.',
      checks: {
        'sockets-of-a-process-run-out-at-its-limit-of-open-files': {
          question: 'None of these sockets has a port. Does the kernel refuse to make more of them?',
          outcomes: {
            EMFILE: {
              choice: 'Yes: EMFILE, too many open files.',
              seen: ({ made }) =>
                `The program made ${saw(made).made} sockets. Then the call was refused: EMFILE. The limit was ${saw(made).limit}. ${saw(made).ports === 0 ? 'None' : saw(made).ports} of the sockets has a port.`,
              why: 'Each socket needs a place in the table of descriptors, and the limit says how many places there are. The number of ports has nothing to do with it: these sockets have none. The document tuple says that descriptors limit the sockets of a process, and ports do not. So it is. In a shell ulimit -n tells the limit, often 1024, and ulimit -Hn how far a program may raise it.',
            },
            'no-limit': {
              choice: 'No: sockets without a port cost nothing.',
              seen: ({ made }) => `All ${saw(made).made} sockets were made.`,
              why: 'The limit of this process was not 40.',
              expectedBecause:
                'Ports are scarce, so ports seem to be what limits sockets. But a socket without a port takes a descriptor as well.',
            },
          },
        },
        'limit-counts-files-and-sockets-together': {
          question: 'The limit is called the limit of open files. What does it count?',
          outcomes: {
            together: {
              choice: 'All descriptors, whatever is behind them.',
              seen: ({ program, made, open }) =>
                `Of process ${program.pid} all numbers below ${saw(made).limit} are taken: ${saw(made).made} for the new sockets, and ${numbersBelow(saw(made).limit, open).length - saw(made).made} that were open before.`,
              why: 'Those that were open before are standard input, output and error, and the listener. The limit is a limit of the table: no new number may be as large as the limit. One that was there before stays. What stands in the table does not matter.',
            },
            'sockets-only': {
              choice: 'Sockets here and files there, each by itself.',
              seen: ({ program, made, open }) =>
                `Process ${program.pid} made ${saw(made).made} sockets. Below ${saw(made).limit} it has ${numbersBelow(saw(made).limit, open).length} descriptors.`,
              why: 'The limit was not in force, or it counts something else.',
              expectedBecause:
                'The name speaks of files. But to the table a descriptor is a descriptor, whatever it leads to.',
            },
          },
        },
      },
    },
  },
  remember: [
    'A descriptor is a place in a table that belongs to one process. Files and sockets share this table and its limit.',
    'What a descriptor leads to is in the kernel. Its inode ties the row of a port to a process.',
    'The call socket makes a socket without an address. bind gives it one, and so does connect.',
    'Copies of a descriptor lead to one socket, which counts them. It ends when the last one is closed.',
  ],
} satisfies Narration<typeof lab>
