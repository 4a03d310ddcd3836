/** What does the kernel itself write down about a port? Reads the rows of /proc/net/tcp and /proc/net/udp. */

import { act, defineLab } from '../../harness/lab.ts'
import type { Listed, Said, SocketRow, Started } from '../../harness/lab.ts'

type Numbers = { user: number; byteOrder: 'little' | 'big'; inode: number }
type Lengths = { tcp: number; udp: number }

/** What the program knows of itself: who it is, and the inode of its listener. */
export const own = ({ value }: Said) => value as Numbers
export const lengths = ({ value }: Said) => value as Lengths

const kernelsOwn = (listed: Listed) => [listed, ...listed.others].find(({ source }) => source === 'proc')

/** What the kernel prints of the socket whose own port this is and that has this state, or any. */
export function line(listed: Listed, port: number, state = '..'): string | null {
  const own = new RegExp(`^\\s*\\d+: [0-9A-F]+:${hex(port)} \\S+ ${state} `)
  return kernelsOwn(listed)?.printed.find((one) => own.test(one)) ?? null
}

export const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0')

/** The columns of a line, beginning with local_address. */
export const columns = (text: string) => text.trim().split(/\s+/).slice(1)

const rowsOf = (listed: Listed) => kernelsOwn(listed)?.rows ?? []

const heldBy = ({ holders }: SocketRow, { pid }: Started) => holders.some((one) => one.pid === pid)

export const udpRow = (listed: Listed) => rowsOf(listed).find(({ protocol }) => protocol === 'udp')

export const connection = (listed: Listed) =>
  rowsOf(listed).find(({ protocol, state }) => protocol === 'tcp' && state === 'ESTABLISHED')

/** What the column of a row counted while data was there, held against the number of bytes. */
function counted(row: SocketRow | undefined, after: SocketRow | undefined, bytes: number | undefined) {
  if (!row || !after || !bytes || row.receiveQueue === null || after.receiveQueue !== 0) return 'other'
  if (row.receiveQueue === 0) return 'nothing'
  return row.receiveQueue === bytes ? 'bytes' : row.receiveQueue > bytes ? 'more-than-the-bytes' : 'other'
}

const COUNTS = ['bytes', 'more-than-the-bytes', 'nothing'] as const
const STATES = 'include/net/tcp_states.h, TCP_LISTEN; proc_pid_net(5)'

