import { formatEndpoint, listingName, openRows } from '../../harness/lab.ts'
import type { Connected, Listed, Narration, Started } from '../../harness/lab.ts'

import type lab from './lab.ts'
import { connectionOf } from './rows.ts'

const dialled = ({ to }: Connected) => `The client that dialled ${formatEndpoint(to)}`

const client = (one: Connected) => {
  if (one.outcome === 'ECONNREFUSED') return `${dialled(one)} was refused: ECONNREFUSED.`
  if (one.outcome !== 'connected') return `${dialled(one)} heard nothing, and had to ask once more.`
  if (!one.servedBy) return `${dialled(one)} was connected, though no program has accepted it.`
  return `${dialled(one)} was served by process ${one.servedBy.pid}.`
}

const heard = ({ heard: said }: Connected) => (said === '' ? 'It heard nothing.' : `It heard: ${said.trim()}.`)

/** `parent (process 12, descriptor 22) and child (process 13, descriptor 3)` */
const holders = (listed: Listed) => {
  const found = openRows(listed).flatMap((row) => row.holders)
  const names = found.map(({ command, pid, fd }) => {
    return `${command ?? 'a program'} (process ${pid}${fd === null ? '' : `, descriptor ${fd}`})`
  })
  return names.join(' and ') || 'no process'
}

const sockets = (listed: Listed) => {
  const count = openRows(listed).length
  const what = count === 0 ? 'no listening socket' : count === 1 ? 'one listening socket' : `${count} listening sockets`
  return `In ${listingName(listed)} there is ${what}, held by ${holders(listed)}.`
}

const started = ({ program, pid, outcome, local }: Started) =>
  outcome === 'listening' && local
    ? `${program} (process ${pid}) listens on ${formatEndpoint(local)}.`
    : `${program} (process ${pid}) was refused: ${outcome}.`

/** What the kernel's table shows of the server's end of the client's connection. */
const connection = (one: Started, listed: Listed) => {
  const row = connectionOf(one, listed, 'proc')
  if (!row || !row.peer) return 'The table has no row for the connection of this client.'
  const ends = `${formatEndpoint(row.local)}, with ${formatEndpoint(row.peer)} at the other end`
  const who = row.holders.map(({ pid }) => `process ${pid}`).join(' and ') || 'no process'
  return `The row of ${ends}, has the state ${row.state}, ${row.inode === null ? 'no inode' : `inode ${row.inode}`}, and ${who}.`
}

const dials = ({ program, outcome }: Started) =>
  outcome === 'connected' ? `${program} is connected.` : `${program} was refused: ${outcome}.`

const NO_ROW = 'The table of the kernel has no such connection. Either there was none, or it is over and forgotten.'

const NOTHING_ANSWERED =
  'Nothing answered. Either something on the way dropped the packets, such as a packet filter, or a listener is there whose queue of waiting connections is full: Linux then answers nothing. A client of a port on which nobody listens would have been refused.'

