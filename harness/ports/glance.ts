/** A cheap sight of this machine: the sockets that wait for whoever comes, as one text. No holders, no connections. */

import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

import type { SocketRow } from '../domain/socket-row.ts'
import { askSockDiag } from '../listing/sock-diag.ts'

/** Two texts that are the same mean that the same sockets are there. `null` where the kernel cannot be asked. */
export async function glanceAtMachine(): Promise<string | null> {
  if (process.platform !== 'linux') return null
  const sockets = await askSockDiag({ onlyWaiting: true })
  if (sockets === null) return glanceAtTables()
  return sockets
    .map(({ row }) => keyOfRow(row))
    .sort()
    .join('\n')
}

/** A socket that was opened anew has another inode, and one that is bound to a device now has that. */
function keyOfRow({ protocol, family, local, uid, inode, device, takesIPv4, sendQueue, state }: SocketRow): string {
  const backlog = state === 'LISTEN' ? sendQueue : ''
  return [protocol, family, local.address, local.port, uid, inode, device, takesIPv4, backlog].join(' ')
}

/** The same from /proc/net. `null` where there are no such tables. */
export function glanceAtTables(directory = '/proc/net'): string | null {
  const listeners = ['tcp', 'tcp6'].map((name) => listenersOf(`${directory}/${name}`))
  const receivers = ['udp', 'udp6'].map((name) => whole(`${directory}/${name}`))
  if (listeners[0] === null) return null
  const lines = [...listeners, ...receivers].flatMap((text) => (text ?? '').split('\n'))
  return lines.flatMap(keyOf).sort().join('\n')
}

//            sl     local     remote    st      queues  timer   again  uid     timeout inode
const ROW = /^\s*\d+: (\S+) (\S+) (0A|07) \S+ \S+ \S+\s+(\d+)\s+\d+\s+(\d+)/

/** State 0A is LISTEN; 07 is a UDP socket without a peer. A socket that was opened anew has another inode. */
function keyOf(line: string): string[] {
  const [, local, peer = '', , uid, inode] = ROW.exec(line) ?? []
  return local !== undefined && peer.endsWith(':0000') ? [`${local} ${uid} ${inode}`] : []
}

const PIECE = 8_192
const OTHER_STATE = /^\s*\d+: \S+ \S+ (?!0A)[0-9A-F]{2} /m

/**
 * The kernel writes listeners first (tcp_get_idx in net/ipv4/tcp_ipv4.c), and writes only as far as somebody reads: so the
 * connections of a busy server cost nothing here.
 */
function listenersOf(file: string): string | null {
  const descriptor = opened(file)
  if (descriptor === null) return null
  try {
    const piece = Buffer.allocUnsafe(PIECE)
    for (let text = ''; ;) {
      const length = readSync(descriptor, piece)
      const tail = text.slice(text.lastIndexOf('\n') + 1)
      const more = piece.toString('latin1', 0, length)
      text += more
      if (length === 0 || OTHER_STATE.test(tail + more)) return text
    }
  } finally {
    closeSync(descriptor)
  }
}

function opened(file: string): number | null {
  try {
    return openSync(file, 'r')
  } catch {
    return null
  }
}

function whole(file: string): string | null {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return null
  }
}