export default defineLab({
  id: '17-kernel-table',
  acts: {
    oneRow: act({
      requires: ['ipv4-loopback', 'proc'],
      async experiment({ start, stop, list, anotherPort }) {
        const port = await anotherPort() // a number without a past: no connection of before is listed
        const before = await list('proc', { port, connections: true })
        const server = await start('listener', '127.0.0.1', port)
        const open = await list('proc', { port, connections: true })
        if (!server.error) await stop(server)
        return { port, before, server, open, after: await list('proc', { port, connections: true }) }
      },
      checks: {
        'state-byte-of-a-listener': {
          claims: { Q13: '0A', Q15: '0A' },
          outcomes: ['0A', '01', 'no-row'],
          outcome({ server, open }) {
            const row = rowsOf(open).find((one) => heldBy(one, server))
            return !row
              ? 'no-row'
              : row.stateAsPrinted === '0A' || row.stateAsPrinted === '01'
                ? row.stateAsPrinted
                : 'other'
          },
          expect: { linux: { outcome: '0A', source: STATES } },
          lie: 'another-port',
        },
        'closed-port-has-a-row': {
          claims: { Q13: ['always', 'before', 'after'] },
          outcomes: ['never', 'always', 'before', 'after'],
          outcome({ before, open, after }) {
            if (rowsOf(open).length === 0) return 'other'
            const [first, last] = [rowsOf(before).length > 0, rowsOf(after).length > 0]
            return first && last ? 'always' : first ? 'before' : last ? 'after' : 'never'
          },
          expect: { linux: { outcome: 'never', source: 'proc_pid_net(5): a dump of the socket table' } },
          lie: 'child-keeps-socket',
        },
      },
    }),

    bytes: act({
      requires: ['ipv4-loopback', 'proc', 'python', 'client-ports'],
      async experiment({ start, said, ask, send, list, anotherPort }) {
        const port = await anotherPort()
        const server = await start('unread.py', '127.0.0.1', port)
        const numbers = await said(server, 'own numbers')
        const client = await start('talk', '127.0.0.1', port)
        const looked = client.outcome === 'connected' ? await ask(client, 'hello', 'heard') : null
        const datagram = await send('127.0.0.1', 'hello', { port })
        const full = await list('proc', { port, connections: true })
        const isThere = looked !== null && datagram.outcome === 'received'
        const read = isThere ? await ask(server, 'read', 'read') : null
        if (isThere) await ask(server, 'connect', 'connect')
        return { port, numbers, datagram, full, read, after: await list('proc', { port, connections: true }) }
      },
      checks: {
        'address-is-written-in-the-byte-order-of': {
          outcomes: ['the-machine', 'the-network'],
          outcome({ port, numbers, full }) {
            const [address] = columns(line(full, port, '0A') ?? '0: none')
            const little = own(numbers).byteOrder === 'little'
            if (address === `${little ? '0100007F' : '7F000001'}:${hex(port)}`) return 'the-machine'
            return address === `7F000001:${hex(port)}` ? 'the-network' : 'other'
          },
          expect: { linux: { outcome: 'the-machine', source: 'net/ipv4/tcp_ipv4.c, get_tcp4_sock' } },
          lie: 'another-port',
        },
        'row-tells-whose-socket-it-is-by': {
          outcomes: ['user-and-inode', 'process', 'neither'],
          outcome({ port, numbers, full }) {
            const found = line(full, port, '0A')
            if (found === null) return 'other'
            const [user, , inode] = columns(found).slice(6)
            const mine = own(numbers)
            if (user === String(mine.user) && inode === String(mine.inode)) return 'user-and-inode'
            return columns(found).includes(String(numbers.pid)) ? 'process' : 'neither'
          },
          expect: { linux: { outcome: 'user-and-inode', source: 'proc_pid_net(5)' } },
          lie: 'another-port',
        },
        'receive-queue-of-a-tcp-connection-counts': {
          claims: { Q15: ['bytes', 'more-than-the-bytes'] },
          outcomes: COUNTS,
          outcome: ({ full, read, after }) =>
            counted(connection(full), connection(after), read ? lengths(read).tcp : 0),
          expect: { linux: { outcome: 'bytes', source: 'net/ipv4/tcp_ipv4.c, get_tcp4_sock: rcv_nxt - copied_seq' } },
          lie: 'look-takes-the-data',
        },
        'receive-queue-of-a-udp-socket-counts': {
          claims: { Q15: ['bytes', 'more-than-the-bytes'] },
          outcomes: COUNTS,
          outcome: ({ full, read, after }) => counted(udpRow(full), udpRow(after), read ? lengths(read).udp : 0),
          expect: {
            linux: { outcome: 'more-than-the-bytes', source: 'net/ipv4/udp.c, udp4_format_sock: udp_rqueue_get' },
          },
          lie: 'look-takes-the-data',
        },
        'connect-changes-the-state-byte-of-a-udp-socket': {
          claims: { Q14: 'always-0A' },
          outcomes: ['07-then-01', 'always-07', 'always-0A'],
          outcome({ full, after }) {
            const [first, then] = [udpRow(full)?.stateAsPrinted, udpRow(after)?.stateAsPrinted]
            const both = `${first}-then-${then}`
            if (both === '07-then-07' || both === '0A-then-0A') return first === '07' ? 'always-07' : 'always-0A'
            return both === '07-then-01' ? both : 'other'
          },
          expect: { linux: { outcome: '07-then-01', source: 'net/ipv4/datagram.c, __ip4_datagram_connect' } },
          lie: 'peer-ignored',
        },
      },
    }),
  },
})
