/** What is seen of a handed-in program whatever it is doing: its sockets, its last words, its end. */

import type { Protocol } from '../domain/endpoint.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { readHolders } from '../listing/holders.ts'
import { readKernelTables } from '../listing/kernel-tables.ts'
import type { StandIn } from '../process/stand-in.ts'

/**
 * The sockets that a handed-in program has open, of all ports. The tables are long to walk for the kernel, and are read
 * only where the program has a socket of its own: Node gives it sockets as its standard input and output.
 */
export function socketsOf(standIn: StandIn, protocol?: Protocol): SocketRow[] {
  const held = readHolders(standIn.pids)
  for (const inode of standIn.given) held.delete(inode)
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

/** The line that says what went wrong: below it Node prints an object and its own version. Else the last line. */
export function lastWords({ otherOutput }: StandIn): string {
  return otherOutput.findLast((line) => /^[\w.]*(Error|Exception)\b/.test(line)) ?? otherOutput.at(-1) ?? ''
}

/** What a program gets from the kernel for what it did itself, and SIGABRT, which it raises for itself: signal(7). */
const OF_ITS_OWN = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSYS', 'SIGTRAP']

export function isCrash({ signal }: { signal: string | null }): boolean {
  return signal !== null && OF_ITS_OWN.includes(signal)
}

export function howItEnded({ exitCode, signal }: { exitCode: number | null; signal: string | null }): string {
  return signal === null ? `exit code ${exitCode}` : signal
}
