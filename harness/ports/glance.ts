/** A sight of the kernel's tables that costs next to nothing: the sockets that wait for whoever comes, as one text. */

import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

/** `null` where there are no such tables. Two texts that are the same mean that the same sockets are there. */
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
  return local !== undefined && /:0000$/.test(peer) ? [`${local} ${uid} ${inode}`] : []
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
