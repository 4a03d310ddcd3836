/** Reads the rows of a listing: which connections there are, whose they are, and how many wait to be accepted. */

import type { Listed, SocketRow, Started } from '../../harness/lab.ts'

export const BACKLOG = 5

/** Every row of every listing that was asked: some tell the queues, some the holders. */
const rowsOf = (listed: Listed): SocketRow[] => [listed, ...listed.others].flatMap(({ rows }) => rows)

/** Connections whose server's end has this port, by the listing that knows most of them. */
export const connectionsOf = (listed: Listed) =>
  [listed, ...listed.others]
    .map(({ rows }) => rows.filter(({ protocol, state }) => protocol === 'tcp' && state === 'ESTABLISHED'))
    .reduce((most, rows) => (rows.length > most.length ? rows : most), [])

/** How many connections wait to be accepted: the queue of the LISTEN row. lsof has no such column. */
export const waiting = (listed: Listed) =>
  rowsOf(listed).find(({ state, receiveQueue }) => state === 'LISTEN' && receiveQueue !== null)?.receiveQueue ?? null

export const isHeldBy = ({ holders }: SocketRow, { pid }: Started) => holders.some((holder) => holder.pid === pid)

/** Whether this process is named as the holder of a listener. */
export const namesHolder = (listed: Listed, process: Started) =>
  rowsOf(listed).some((row) => row.state === 'LISTEN' && isHeldBy(row, process))

/** Whether a row is the server's end of this client's connection. */
export const from = ({ peer }: SocketRow, { local }: Started) => peer?.port === local?.port && local !== null

/** What the system makes of our backlog: its own limit caps it. */
export function effective(limit: unknown): number {
  return typeof limit === 'number' && limit > 0 ? Math.min(BACKLOG, limit) : BACKLOG
}
