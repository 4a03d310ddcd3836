import { formatEndpoint, listingName } from '../../harness/lab.ts'
import type { Listed, Narration, Said, SocketRow } from '../../harness/lab.ts'
import { columns, connection, hex, lengths, line, own, udpRow } from './lab.ts'
import type lab from './lab.ts'

/** The first columns of the line, as far as the state. */
const beginning = (listed: Listed, port: number, state?: string) => {
  const found = line(listed, port, state)
  return found === null
    ? `No line of the kernel's tables has port ${port} as its own.`
    : `The column st says ${columns(found)[2]}. The line begins with ${columns(found).slice(0, 3).join(' ')}.`
}

const presence = (port: number, listed: Record<'before' | 'open' | 'after', Listed>) => {
  const has = (one: Listed) => (line(one, port) === null ? 'no line' : 'a line')
  return `For port ${port}, ${hex(port)} in base 16, there was ${has(listed.before)} before, ${has(listed.open)} while the server listened, and ${has(listed.after)} after its end.`
}

const address = (listed: Listed, port: number) => {
  const [first = 'nothing'] = columns(line(listed, port, '0A') ?? '0: nothing')
  return `The listener is on ${formatEndpoint({ address: '127.0.0.1', port })}, and the column local_address says ${first}.`
}

const owner = (listed: Listed, port: number, numbers: Said) => {
  const [user, , inode] = columns(line(listed, port, '0A') ?? '0: nothing').slice(6)
  const mine = own(numbers)
  return `The column uid says ${user ?? 'nothing'} and the column inode ${inode ?? 'nothing'}. The program, process ${numbers.pid}, runs as user ${mine.user}, and its own listening socket has the inode ${mine.inode}.`
}

/** As the table prints it, without the zeros in front. */
const base16 = (count: number) => (count < 10 ? '' : `, ${count.toString(16)} in base 16`)

const said = (row: SocketRow | undefined) => {
  const count = row?.receiveQueue ?? null
  return count === null ? 'nothing' : `${count}${base16(count)}`
}

const queued = (row: SocketRow | undefined, then: SocketRow | undefined, read: number | undefined) =>
  `Before the program read, the row said ${said(row)}. Then it read ${read ?? 'no'} bytes, and the row said ${said(then)}.`

const states = (full: Listed, after: Listed) =>
  `While the socket had no peer, its row said ${udpRow(full)?.stateAsPrinted ?? 'nothing'}. After connect(2) it said ${udpRow(after)?.stateAsPrinted ?? 'nothing'}.`

const STRUCTURE =
  "Each line is made from a structure in the kernel's memory, one for each socket. It has the addresses, the ports, the state, and the queues of data that came or is to go."

const NUMBERS = 'The states of TCP are numbered: 01 is ESTABLISHED, 06 is TIME-WAIT, 07 is CLOSE and 0A is LISTEN.'

const NO_SUCH_TABLE =
  'The kernel keeps no table of all 65,536 ports. It keeps tables of sockets, and looks a port up in there. So there is nothing that could say CLOSED.'

const TEXT_COUNTS = 'The bytes that have come and that nobody has read wait in the receive queue of the socket.'

