/** A handed-in client, seen from outside: where it dialled, and from which port. */

import type { Endpoint } from '../domain/endpoint.ts'
import { formatEndpoint } from '../domain/endpoint.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import type { Started } from '../domain/observation.ts'
import type { StandIn } from '../process/stand-in.ts'
import { waitFor } from '../process/wait.ts'
import type { StageContext } from './stage-context.ts'
import { howItEnded, saidLast, socketsOf } from './stand-in-sockets.ts'

/** A client is seen at the server's end: a program of the lab accepted it, and says from where it came. */
export async function seeClient(context: StageContext, standIn: StandIn): Promise<Partial<Started>> {
  const { cast, limits, signal } = context
  const port = standIn.told
  const servers = cast.members.filter((member) => member !== standIn)
  const heard = servers.map(({ events }) => events.length)
  const accepted = (): Endpoint | undefined => {
    for (const [index, { events }] of servers.entries()) {
      const event = events.slice(heard[index]).find((one) => one.event === 'accepted')
      if (event && 'peer' in event) return event.peer
    }
    return undefined
  }
  const startedAt = performance.now()
  let endedSince: number | null = null
  const look = () => {
    const now = performance.now()
    endedSince ??= standIn.end === undefined ? null : now
    // Its end and what the server tells come by two pipes, and nobody knows which is read first.
    const isOver = now - startedAt > limits.readyMs || (endedSince !== null && now - endedSince > limits.rowMs)
    return accepted() ?? (isOver ? null : undefined)
  }
  const local = await waitFor(look, {
    limitMs: 2 * limits.readyMs,
    signal,
    what: `${standIn.program} (process ${standIn.pid}) to connect to port ${port}`,
    onChange: (again) => cast.onChange(again),
  })
  if (local !== null) return { outcome: 'connected', protocol: 'tcp', local, rows: socketsOf(standIn) }
  if (!standIn.hasStarted) {
    throw new Inconclusive(`the sandbox for ${standIn.program} could not be made${saidLast(standIn)}`)
  }
  const { end, program } = standIn
  const [dialled] = socketsOf(standIn).flatMap(({ peer }) => (peer ? [formatEndpoint(peer)] : []))
  cast.find('does-not-connect', program, {
    told: port,
    ...(dialled !== undefined && { found: dialled }),
    ...(end && { how: howItEnded(end) }),
    said: standIn.otherOutput.at(-1) ?? '',
  })
  return {}
}
