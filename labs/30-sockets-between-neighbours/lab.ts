/** Two processes of one machine: what do they pay for talking over TCP, instead of a Unix-domain socket or a pipe? */

import { act, defineLab } from '../../harness/lab.ts'
import type { Said } from '../../harness/lab.ts'

/** Seconds, as the program measured them: for a byte there and back (the quickest of 300), and for all bytes one way (of 10). */
type Way = { roundTrip: number; oneWay: number; whole: boolean }
export type Round = { tcp: Way; unix: Way; pipe: Way }

export function measured({ value }: Said): { bytes: number; rounds: Round[] } {
  return value as unknown as { bytes: number; rounds: Round[] }
}

/**
 * The quickest of the rounds, without the first one, which is for looking at the bytes. Other programs only ever make a
 * round slower: what a way costs by itself is the least that was seen.
 */
export function quickest(said: Said, way: keyof Round, what: 'roundTrip' | 'oneWay'): number {
  const [, ...rounds] = measured(said).rounds
  return Math.min(...rounds.map((round) => round[way][what]))
}

/**
 * Wide bands: two runs on a busy machine differ. Expected is what the kernel has to do. Both ways go through
 * the same system calls. Only TCP makes packets, checks sequence numbers, and acknowledges.
 */
function compared(said: Said, what: 'roundTrip' | 'oneWay', other: 'unix' | 'pipe') {
  const ratio = quickest(said, 'tcp', what) / quickest(said, other, what)
  return ratio >= 1.15 ? 'slower' : ratio > 0.6 ? 'alike' : ratio <= 0.6 ? 'quicker' : 'other'
}

const NO_PROTOCOL = {
  outcome: ['slower', 'alike'],
  source: 'net/unix/af_unix.c and fs/pipe.c against net/ipv4/tcp.c',
} as const

export default defineLab({
  id: '30-sockets-between-neighbours',
  acts: {
    threeWays: act({
      requires: ['ipv4-loopback', 'python', 'client-ports'],
      async experiment({ start, ask, list, anotherPort }) {
        const port = await anotherPort() // a number without a past: the listing shows this connection only
        const neighbours = await start('neighbours.py', '127.0.0.1', port)
        const listed = await list('ss', { port, connections: true })
        return { neighbours, listed, times: await ask(neighbours, 'measure', 'times') }
      },
      checks: {
        'same-bytes-arrive-over-tcp-a-unix-socket-and-a-pipe': {
          claims: { T21: 'all-three' },
          outcomes: ['all-three', 'not-all'],
          outcome({ neighbours, listed, times }) {
            const [first] = measured(times).rounds
            const isThere = listed.rows.some(
              ({ local, state }) => state === 'ESTABLISHED' && local.port === neighbours.local?.port,
            )
            if (!isThere || !first) return 'other'
            return Object.values(first).every(({ whole }) => whole) ? 'all-three' : 'not-all'
          },
          expect: { posix: { outcome: 'all-three', source: 'POSIX, Socket Types: SOCK_STREAM; POSIX pipe' } },
          lie: 'bytes-changed',
        },
        'round-trip-over-tcp-takes-longer-than-over-a-unix-socket': {
          claims: { T21: 'slower' },
          outcomes: ['slower', 'alike', 'quicker'],
          outcome: ({ times }) => compared(times, 'roundTrip', 'unix'),
          expect: { linux: NO_PROTOCOL },
          lie: 'unix-socket-delayed',
        },
        'bytes-one-way-over-tcp-take-longer-than-over-a-unix-socket': {
          claims: { T21: 'slower' },
          outcomes: ['slower', 'alike', 'quicker'],
          outcome: ({ times }) => compared(times, 'oneWay', 'unix'),
          expect: { linux: NO_PROTOCOL },
          lie: 'unix-socket-delayed',
        },
        'round-trip-over-tcp-takes-longer-than-through-pipes': {
          claims: { T21: 'slower' },
          outcomes: ['slower', 'alike', 'quicker'],
          outcome: ({ times }) => compared(times, 'roundTrip', 'pipe'),
          expect: { linux: NO_PROTOCOL },
          lie: 'pipe-delayed',
        },
      },
    }),
  },
})
