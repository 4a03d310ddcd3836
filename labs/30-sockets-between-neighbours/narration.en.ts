import { formatEndpoint } from '../../harness/lab.ts'
import type { Narration, Said, Started } from '../../harness/lab.ts'
import { measured, quickest } from './lab.ts'
import type lab from './lab.ts'

const microseconds = (seconds: number) => `${(seconds * 1e6).toFixed(seconds < 1e-5 ? 1 : 0)} µs`

const rate = (bytes: number, seconds: number) => `${Math.round(bytes / seconds / 1e6)} MB/s`

const times = (one: number, other: number) => `${(one / other).toFixed(2)} times`

const NAMES = { tcp: 'loopback TCP', unix: 'the Unix-domain socket', pipe: 'the pipe' } as const

const arrived = ({ local }: Started, said: Said) => {
  const { bytes, rounds } = measured(said)
  const ways = Object.entries(rounds[0] ?? {})
  const told = ways.map(([name, { whole }]) => {
    return `over ${NAMES[name as keyof typeof NAMES]} ${whole ? 'they came whole' : 'they did not come as sent'}`
  })
  return `${Math.round(bytes / 1e6)} MB were sent on each of the three ways, TCP on ${local ? formatEndpoint(local) : 'no port'}: ${told.join(', ')}.`
}

const roundTrips = (said: Said, name: string, other: 'unix' | 'pipe') => {
  const [tcp, way] = [quickest(said, 'tcp', 'roundTrip'), quickest(said, other, 'roundTrip')]
  return `One byte there and back: ${microseconds(tcp)} over TCP, ${microseconds(way)} over ${name}. TCP took ${times(tcp, way)} as long, by the quickest trip of ${measured(said).rounds.length - 1} rounds.`
}

const oneWay = (said: Said) => {
  const { bytes, rounds } = measured(said)
  const [tcp, unix] = [quickest(said, 'tcp', 'oneWay'), quickest(said, 'unix', 'oneWay')]
  return `Many bytes one way: ${rate(bytes, tcp)} over TCP, ${rate(bytes, unix)} over the Unix-domain socket. TCP took ${times(tcp, unix)} as long, by the quickest time of ${rounds.length - 1} rounds.`
}

const TCP_DOES_MORE =
  'Over loopback no wire is involved, and yet TCP does nearly all that it does on a wire. It makes packets with headers and numbers their bytes. It finds the receiving socket by two addresses and two ports. It acknowledges what came. Only the checksums are left out, and the packets may be as long as 64 KiB.'

const UNIX_SOCKET =
  'A Unix-domain socket connects processes of one machine and nothing else. The kernel puts the bytes straight into the queue of the other end.'

const PIPE = 'A pipe is a buffer in the kernel with one end to write and one end to read. It needs no socket at all.'

const ALIKE =
  'So small a difference says nothing: what else runs on the machine can make as much. Going into the kernel, waking the other process and coming back take most of the time, and they are the same on both ways.'

const TCP_QUICKER = 'Something slowed the other way down, or another program had the processor at the wrong moments.'

const EXPECTED_ALIKE =
  'It is the same machine and the same memory. But the two ways have different amounts of work to do.'

