/** What is seen of a handed-in program whatever it is doing: its sockets, its last words, its end. */

import type { Protocol } from '../domain/endpoint.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { readHolders } from '../listing/holders.ts'
import { readKernelTables } from '../listing/kernel-tables.ts'
import type { StandIn } from '../process/stand-in.ts'

/**
 * The sockets that a handed-in program has open, of all ports. The tables are long to walk for the kernel, and are read
 * only where the program has a socket at all.
 */
export function socketsOf(standIn: StandIn, protocol?: Protocol): SocketRow[] {
  const held = readHolders(standIn.pids)
  if (held.size === 0) return []
  const rows = readKernelTables({ holders: false, ...(protocol && { protocol }) })?.rows ?? []
  return rows.flatMap((row) => {
    const holders = row.inode === null ? undefined : held.get(row.inode)
    return holders ? [{ ...row, holders }] : []
  })
}

export function saidLast({ otherOutput }: StandIn): string {
  const last = otherOutput.at(-1)
  return last === undefined ? '' : `: ${last}`
}

export function howItEnded({ exitCode, signal }: { exitCode: number | null; signal: string | null }): string {
  return signal === null ? `exit code ${exitCode}` : signal
}
