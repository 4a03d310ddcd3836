/** What `cat /proc/net/{tcp,tcp6,udp,udp6}` prints on a machine of either byte order. */

import { isIPv4 } from 'node:net'

import { TCP_STATES } from '../../../harness/domain/socket-row.ts'
import type { AddressFamily, Protocol } from '../../../harness/domain/endpoint.ts'
import type { SocketRow } from '../../../harness/domain/socket-row.ts'
import type { Fact } from './facts.ts'
import { bare } from './printer.ts'
import type { Printer } from './printer.ts'

type ByteOrder = 'LE' | 'BE'

/** The bytes of an address, each 32-bit word of which is printed as a number of the machine. */
function hexOf(address: string, order: ByteOrder): string {
  const bytes = Buffer.from(isIPv4(address) ? address.split('.').map(Number) : bytesOfIPv6(address))
  if (order === 'LE') bytes.swap32()
  return bytes.toString('hex').toUpperCase()
}

function bytesOfIPv6(address: string): number[] {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const text = dotted === null ? address : `${address.slice(0, dotted.index)}0:0`
  const [before = '', after = ''] = text.split('::')
  const groups = (part: string) => part.split(':').filter((group) => group !== '')
  const missing = text.includes('::') ? 8 - groups(before).length - groups(after).length : 0
  const all = [...groups(before), ...Array<string>(missing).fill('0'), ...groups(after)].map((group) =>
    parseInt(group, 16),
  )
  const bytes = all.flatMap((group) => [group >> 8, group & 255])
  return dotted === null ? bytes : [...bytes.slice(0, 12), ...dotted.slice(1).map(Number)]
}

const hex = (number: number, digits: number) => number.toString(16).toUpperCase().padStart(digits, '0')

function stateOf({ protocol, peer, state }: Fact): string {
  if (protocol === 'udp') return peer === null ? '07' : '01'
  return state === null ? '07' : hex(TCP_STATES.indexOf(state) + 1, 2)
}

function lineOf(fact: Fact, place: number, order: ByteOrder): string {
  const { protocol, family, local, peer, uid, inode, receiveQueue, sendQueue, retransmits } = fact
  const other = peer ?? { address: family === 'IPv4' ? '0.0.0.0' : '::', port: 0 }
  const ends = [local, other].map(({ address, port }) => `${hexOf(address, order)}:${hex(port, 4)}`).join(' ')
  const counts = `${hex(sendQueue, 8)}:${hex(receiveQueue, 8)} 00:00000000 ${hex(protocol === 'tcp' ? retransmits : 0, 8)}`
  const behind = protocol === 'udp' ? '2 0000000000000000 0' : '1 0000000000000000 100 0 0 10 0'
  return `${`${place}`.padStart(5)}: ${ends} ${stateOf(fact)} ${counts} ${`${uid}`.padStart(5)}        0 ${inode} ${behind}`
}

function rowOf(fact: Fact): SocketRow {
  return {
    ...bare(fact),
    state: fact.state,
    stateAsPrinted: stateOf(fact),
    uid: fact.uid,
    inode: fact.inode,
    receiveQueue: fact.receiveQueue,
    sendQueue: fact.state === 'LISTEN' ? null : fact.sendQueue,
    retransmits: fact.protocol === 'tcp' ? fact.retransmits : null,
  }
}

const HEADINGS: Readonly<Record<AddressFamily, string>> = {
  IPv4: '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
  IPv6: '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
}

/** This machine's own row tells the byte order: elsewhere both readings are addresses. */
const LOOPBACK: Fact = {
  protocol: 'tcp',
  family: 'IPv4',
  local: { address: '127.0.0.1', port: 1 },
  peer: null,
  state: 'LISTEN',
  stateAsPrinted: '0A',
  holders: [],
  takesIPv4: null,
  uid: 0,
  inode: 2 ** 31 + 1,
  receiveQueue: 0,
  sendQueue: 0,
  retransmits: 0,
  device: null,
}

const printer = (order: ByteOrder): Printer => ({
  name: `cat /proc/net/… (${order})`,
  format: 'proc',
  print(given) {
    const facts = [
      ...Array.from({ length: given.length + 1 }, (_, index) => ({ ...LOOPBACK, inode: LOOPBACK.inode + index })),
      ...given,
    ]
    const tables = (['tcp', 'udp'] as const).flatMap((protocol: Protocol) =>
      (['IPv4', 'IPv6'] as const).map((family) => {
        const ours = facts.filter((fact) => fact.protocol === protocol && fact.family === family)
        const heading = `${HEADINGS[family]}${protocol === 'udp' ? ' ref pointer drops' : ''}`
        return { ours, lines: [heading, ...ours.map((fact, place) => lineOf(fact, place, order))] }
      }),
    )
    return {
      text: tables.flatMap(({ lines }) => lines).join('\n'),
      rows: tables.flatMap(({ ours }) => ours.map(rowOf)),
    }
  },
})

export const PROC: readonly Printer[] = [printer('LE'), printer('BE')]