export default {
  title: 'Two processes of one machine: TCP, Unix-domain socket, pipe',
  summary: 'What do two processes of one machine pay for talking over TCP?',
  acts: {
    threeWays: {
      title: 'The same bytes on three ways',
      intro:
        'A process has made a child, a second process. Both are kept on one processor core, so that they take turns. They can talk in three ways. The first is a TCP connection on 127.0.0.1, the loopback address, by which a machine talks to itself. The second is a pair of Unix-domain sockets, which have no ports and stay inside one machine. The third is a pair of pipes. On each way they exchange the same bytes, in turns. The program takes the times itself, and we have its word for them.',
      checks: {
        'same-bytes-arrive-over-tcp-a-unix-socket-and-a-pipe': {
          question: 'Do the same bytes arrive on each of the three ways?',
          outcomes: {
            'all-three': {
              choice: 'Yes, whole and in order.',
              seen: ({ neighbours, times: said }) => arrived(neighbours, said),
              why: 'All three carry a stream of bytes: nothing is lost, nothing comes twice, and the order stays. Both programs use the same two calls for each way, read(2) and write(2). The document tuple says that sockets connect processes of one machine too. Its author never tried. They do.',
            },
            'not-all': {
              choice: 'Not on all of them.',
              seen: ({ neighbours, times: said }) => arrived(neighbours, said),
              why: 'The receiver took a checksum of all that came. For one of the ways it differs from the checksum of what was sent, or there was no connection.',
              expectedBecause:
                'Only TCP is known for arriving whole. Inside one machine there is nothing that could lose a byte.',
            },
          },
        },
        'round-trip-over-tcp-takes-longer-than-over-a-unix-socket': {
          question: 'One byte there, one byte back. How does TCP over loopback compare with a Unix-domain socket?',
          outcomes: {
            slower: {
              choice: 'TCP takes longer.',
              seen: ({ times: said }) => roundTrips(said, 'the Unix-domain socket', 'unix'),
              why: `${TCP_DOES_MORE} ${UNIX_SOCKET} The document tuple says that sockets are the less efficient way here. For those of TCP it is right.`,
            },
            alike: {
              choice: 'Both take about as long.',
              seen: ({ times: said }) => roundTrips(said, 'the Unix-domain socket', 'unix'),
              why: ALIKE,
              expectedBecause: EXPECTED_ALIKE,
            },
            quicker: {
              choice: 'TCP is quicker.',
              seen: ({ times: said }) => roundTrips(said, 'the Unix-domain socket', 'unix'),
              why: TCP_QUICKER,
            },
          },
        },
        'bytes-one-way-over-tcp-take-longer-than-over-a-unix-socket': {
          question: 'And many bytes, one way?',
          outcomes: {
            slower: {
              choice: 'TCP takes longer.',
              seen: ({ times: said }) => oneWay(said),
              why: 'TCP has to cut the bytes into packets, number them and acknowledge them. A Unix-domain socket does without. Much of the time goes into copying the bytes, which both ways have to do.',
            },
            alike: {
              choice: 'Both take about as long.',
              seen: ({ times: said }) => oneWay(said),
              why: `${ALIKE} With large writes most of the time goes into copying the bytes, which both ways have to do.`,
              expectedBecause: EXPECTED_ALIKE,
            },
            quicker: {
              choice: 'TCP is quicker.',
              seen: ({ times: said }) => oneWay(said),
              why: TCP_QUICKER,
              expectedBecause:
                'TCP is made for streams of many bytes. A Unix-domain socket carries the same stream with less work.',
            },
          },
        },
        'round-trip-over-tcp-takes-longer-than-through-pipes': {
          question: 'And one byte there and back through a pair of pipes?',
          outcomes: {
            slower: {
              choice: 'TCP takes longer.',
              seen: ({ times: said }) => roundTrips(said, 'the pipes', 'pipe'),
              why: `TCP has its packets and acknowledgements to make. ${PIPE}`,
            },
            alike: {
              choice: 'Both take about as long.',
              seen: ({ times: said }) => roundTrips(said, 'the pipes', 'pipe'),
              why: ALIKE,
              expectedBecause: EXPECTED_ALIKE,
            },
            quicker: {
              choice: 'TCP is quicker.',
              seen: ({ times: said }) => roundTrips(said, 'the pipes', 'pipe'),
              why: TCP_QUICKER,
            },
          },
        },
      },
    },
  },
  remember: [
    'TCP over loopback never leaves the machine, and still does nearly the whole work of TCP.',
    'A Unix-domain socket or a pipe spares that work. Programs that must be quick on one machine use them.',
    'TCP has one advantage here: the same program also works when the other process moves to another machine.',
  ],
} satisfies Narration<typeof lab>