export default {
  title: 'Processes and ports',
  summary: 'Can one process use several ports, several processes one port, and a port nobody at all?',
  acts: {
    severalPorts: {
      title: 'One process, two ports',
      intro:
        'One program is told to listen on two ports. A client dials the first port, and another one dials the second.',
      checks: {
        'one-process-serves-two-ports': {
          question: 'One program is told two ports. Which of them does its process serve?',
          outcomes: {
            'one-process': {
              choice: 'Both of them.',
              seen: ({ program, first, second }) =>
                `${program.program} is process ${program.pid}. ${client(first)} ${client(second)}`,
              why: 'A process may have as many sockets as it likes, up to its limit of open files. Here it has two listeners, each with a port of its own, and it waits for news from both at once. The document harbour says that one process can use several ports. It can.',
            },
            'two-processes': {
              choice: 'Both, but each in a process of its own.',
              seen: ({ first, second }) => `${client(first)} ${client(second)}`,
              why: 'The two answers came from different processes, so these are two servers.',
              expectedBecause:
                'Most servers that one meets have one port. But nothing ties a process to one socket, and a web server with ports 80 and 443 is an everyday case.',
            },
            'one-port-only': {
              choice: 'Only one of them.',
              seen: ({ first, second }) => `${client(first)} ${client(second)}`,
              why: 'On one of the two ports this process has no listener.',
              expectedBecause:
                'A port looks like the name of a process, and one name should do. But a port is a property of a socket, and a process can have many of these.',
            },
            'no-port': {
              choice: 'Neither.',
              seen: ({ first, second }) => `${client(first)} ${client(second)}`,
              why: 'The program listens somewhere else than it was told.',
            },
          },
        },
      },
    },

    inherited: {
      title: 'A child inherits the socket',
      intro:
        'A parent listens and serves a client. Then it starts a child, which inherits the listening socket: the child gets a descriptor of it. A descriptor is the number by which a process knows an open file or socket. Then the parent is killed, and only the child is left. Another program asks for the same address, and a client dials it. The child is written to accept one client at most, and then to close its descriptor and end. After that a program asks for the address once more.',
      checks: {
        'listing-shows-parent-and-child-on-one-socket': {
          question: 'Parent and child both run. What does the listing show for the port?',
          outcomes: {
            'one-socket': {
              choice: 'One listening socket, held by both processes.',
              seen: ({ both }) => sockets(both),
              why: 'When a process starts a child, the kernel can copy descriptors for it. The child has a table of its own. The copy stands in it under a number of its own, which may be the same or not. What the numbers stand for is not copied: both lead to one socket. lsof prints a line for each descriptor, with the same number under DEVICE. The document harbour says that no port is used by more than one process. Here two processes use one port, so that is wrong. The document tuple says that parent and child share a socket. They do.',
            },
            'two-sockets': {
              choice: 'Two listening sockets, one for each process.',
              seen: ({ both }) => sockets(both),
              why: 'Each process has made a socket of its own. Two sockets on one address need the option SO_REUSEPORT, and these programs do not ask for it.',
              expectedBecause:
                'A child gets a copy of the memory of its parent, so a copy of the socket seems natural. But the socket is not in the memory of a process. It is in the kernel, and a process only has a number for it.',
            },
            'parent-only': {
              choice: 'One listening socket, held by the parent alone.',
              seen: ({ both, child }) =>
                `${sockets(both)} The child (process ${child.pid}) says: ${JSON.stringify(child.value)}.`,
              why: 'The child did not get the socket. A program decides which of its descriptors a child inherits.',
              expectedBecause:
                'A port is often explained as belonging to one process. But what a port belongs to is a socket, and several processes can have the same socket open.',
            },
          },
        },
        'port-is-free-when-the-parent-ends-before-the-child': {
          question:
            'The parent opened the port, and has been killed. The child lives. Can another program listen there?',
          outcomes: {
            listening: {
              choice: 'Yes: the port was closed with the parent.',
              seen: ({ second }) => started(second),
              why: 'Nobody else had the socket open, so it was closed with its only holder.',
              expectedBecause:
                'When a program ends, the kernel closes what it had open. But it closes the descriptors of that process only. The child has one of its own.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ childAlone, second }) => `${sockets(childAlone)} ${started(second)}`,
              why: 'The kernel counts who holds a socket. When the parent ended, its descriptor was closed, and the count went from two to one. A socket is closed when the count reaches zero. The document dialogue says that a port is closed when the program that opened it ends. That is true only if no other process has the socket. This is how a port can stay taken after a restart: the old program is gone, and a child of it is not.',
            },
          },
        },
        'client-is-served-when-the-parent-ended-before-the-child': {
          question: 'Only the child is left. Who serves a client that dials the port?',
          outcomes: {
            'the-child': {
              choice: 'The child.',
              seen: ({ early, client: late }) =>
                `${client(late)} ${heard(late)} The client that came while the parent ran heard: ${early.heard.trim()}.`,
              why: 'Both have the same socket, so both can take clients from it. Before, the parent did. Which of several holders gets a client is not a property of the port: the kernel gives it to one that asks with accept.',
            },
            'another-program': {
              choice: 'Whatever program has taken the port since.',
              seen: ({ client: late }) => client(late),
              why: 'The port was free after the end of the parent, and another program took it.',
              expectedBecause:
                'If the port were closed with its parent, another program could have it at once. But the child holds the socket, and the port is not free.',
            },
            ECONNREFUSED: {
              choice: 'Nobody: it is refused.',
              seen: ({ client: late }) => client(late),
              why: 'No socket listens on the port any more. The kernel answers the SYN, the packet that asks for a connection, with a reset, the packet that says no.',
              expectedBecause:
                'It was the parent that called bind and listen, and it is dead. But the socket remembers no owner. It lives as long as somebody has it open.',
            },
            'timed-out': {
              choice: 'Nobody: it gets no answer at all.',
              seen: ({ client: late }) => client(late),
              why: NOTHING_ANSWERED,
            },
          },
        },
        'port-is-free-when-the-last-holder-has-closed-the-socket': {
          question: 'The child has closed its descriptor as well. Can another program listen there now?',
          outcomes: {
            listening: {
              choice: 'Yes, it listens.',
              seen: ({ last }) => started(last),
              why: 'That was the last descriptor of the socket. Now the kernel takes the socket apart, and its address is free.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ last }) => started(last),
              why: 'A socket still listens there: some process has a descriptor of it, or made one of its own.',
              expectedBecause:
                'After such a refusal one may think that the port is lost until the next start of the machine. It is taken only as long as a process has the socket open.',
            },
          },
        },
      },
    },

    threads: {
      title: 'Two threads, one descriptor',
      intro:
        'The first thread of a program binds a socket, and does nothing more with it. It tells its descriptor, a mere number, to a second thread of the same process. The second thread is written to listen and to accept on this number. After the first client it is told to close the descriptor. The process and both threads live on, and one more client comes.',
      checks: {
        'second-thread-accepts-on-the-descriptor-of-the-first': {
          question:
            'The first thread made the socket. The second thread got nothing but its number. Which thread serves the client?',
          outcomes: {
            'second-thread': {
              choice: 'The second thread.',
              seen: ({ client: one }) => `${client(one)} ${heard(one)}`,
              why: 'The table of descriptors belongs to the process, and all its threads use the same one. A number that is good in one thread is good in every other. So nothing had to be handed over: the number was enough. To another process it would mean something else, or nothing. The document tuple says that threads share a socket. They do.',
            },
            'first-thread': {
              choice: 'The first thread, since it made the socket.',
              seen: ({ client: one }) => `${client(one)} ${heard(one)}`,
              why: 'This thread called accept. Any thread of the process may.',
              expectedBecause:
                'The thread that makes a socket looks like its owner. But the kernel keeps descriptors for each process, not for each thread.',
            },
            nobody: {
              choice: 'Nobody: the number means nothing to the second thread.',
              seen: ({ client: one }) => client(one),
              why: 'No thread accepts on this address.',
              expectedBecause:
                'Between two processes a bare number would indeed not do. Between two threads of one process it does.',
            },
          },
        },
        'listing-shows-two-threads-as-one-holder': {
          question: 'Two threads use the socket. How many holders does the listing show?',
          outcomes: {
            'one-holder': {
              choice: 'One: the process.',
              seen: ({ listed }) => sockets(listed),
              why: 'There is one table of descriptors, and one number in it for this socket. So there is one line. A listing cannot tell which thread uses it.',
            },
            'two-holders': {
              choice: 'Two.',
              seen: ({ listed }) => sockets(listed),
              why: 'The second holder is another process. A thread has no descriptors of its own.',
              expectedBecause:
                'Parent and child were two holders, and two threads look much the same. But a child has a table of its own, and a thread has not.',
            },
            'no-row': {
              choice: 'None.',
              seen: ({ listed }) => sockets(listed),
              why: 'No socket listens on this port.',
            },
          },
        },
        'client-is-served-when-one-thread-has-closed-the-descriptor': {
          question: 'The second thread has closed the descriptor. The first one never did. What happens to a client?',
          outcomes: {
            ECONNREFUSED: {
              choice: 'It is refused.',
              seen: ({ program, late }) => `Process ${program.pid} still runs. ${client(late)}`,
              why: 'There was one descriptor, and now it is closed, for the whole process. That is where threads differ from a parent and its child: those have a descriptor each, and the socket lives until the last one is closed.',
            },
            connected: {
              choice: 'It is connected: the first thread still has the socket.',
              seen: ({ late }) => client(late),
              why: 'Some process still has a descriptor of the socket. A connection is completed by the kernel, whether or not a program accepts it.',
              expectedBecause:
                'A child could close its descriptor and the parent would still have the socket. But threads have no descriptors of their own: one thread closes for all.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ late }) => client(late),
              why: NOTHING_ANSWERED,
            },
          },
        },
      },
    },

    rowsWithoutAProcess: {
      title: 'Rows without a process',
      intro:
        'A server is stopped with SIGSTOP: it exists, but it runs no more. Then a client dials its port. Then the server goes on and accepts the client. Then it is killed, and last of all the client ends. Twice the kernel is asked who has the server side of the connection. Its table knows no processes at all: it names an inode, the number of the socket as a file. The processes are found by looking for that number among their descriptors.',
      checks: {
        'connection-that-waits-for-accept-has-a-process': {
          question:
            'The client is connected while the server stands still. Whose is the connection on the side of the server?',
          outcomes: {
            'no-process': {
              choice: 'No process has it.',
              seen: ({ client: one, waiting }) => connection(one, waiting),
              why: 'The kernel makes the connection by itself and puts it into the accept queue, where connections wait until the program asks for them with accept. Only accept makes a descriptor, and an inode. So here is a connection on a port, and no process that has it. The document tuple says that a process and a port are related by a socket only. This row bears it out: the port is there, and the link to a process is missing.',
            },
            'a-process': {
              choice: 'The server, since it listens on the port.',
              seen: ({ client: one, waiting }) => connection(one, waiting),
              why: 'A process has a descriptor of this connection, so somebody has called accept.',
              expectedBecause:
                'The client dialled the port of this server. But the server has not called accept, and without that it has no descriptor of the connection.',
            },
            'no-row': {
              choice: 'There is no connection as long as the server stands still.',
              seen: ({ client: one, waiting }) => `${dials(one)} ${connection(one, waiting)}`,
              why: NO_ROW,
              expectedBecause:
                'A server that does not run cannot answer. But the kernel answers for it: connections are made without the program.',
            },
          },
        },
        'connection-in-time-wait-has-a-process': {
          question:
            'The server has been killed, and then the client has ended. What is left on the side of the server?',
          outcomes: {
            'no-process': {
              choice: 'A row that belongs to no process.',
              seen: ({ client: one, over }) => connection(one, over),
              why: 'The side that closes first remembers the connection for a while, so that late packets do no harm. That is TIME-WAIT, on Linux a minute. The port of the server is in this row although the server is dead. The kernel keeps such a row without any process. It is what is left of the socket after the last descriptor is closed.',
            },
            'a-process': {
              choice: 'A row that still names the server.',
              seen: ({ client: one, over }) => connection(one, over),
              why: 'Some process still has the connection open.',
              expectedBecause:
                'Somebody must be responsible for a row with this port, one should think. The kernel is.',
            },
            'no-row': {
              choice: 'Nothing: both programs are gone.',
              seen: ({ client: one, over }) => connection(one, over),
              why: NO_ROW,
              expectedBecause:
                'When a program ends, its sockets are closed. But to close a connection is to say goodbye to the other side, and the kernel still does that after the program is gone.',
            },
          },
        },
        'lsof-shows-a-connection-without-a-process': {
          question: 'Suppose that no process has a connection. Do lsof and ss show it?',
          outcomes: {
            'ss-only': {
              choice: 'Only ss does.',
              seen: ({ client: one, over }) =>
                `ss has a line for the connection with ${one.local ? formatEndpoint(one.local) : 'the client'}, in the state ${connectionOf(one, over, 'ss')?.state ?? 'unknown'}. lsof has none.`,
              why: 'lsof goes from process to process and looks at the open files of each. What no process has open it never meets. ss asks the kernel for its sockets, and looks through /proc for the processes besides. A socket that belongs to none is shown all the same. So where a port is taken and lsof names nobody, ask ss.',
            },
            both: {
              choice: 'Both do.',
              seen: 'Both ss and lsof have a line for the connection.',
              why: 'A process has the connection open, or this lsof also asks the kernel for its table.',
              expectedBecause:
                'Both are known as tools that list sockets. But lsof lists open files, and sockets only as far as they are open files of some process.',
            },
            neither: {
              choice: 'Neither does.',
              seen: 'Neither ss nor lsof has a line for the connection.',
              why: 'There is no such connection any more, or there never was.',
              expectedBecause:
                'A listing of what no program has open looks useless. But such a connection can be the reason why an address is not free.',
            },
          },
        },
      },
    },
  },
  remember: [
    'One process can have many sockets, and so many ports. Several processes can have one socket, and so one port.',
    'A socket is closed when its last descriptor is closed. A child that inherited it keeps the port open after the end of its parent.',
    'Threads of one process have one table of descriptors: when one thread closes a descriptor, it is closed for all.',
    'A process and a port are linked by a socket and a descriptor. A connection that waits for accept, or one in TIME-WAIT, has a port and no process.',
  ],
} satisfies Narration<typeof lab>
