/** The step that lists sockets: of one port, or of all. */

import { StrangerOnPort } from '../domain/inconclusive.ts'
import type { Listed } from '../domain/observation.ts'
import type { ListingSource } from '../domain/socket-row.ts'
import { listSockets } from '../listing/list.ts'
import { foreignRows, isOpen } from './rows.ts'
import type { StageContext } from './stage-context.ts'

/** @throws StrangerOnPort where a program that is none of ours holds one of the act's ports. */
export async function listPort(
  { ports, ...whose }: StageContext,
  { port, connections }: { port: number | 'all'; connections: boolean },
  preferred?: ListingSource,
): Promise<Listed> {
  const filter = { ...(port !== 'all' && { port }), listening: !connections }
  const { shown, others, absent, disagreements } = await listSockets(filter, preferred)
  // A holder that no listing may name is not known to be a stranger; the end of the act looks at the inodes.
  const named = [shown, ...others]
    .flatMap(({ rows }) => rows)
    .filter((row) => isOpen(row) && row.holders.length > 0 && ports.includes(row.local.port))
  const [stranger] = foreignRows(named, whose)
  if (stranger) throw new StrangerOnPort(`a program outside this lab holds port ${stranger.local.port}`)
  const { source, command, printed, rows } = shown
  return { source, command, printed, rows, others, absent, disagreements }
}
