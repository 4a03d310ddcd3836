/** Rows and looks for tests, with only that spelt out which a test is about. */

import type { Taken } from '../../harness/domain/ports-taken.ts'
import { COVERS } from '../../harness/domain/ports-taken.ts'
import type { SocketRow } from '../../harness/domain/socket-row.ts'

/** `tcp 0.0.0.0 80 nginx/10/root`: protocol, address with its device, port, holders. `+4` after the address: dual-stack. */
export function row(text: string, more: Partial<SocketRow> = {}): SocketRow {
  const [protocol = '', where = '', port = '', ...held] = text.split(' ')
  const [bare = '', device] = where.replace('+4', '').split('%')
  const isSix = bare.includes(':')
  const holders = held.map((one) => {
    const [command = '', pid, user] = one.split('/')
    return { pid: Number(pid), command, fd: null, ...(user === undefined ? {} : { user }) }
  })
  return {
    protocol: protocol === 'udp' ? 'udp' : 'tcp',
    family: isSix ? 'IPv6' : 'IPv4',
    local: { address: bare, port: Number(port) },
    peer: null,
    state: protocol === 'udp' ? null : 'LISTEN',
    stateAsPrinted: protocol === 'udp' ? 'UNCONN' : 'LISTEN',
    holders,
    takesIPv4: bare === '::' ? where.includes('+4') : null,
    uid: null,
    inode: null,
    receiveQueue: null,
    sendQueue: null,
    retransmits: null,
    device: device ?? null,
    ...more,
  }
}

export function taken(rows: readonly (string | SocketRow)[], more: Partial<Taken> = {}): Taken {
  return {
    takenAt: '2026-11-22T09:00:00.000Z',
    host: { os: 'linux', kernel: '6.1.0', architecture: 'x64', machine: '0123456789abcdef' },
    sources: [{ format: 'ss', command: 'ss -ltunp' }],
    covers: [...COVERS],
    onlyUser: null,
    tellsDevices: true,
    ephemeralRange: [32_768, 60_999],
    userNames: {},
    rows: rows.map((one) => (typeof one === 'string' ? row(one) : one)),
    ...more,
  }
}
