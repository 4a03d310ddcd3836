import type { Narration, Said } from '../../harness/lab.ts'
import { connectionsOf, counted, limitOf, memoryOf, PORTS } from './lab.ts'
import type lab from './lab.ts'

const many = (number: number) => number.toLocaleString('en')

type Rounds = readonly { opened: readonly Said[]; kept: readonly Said[]; tookMs: number }[]

const open = (rounds: Rounds, inTable: number) => {
  const last = rounds.at(-1)
  const servers = last?.kept.length ?? 0
  return `${many(connectionsOf(last?.opened ?? []))} connections were open at once, to one port of 127.0.0.1, and all from one port number of their clients. The kernel's table has ${many(inTable)} of them. ${servers === 1 ? '1 server process holds them.' : `${servers} server processes share the port and hold them.`}`
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
  'To the kernel a connection is the pair of its two ends, and each end is an address and a port. All clients dialled the same end, and all used one port. They differ in their addresses alone, and that is enough: each came from another address of 127.0.0.0/8.'

const HELD = (descriptors: number, rows: number, limit: number) =>
  `The server's side has ${many(descriptors)} descriptors for ${many(rows)} connections. One process may have ${many(limit)} open files here.`

export default {
  title: 'More connections than port numbers',
  summary: 'A port number has 16 bits. How many connections can one server port have at once?',
  acts: {
    oneServerPort: {
      title: 'One server port, one client port, many connections',
      intro: `There are ${many(PORTS)} port numbers. In a network of its own a server listens on one of them. Clients connect and stay, each from another address, and all from the same port. The quick form opens 500 connections. The long one, with --full, opens 70,000, over as many processes as the limit of open files asks for.`,
      checks: {
        'connections-outnumber-the-ports-in-use': {
          question: 'All connections go to one port, and come from one port number. How many can there be at once?',
          outcomes: {
            'more-than-65535': {
              choice: 'More than there are port numbers.',
              seen: ({ rounds, rows }) => `${open(rounds, counted(rows))}${growth(rounds)}`,
              why: `${NAME} So the number of ports limits nothing but the connections between one pair of addresses to one port. The document tuple says the same. What this does not show: one process with so many connections. For that the limit of open files would have to be higher.`,
            },
            'more-than-the-ports-in-use': {
              choice: 'Many more than two.',
              seen: ({ rounds, rows }) => `${open(rounds, counted(rows))}${growth(rounds)}`,
              why: `${NAME} Two port numbers served them all. The form with --full shows it with more connections than there are port numbers.`,
            },
            'one-for-each-port': {
              choice: 'One: a port has one connection.',
              seen: ({ rounds, rows }) => `${open(rounds, counted(rows))}${growth(rounds)}`,
              why: 'A second connection with the same two ends is not possible. All clients came from one address and one port, so only the first one got through.',
              expectedBecause: `It is said that a server can have ${many(PORTS)} connections, because there are no more ports. But a connection does not use up a port of the server.`,
            },
          },
        },
        'each-connection-takes-a-descriptor-of-the-server': {
          question: 'What does each connection take from the server, if not a port?',
          outcomes: {
            'one-each': {
              choice: 'A descriptor: one of its open files.',
              seen: ({ descriptors, rows, limit }) => HELD(counted(descriptors), counted(rows), limitOf(limit)),
              why: 'accept(2) gives the process a descriptor for each connection, a number in its table of open files. The system limits how many a process may have. This limit comes first, and memory comes next. The number of ports never does.',
            },
            fewer: {
              choice: 'Nothing: they share the descriptor of the listener.',
              seen: ({ descriptors, rows, limit }) => HELD(counted(descriptors), counted(rows), limitOf(limit)),
              why: 'There were fewer descriptors than connections: some had not been accepted, or were closed again.',
              expectedBecause:
                'The listener is one socket with one descriptor. But accept makes a new socket for each connection.',
            },
          },
        },
      },
    },
  },
  remember: [
    'A connection is told by both of its ends. A server port never runs out.',
    'Descriptors and memory limit the connections of a process. The number of ports does not.',
  ],
} satisfies Narration<typeof lab>