export default {
  title: "The kernel's own table",
  summary: 'What does the kernel itself write down about a port, and which byte of it changes?',
  acts: {
    oneRow: {
      title: 'A row comes and goes',
      intro:
        'Linux shows its sockets as text: /proc/net/tcp and /proc/net/udp, with tcp6 and udp6 for IPv6. The tool netstat reads these files. A server starts on a free port and is ended again. We look before it starts, while it listens, and after its end.',
      checks: {
        'state-byte-of-a-listener': {
          question: 'A program listens. Which number stands in the column of the state, st, of its row?',
          outcomes: {
            '0A': {
              choice: '0A, the number of LISTEN.',
              seen: ({ open, server }) => `${beginning(open, server.local?.port ?? 0)} 0A is LISTEN.`,
              why: `${NUMBERS} They are written in base 16, where 0A is ten. listen(2) has put this one there. ${STRUCTURE} The state takes one byte of it. The document dialogue goes on from here to bits, and to charges in RAM that hold them. Memory works like that, but no program can see a charge. What a program can see is this byte.`,
            },
            '01': {
              choice: '01, the number of ESTABLISHED.',
              seen: ({ open, server }) => beginning(open, server.local?.port ?? 0),
              why: `${NUMBERS} So this would be a connection.`,
            },
            'no-row': {
              choice: 'None: a row comes with a client.',
              seen: ({ open, server }) =>
                `${server.program} (process ${server.pid}) holds no row of this port in ${listingName(open)}.`,
              why: 'Nobody listened on this port.',
              expectedBecause:
                'Nothing has come over the network yet. But the row stands for the socket, and listen(2) has put that into the table.',
            },
          },
        },
        'closed-port-has-a-row': {
          question: 'And which row does the port have while no program uses it?',
          outcomes: {
            never: {
              choice: 'None.',
              seen: ({ open, before, after, port }) => presence(port, { before, open, after }),
              why: `${NO_SUCH_TABLE} The document dialogue says that the table gives each port a state, LISTENING or CLOSED. On this machine the closed port has no row.`,
            },
            always: {
              choice: 'One that says that the port is closed.',
              seen: ({ open, before, after, port }) => presence(port, { before, open, after }),
              why: 'Somebody had this port all the time.',
              expectedBecause: `A table of ports, each with its state, is how one would draw it. ${NO_SUCH_TABLE}`,
            },
            before: {
              choice: 'One before the server starts, and none after.',
              seen: ({ open, before, after, port }) => presence(port, { before, open, after }),
              why: 'Somebody else had this port before.',
            },
            after: {
              choice: 'None before, but one when the server has ended.',
              seen: ({ open, before, after, port }) => presence(port, { before, open, after }),
              why: 'The socket is still there, because another process has it open too. The kernel removes a socket when the last descriptor of it, the number by which a program knows it, is closed.',
              expectedBecause:
                'Rows in TIME-WAIT stay for a minute. But those are rows of connections, and this server had none.',
            },
          },
        },
      },
    },

    bytes: {
      title: 'Columns of one row',
      intro:
        'A program has a TCP listener and a UDP socket on one port. A client sends it a line over TCP, and another one a datagram. The program looks at both and leaves them in their queues. Then it reads them, and at last it calls connect(2) on its UDP socket.',
      checks: {
        'address-is-written-in-the-byte-order-of': {
          question: 'In these tables an IPv4 address is a number in base 16. In which order are its four bytes?',
          outcomes: {
            'the-machine': {
              choice: 'As this machine keeps numbers in memory.',
              seen: ({ full, port, numbers }) =>
                `${address(full, port)} This machine is ${own(numbers).byteOrder}-endian.`,
              why: 'The kernel keeps the four bytes as they stand in a packet: 7F 00 00 01. To print them it takes them for one number of the machine. A little-endian machine reads the first byte as the lowest, and so the address comes out backwards. The port is turned round before it is printed, so that 8080 reads 1F90.',
            },
            'the-network': {
              choice: 'As in a packet: 127 is 7F, and comes first.',
              seen: ({ full, port, numbers }) =>
                `${address(full, port)} This machine is ${own(numbers).byteOrder}-endian.`,
              why: 'The bytes were printed one by one, in the order in which they are sent.',
              expectedBecause:
                'Packets have the highest byte first, and so do addresses as people write them. The table shows the number that the machine makes of those bytes.',
            },
          },
        },
        'row-tells-whose-socket-it-is-by': {
          question: 'What does a row say of the process that it belongs to?',
          outcomes: {
            'user-and-inode': {
              choice: 'A user, and a number of the socket itself.',
              seen: ({ full, port, numbers }) => owner(full, port, numbers),
              why: 'A socket is a kind of file, so it has an owner and an inode, the record of a file in the kernel, which has a number. The row does not name a process, because any number of them may have it open. To find them, tools look through /proc/PID/fd of every process for a link that reads socket:[INODE]. So a listing shows you the processes of other users only if you are allowed to look there.',
            },
            process: {
              choice: 'Its process id.',
              seen: ({ full, port, numbers }) => owner(full, port, numbers),
              why: 'The line had the number of the process in it.',
              expectedBecause: 'lsof, ss and netstat all show a process. But they have to look for it elsewhere.',
            },
            neither: {
              choice: 'Nothing at all.',
              seen: ({ full, port, numbers }) => owner(full, port, numbers),
              why: 'The numbers in the row were not those of the program.',
            },
          },
        },
        'receive-queue-of-a-tcp-connection-counts': {
          question:
            'A TCP client has sent a line, and the program has not read it. What does rx_queue count in the row of the connection?',
          outcomes: {
            bytes: {
              choice: 'The bytes of the line.',
              seen: ({ full, read, after }) =>
                queued(connection(full), connection(after), read ? lengths(read).tcp : undefined),
              why: `${TEXT_COUNTS} The line has two more than one can see, the carriage return and the line feed at its end. TCP numbers every byte. The column is the number up to which bytes have come, less the number up to which they were read.`,
            },
            'more-than-the-bytes': {
              choice: 'More: all the memory that they take.',
              seen: ({ full, read, after }) =>
                queued(connection(full), connection(after), read ? lengths(read).tcp : undefined),
              why: 'The column counted more than what was sent.',
            },
            nothing: {
              choice: 'Nothing: they are in the program.',
              seen: ({ full, read, after }) =>
                queued(connection(full), connection(after), read ? lengths(read).tcp : undefined),
              why: 'The bytes had left the queue already: the program had taken them.',
              expectedBecause:
                'One thinks of data as arriving in the program. It arrives in the kernel, and waits there until it is read.',
            },
          },
        },
        'receive-queue-of-a-udp-socket-counts': {
          question:
            'Five bytes came in a datagram, and nobody has read them. What does rx_queue count for the UDP socket?',
          outcomes: {
            bytes: {
              choice: 'Five: the bytes.',
              seen: ({ full, read, after }) =>
                queued(udpRow(full), udpRow(after), read ? lengths(read).udp : undefined),
              why: `${TEXT_COUNTS} Their number was in the column.`,
              expectedBecause:
                'For TCP the same column counts bytes. For UDP Linux prints the memory that is charged to the socket.',
            },
            'more-than-the-bytes': {
              choice: 'More: all the memory that they take.',
              seen: ({ full, read, after }) =>
                queued(udpRow(full), udpRow(after), read ? lengths(read).udp : undefined),
              why: 'A datagram stays whole in the queue, with its headers and with the structure in which the kernel carries it. All that memory is charged to the socket, so that nobody can fill the machine with small datagrams. For UDP the column shows this charge, in base 16 like most of the table.',
            },
            nothing: {
              choice: 'Nothing: UDP has no queue.',
              seen: ({ full, read, after }) =>
                queued(udpRow(full), udpRow(after), read ? lengths(read).udp : undefined),
              why: 'The datagram had left the queue already: the program had taken it.',
              expectedBecause:
                'UDP promises nothing and keeps nothing of what it has sent. But what has come must wait somewhere until the program asks for it.',
            },
          },
        },
        'connect-changes-the-state-byte-of-a-udp-socket': {
          question: 'A UDP socket calls connect(2), which sends no packet. What happens to the state in its row?',
          outcomes: {
            '07-then-01': {
              choice: 'It changes from 07 to 01.',
              seen: ({ full, after }) => states(full, after),
              why: 'UDP has no states of its own, so Linux borrows two of the numbers of TCP. 07 means: no peer. 01 means: this socket has one, and takes datagrams from that one only. The document dialogue says that a UDP port in use is LISTENING. That would be 0A, and no UDP socket has it.',
            },
            'always-07': {
              choice: 'It stays 07: UDP has no connections.',
              seen: ({ full, after }) => states(full, after),
              why: 'The socket got no peer.',
              expectedBecause:
                'No packet is sent, and the other side learns nothing. But the kernel notes the peer, and with it the state.',
            },
            'always-0A': {
              choice: 'It stays 0A: the port is in use all the time.',
              seen: ({ full, after }) => states(full, after),
              why: '0A is LISTEN, a state of TCP.',
              expectedBecause:
                'A UDP server waits for its clients as a TCP server does. But it never calls listen(2), which is what this number stands for.',
            },
          },
        },
      },
    },
  },

  remember: [
    'The kernel has tables of sockets, and no table of all ports. A port that no socket has is in no row.',
    'In /proc/net/tcp the state 0A is LISTEN and 01 is ESTABLISHED. Of UDP sockets those without a peer have 07.',
    'rx_queue counts bytes for TCP, and memory for UDP.',
  ],
} satisfies Narration<typeof lab>
