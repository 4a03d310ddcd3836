/** The kernel's own tables of sockets, read now: quick enough to be polled. */

import { readFileSync } from 'node:fs'
import type { AddressFamily, Protocol } from '../domain/endpoint.ts'
import type { Listing, SocketRow } from '../domain/socket-row.ts'
import { readHolders } from './holders.ts'
import { hexPort, readProcTable } from './proc-table.ts'
import { eachOnce } from './reading.ts'

export type KernelTablesOptions = {
  /** Only rows whose own port this is. */
  port?: number
  protocol?: Protocol
  family?: AddressFamily
  /** Only these processes are looked at for holders: rows of others are listed, without a holder. */
  pids?: Iterable<number>
  /** Prints no connections; `rows` has them all the same. */
  listening?: boolean
  /** `false` leaves out the search for holders, which costs more than the tables themselves. */
  holders?: boolean
  /** The tables of this process's network namespace, instead of our own. */
  namespaceOf?: number
}

const TABLES = [
  { file: 'tcp', protocol: 'tcp', family: 'IPv4' },
  { file: 'tcp6', protocol: 'tcp', family: 'IPv6' },
  { file: 'udp', protocol: 'udp', family: 'IPv4' },
  { file: 'udp6', protocol: 'udp', family: 'IPv6' },
] as const

/**
 * All four tables, or `undefined` where the kernel shows none (another system, no /proc, `namespaceOf` has ended). Absent tcp6 and udp6 mean
 * that there is no IPv6. A table that is there and cannot be read to its end throws: no part passes for the whole.
 */
export function readKernelTables(options: KernelTablesOptions = {}): Listing | undefined {
  const directory = options.namespaceOf === undefined ? '/proc/net' : `/proc/${options.namespaceOf}/net`
  const wanted = TABLES.filter(
    ({ protocol, family }) =>
      (options.protocol === undefined || protocol === options.protocol) &&
      (options.family === undefined || family === options.family),
  )
  const tables = wanted.map((table) => ({ ...table, path: `${directory}/${table.file}` }))
  const present: string[] = []
  const listing: Pick<Listing, 'printed' | 'rows' | 'unread'> = { printed: [], rows: [], unread: [] }
  for (const table of tables) {
    const text = readOrNull(table.path)
    if (text === null && table.family === 'IPv4') return undefined
    if (text === null) continue
    const { printed, rows, unread } = readProcTable(text, table, options)
    const shown = options.listening === true ? printed.filter((line) => NO_CONNECTION.test(line)) : printed
    // A table without a row for this question would only add its heading, and its name to the command.
    if (options.port === undefined || shown.length > 1) {
      present.push(table.path)
      listing.printed = listing.printed.concat(shown)
    }
    // Not push(...rows): a table may have more rows than a call may have arguments.
    listing.rows = listing.rows.concat(rows)
    listing.unread = listing.unread.concat(unread)
  }
  const rows = eachOnce(listing.rows)
  if (options.holders !== false && rows.length > 0) addHolders(rows, options.pids)
  return {
    source: 'proc',
    command: typedCommand(present.length > 0 ? present : tables.map(({ path }) => path), options),
    ...listing,
    rows,
  }
}

/** The heading, TCP listeners (state 0A), and UDP sockets without a peer (07). */
const NO_CONNECTION = /local_address|:[0-9A-F]{4} [0-9A-F:]+ (0A|07) /

function addHolders(rows: SocketRow[], pids?: Iterable<number>): void {
  const holders = readHolders(pids)
  for (const row of rows) row.holders = row.inode === null ? [] : (holders.get(row.inode) ?? [])
}

function typedCommand(paths: readonly string[], { port, listening }: KernelTablesOptions): string {
  if (port === undefined) return `cat ${paths.join(' ')}`
  const pattern = listening === true ? `${hexPort(port)}[0-9A-F:]+ (0A|07) ` : hexPort(port)
  return `grep -hE 'local_address|${pattern}' ${paths.join(' ')}`
}

/** No such table, or its process has ended (a zombie's tables answer EINVAL). */
const GONE: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ESRCH', 'EINVAL'])

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'latin1')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (GONE.has(code)) return null
    throw error
  }
}
