/** A program opens a port that nobody asked for. Who may do that, and how is it found? */

import { act, defineLab, listenOutcome, openRows } from '../../harness/lab.ts'
import type { Listed, SocketRow } from '../../harness/lab.ts'

const BELOW_1024 = 'docs/notes/bsd/ports-below-1024-are-protected.md'
const NOT_PROTECTED = {
  linux: { outcome: 'listening', source: 'bind(2), EACCES; ip(7): protected are the ports below 1024' },
  posix: { outcome: 'listening', source: `POSIX bind, EACCES: only for a protected address; ${BELOW_1024}` },
} as const

/** What one listing says of a socket, without the process: enough to find it in another listing. */
const place = ({ protocol, family, local, inode }: SocketRow) => JSON.stringify([protocol, family, local, inode])

/** The listeners and UDP sockets that only the later listing has. */
export function opened(before: Listed, after: Listed): SocketRow[] {
  const known = new Set(openRows(before).map(place))
  return openRows(after).filter((row) => !known.has(place(row)))
}

export default defineLab({
  id: '26-unexpected-listener',
  acts: {
    twoListings: act({
      network: 'own',
      requires: ['ipv4-loopback'],
      async experiment({ start, list, anotherPort, port }) {
        await start('listener', '127.0.0.1', port)
        const before = await list('ss', { port: 'all' })
        const intruder = await start('disguised', '0.0.0.0', await anotherPort())
        return { before, intruder, after: await list('ss', { port: 'all' }) }
      },
      checks: {
        'comparing-two-listings-finds-the-new-listener': {
          claims: { N1: 'exactly-that-one', T13: 'exactly-that-one' },
          outcomes: ['exactly-that-one', 'nothing-new', 'more-than-that'],
          outcome({ before, intruder, after }) {
            const rows = opened(before, after)
            if (intruder.asked?.port === undefined || openRows(before).length === 0) return 'other'
            if (rows.length !== 1) return rows.length === 0 ? 'nothing-new' : 'more-than-that'
            return rows[0]?.local.port === intruder.asked.port ? 'exactly-that-one' : 'other'
          },
          expect: { linux: { outcome: 'exactly-that-one', source: 'proc(5), /proc/net/tcp; ss(8)' } },
          lie: 'another-port',
        },
        'listing-shows-the-name-that-a-program-chose-itself': {
          outcomes: ['its-own-choice', 'name-of-its-file', 'no-name'],
          outcome({ before, intruder, after }) {
            const names = opened(before, after)
              .flatMap(({ holders }) => holders)
              .filter(({ pid }) => pid === intruder.pid)
              .map(({ command }) => command)
            const [name = null] = names
            if (opened(before, after).length === 0) return 'other'
            return name === null ? 'no-name' : name === 'sshd' ? 'its-own-choice' : 'name-of-its-file'
          },
          expect: { linux: { outcome: 'its-own-choice', source: 'proc(5), /proc/[pid]/comm; prctl(2), PR_SET_NAME' } },
          lie: 'title-ignored',
        },
      },
    }),

    anyUser: act({
      requires: ['ipv4-loopback'],
      async experiment({ start, startAsAnotherUser, stop, has, port }) {
        const ours = await start('listener', '127.0.0.1', port)
        if (!ours.error) await stop(ours)
        return { ours, anothers: has('another-user') ? await startAsAnotherUser('listener', '127.0.0.1', port) : null }
      },
      checks: {
        'user-opens-a-port-while-the-machine-runs': {
          claims: { T29: 'EACCES' },
          outcomes: ['listening', 'EACCES'],
          outcome: ({ ours }) => listenOutcome(ours),
          expect: NOT_PROTECTED,
          lie: 'bind-denied',
        },
        'user-without-rights-opens-a-port-while-the-machine-runs': {
          requires: ['another-user'],
          claims: { T29: 'EACCES' },
          outcomes: ['listening', 'EACCES'],
          outcome: ({ anothers }) => (anothers ? listenOutcome(anothers) : 'other'),
          expect: NOT_PROTECTED,
          lie: 'bind-denied',
        },
      },
    }),
  },
})
