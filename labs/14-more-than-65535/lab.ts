/** A port number has 16 bits. How many connections can one server port have at once? */

import { act, defineLab } from '../../harness/lab.ts'
import type { Ran, Said } from '../../harness/lab.ts'

/** All numbers that a port can have, 0 left out. */
export const PORTS = 65_535

/** The port from which every client dials, as the program crowd has it. */
const CLIENTS_PORT = 20_000

type Told = { connections: number; rss: number }
const toldBy = ({ value }: Said) => value as unknown as Told
export const connectionsOf = (said: readonly Said[]) => said.reduce((sum, one) => sum + toldBy(one).connections, 0)

/** Memory of the programs, in bytes. */
export const memoryOf = (said: readonly Said[]) => said.reduce((sum, one) => sum + toldBy(one).rss, 0)

/** What `grep -c` or `wc -l` counted. */
export const counted = ({ printed, exitCode }: Ran) => (exitCode === 0 ? Number(printed[0]) : 0)

/** The hard limit of open files for one process; many where there is none. */
export const limitOf = ({ printed }: Ran) => (/^\d+$/.test(printed[0] ?? '') ? Number(printed[0]) : 1_000_000)

/** In the long form: connections in all, the steps in which they are opened, and the most pairs of processes for them. */
const [ALL, STEPS, MOST_PAIRS] = [70_000, 7, 20]

/**
 * How many pairs of processes, and how many connections each of them opens in one step. Connections are dealt out to
 * the servers by a hash, so none gets much more than its share; a tenth of its descriptors is kept back for that.
 */
export function planFor(full: boolean, limit: Ran): { processes: number; steps: number; each: number } {
  const most = Math.max(STEPS, Math.floor(limitOf(limit) * 0.9) - 100)
  if (!full) return { processes: 1, steps: 1, each: Math.min(500, most) }
  const processes = Math.min(MOST_PAIRS, Math.ceil(ALL / most))
  return { processes, steps: STEPS, each: Math.floor(Math.min(Math.ceil(ALL / processes), most) / STEPS) }
}

const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0')

export default defineLab({
  id: '14-more-than-65535',
  acts: {
    oneServerPort: act({
      network: 'own',
      longForm: true,
      requires: ['ipv4-loopback', 'loopback-block', 'reuse-port', 'proc'],
      async experiment({ start, ask, run, progress, full, port }) {
        const limit = await run('sh', '-c', 'ulimit -Hn')
        const { processes, steps, each } = planFor(full, limit)
        const pairs = Array.from({ length: processes }, (_, index) => index)
        const houses = await Promise.all(pairs.map(() => start('house', '127.0.0.1', port)))
        const crowds = await Promise.all(pairs.map((index) => start('crowd', '127.0.0.1', port, index)))
        let opened: Said[] = []
        let kept: Said[] = []
        const rounds = []
        for (let step = 1; step <= steps; step++) {
          const since = performance.now()
          opened = await Promise.all(crowds.map((crowd) => ask(crowd, `${each}`, 'opened')))
          const tookMs = Math.round(performance.now() - since)
          kept = await Promise.all(houses.map((one) => ask(one, 'how many', 'kept')))
          rounds.push({ opened, kept, tookMs })
          progress(connectionsOf(opened), processes * steps * each, 'connections')
        }
        const pattern = `:${hex(CLIENTS_PORT)} [0-9A-F]+:${hex(port)} 01 `
        const rows = await run('grep', '-cE', pattern, '/proc/net/tcp')
        // For more than one folder ls also prints their names, and they begin with a slash.
        const folders = houses.map(({ pid }) => `/proc/${pid}/fd`).join(' ')
        const descriptors = await run('sh', '-c', `ls ${folders} | grep -c '^[0-9]'`)
        await Promise.all(crowds.map((crowd) => ask(crowd, 'reset', 'reset')))
        return { dialled: processes * steps * each, limit, rounds, opened, kept, rows, descriptors }
      },
      checks: {
        'connections-outnumber-the-ports-in-use': {
          claims: { T8: 'all-of-them' },
          outcomes: ['all-of-them', 'some-of-them', 'one-of-them'],
          outcome({ dialled, opened, kept, rows }) {
            const connections = connectionsOf(opened)
            if (connections !== counted(rows) || connections !== connectionsOf(kept) || connections === 0)
              return 'other'
            return connections === dialled ? 'all-of-them' : connections > 1 ? 'some-of-them' : 'one-of-them'
          },
          expect: {
            linux: { outcome: 'all-of-them', source: 'RFC 9293, section 4: a connection is a pair of sockets' },
          },
          lie: 'client-addresses-ignored',
        },
        'each-connection-takes-a-descriptor-of-the-server': {
          claims: { T8: 'one-each' },
          outcomes: ['one-each', 'fewer'],
          outcome({ rows, descriptors }) {
            if (counted(rows) <= 2) return 'other'
            return counted(descriptors) >= counted(rows) ? 'one-each' : 'fewer'
          },
          expect: { linux: { outcome: 'one-each', source: 'accept(2); getrlimit(2), RLIMIT_NOFILE' } },
          lie: 'client-addresses-ignored',
        },
      },
    }),
  },
})
