import type { Narration, Said } from '../../harness/lab.ts'
import { connectionsOf, counted, limitOf, memoryOf, PORTS } from './lab.ts'
import type lab from './lab.ts'

const many = (number: number) => number.toLocaleString('en')

type Rounds = readonly { opened: readonly Said[]; kept: readonly Said[]; tookMs: number }[]

const NAMED = (inTable: number, servers: number) =>
  `The table of the kernel has ${many(inTable)} of them. ${servers === 1 ? '1 server process holds them.' : `${servers} server processes share the port and hold them.`}`

const open = (dialled: number, opened: readonly Said[], kept: readonly Said[], inTable: number) => {
  const connections = connectionsOf(opened)
  const above = connections > PORTS ? ', more than there are port numbers' : ''
  return `Of ${many(dialled)} connections ${many(connections)} were open at once${above}. ${NAMED(inTable, kept.length)}`
}

/** `10,000 after 1.2 s with 210 MB, 20,000 after …`: what each step took, and the memory of all programs then. */
const growth = (rounds: Rounds) => {
  if (rounds.length < 2) return ''
  let ms = 0
  const parts = rounds.map(({ opened, kept, tookMs }) => {
    ms += tookMs
    const memory = Math.round((memoryOf(opened) + memoryOf(kept)) / 1e6)
    return `${many(connectionsOf(opened))} after ${(ms / 1000).toFixed(1)} s with ${many(memory)} MB`
  })
  return ` Time and memory of the programs: ${parts.join(', ')}.`
}

const NAME =
  'To the kernel a connection is the pair of its two ends, and each end is an address and a port. All clients dialled the same end, and all used one port. They differ in their addresses alone, and that is enough.'

/** What the number that was reached shows of the document's claim, and what it does not. */
const shown = (opened: readonly Said[], kept: readonly Said[]) => {
  if (connectionsOf(opened) <= PORTS)
    return 'Two port numbers served them all. With --full there are more connections than port numbers, as far as the limit of open files allows.'
  return kept.length === 1
    ? 'One process held them all. The document tuple says that the number of ports does not limit the sockets of a process, and this is so.'
    : 'The document tuple says that the number of ports does not limit the sockets of a process. One thing is not shown here: a single process with so many. For that its limit of open files would have to be higher.'
}

const HELD = (descriptors: number, rows: number, limit: number) =>
  `The server's side has ${many(descriptors)} descriptors, with ${many(rows)} connections. One process may have ${many(limit)} open files here.`

export default {
  title: 'More connections than port numbers',
  summary: 'A port number has 16 bits. How many connections can one server port have at once?',
  acts: {
    oneServerPort: {
      title: 'One server port, one client port, many connections',
      intro: `There are ${many(PORTS)} port numbers that a socket can have. A server listens on one of them. Clients connect and stay. Each has another address out of 127.0.0.0/8, the loopback addresses, by which a machine talks to itself. All of them use the same port. The quick form opens 500 connections. The long one, with --full, opens 70,000, over as many processes as the limit of open files asks for.`,
      checks: {
        'connections-outnumber-the-ports-in-use': {
          question:
            'All clients dial one port of the server, and all of them from one port number. How many of their connections can be open at once?',
          outcomes: {
            'all-of-them': {
              choice: 'All of them.',
              seen: ({ dialled, rounds, opened, kept, rows }) =>
                `${open(dialled, opened, kept, counted(rows))}${growth(rounds)}`,
              why: ({ opened, kept }) => `${NAME} ${shown(opened, kept)}`,
            },
            'some-of-them': {
              choice: 'Some of them.',
              seen: ({ dialled, rounds, opened, kept, rows }) =>
                `${open(dialled, opened, kept, counted(rows))}${growth(rounds)}`,
              why: 'Something else came to its end first, such as the descriptors of a process or the memory.',
              expectedBecause: `It is said that a server can have ${many(PORTS)} connections, because there are no more ports. But a connection uses up no port of the server.`,
            },
            'one-of-them': {
              choice: 'One of them.',
              seen: ({ dialled, rounds, opened, kept, rows }) =>
                `${open(dialled, opened, kept, counted(rows))}${growth(rounds)}`,
              why: 'All clients came from one address and one port. A second connection with the same two ends is not possible, so only the first one got through.',
              expectedBecause:
                'With the first connection both ports seem to be taken. But the kernel tells connections apart by the addresses too.',
            },
          },
        },
        'each-connection-takes-a-descriptor-of-the-server': {
          question:
            'A descriptor is the number by which a process knows a file or a socket that it has open. How many does the server need for its connections?',
          outcomes: {
            'one-each': {
              choice: 'One for each of them.',
              seen: ({ descriptors, rows, limit }) => HELD(counted(descriptors), counted(rows), limitOf(limit)),
              why: 'accept(2) makes a new socket for each connection, and gives the process a descriptor for it. The few that are left over are for the listener, standard input and the like. The system limits how many descriptors a process may have. The document tuple says that this is what limits its sockets. Lab 29 goes up to that limit.',
            },
            fewer: {
              choice: 'One for all of them.',
              seen: ({ descriptors, rows, limit }) => HELD(counted(descriptors), counted(rows), limitOf(limit)),
              why: 'There were fewer descriptors than connections: some had not been accepted, or were closed again.',
              expectedBecause:
                'The listener is one socket with one descriptor, and all clients dial it. But accept makes a new socket for each of them.',
            },
          },
        },
      },
    },
  },
  remember: [
    'A connection is known by both of its ends. It uses up no port of the server.',
    'Descriptors and memory limit the connections of a process. The number of ports does not.',
  ],
} satisfies Narration<typeof lab>
