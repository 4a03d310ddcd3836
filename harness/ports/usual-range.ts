/** From which ports a system gives one to who asks for none, where nobody has said it of this machine. */

import type { ListingFormat } from '../domain/look.ts'
import type { SocketRow } from '../domain/socket-row.ts'

/** ip_local_port_range as Linux has it from the start (ip-sysctl). */
const LINUX = [32_768, 60_999] as const

/** The dynamic ports of RFC 6335: macOS, NetBSD and Windows use them. */
const DYNAMIC = [49_152, 65_535] as const

/** By the system that prints such a listing. lsof runs on many; on Linux alone it has the inode of a socket. */
export function usualEphemeralRange(format: ListingFormat, rows: readonly SocketRow[]): readonly [number, number] {
  if (format === 'ss' || format === 'netstat-linux' || format === 'proc') return LINUX
  return rows.some(({ inode }) => inode !== null) ? LINUX : DYNAMIC
}
