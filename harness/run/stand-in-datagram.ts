/**
 * Datagrams for handed-in programs: one has come when it is in the queue of a socket, and was read when the kernel has
 * counted that. A queue that is gone with its socket says nothing.
 */

import { setTimeout as pause } from 'node:timers/promises'

import type { Endpoint } from '../domain/endpoint.ts'
import type { Sent } from '../domain/observation.ts'
import { readCounter } from '../listing/counters.ts'
import { sendDatagram } from '../network/datagram.ts'
import { waitFor } from '../process/wait.ts'
import type { StageContext } from './stage-context.ts'
import type { Member } from './stand-in-client.ts'
import { holdStill, LOOK_MS, rowsBeside, standInsOn } from './stand-in-client.ts'

export async function sendAndSee(
  context: StageContext,
  to: Endpoint,
  text: string,
  from?: Partial<Endpoint>,
): Promise<Sent> {
  const { cast, limits, signal } = context
  const members = standInsOn(cast, to.port, 'udp')
  const enough = new AbortController()
  const over = AbortSignal.any([signal, enough.signal, AbortSignal.timeout(Math.ceil(limits.readyMs))])
  const waiting = () =>
    members.find(({ row }) => {
      const rows = rowsBeside(members)
      return (rows.find(({ inode }) => inode === row.inode)?.receiveQueue ?? 0) > 0
    })
  const readBefore = datagramsRead()
  const goOn = await holdStill(context, members)
  const answer = sendDatagram(to, text, over, from)
  let isOver = false
  void answer.then(() => (isOver = true))
  // Until the kernel has put the datagram into a queue, or said that there is none.
  const wait = { limitMs: limits.readyMs, signal, pollMs: LOOK_MS }
  const queued = await waitFor(() => waiting() ?? (isOver ? null : undefined), {
    ...wait,
    what: 'the datagram to be in the queue of a socket',
  }).catch(() => null)
  goOn()
  const [, answered] = await Promise.all([watchQueue(limits.silenceMs, waiting, enough, () => isOver), answer])
  signal.throwIfAborted()
  const { outcome, local, heard } = answered
  const wasRead = outcome === 'received' || (queued !== null && datagramsRead() > readBefore)
  if (queued && !wasRead) cast.find('does-not-read', queued.standIn.program)
  else if (queued && outcome !== 'received') cast.find('does-not-answer', queued.standIn.program)
  if (!queued) for (const { standIn } of members) standIn.isExcused = true
  const { program, pid } = queued?.standIn ?? {}
  if (queued && wasRead) queued.standIn.served += 1
  const isServed = wasRead && program !== undefined && pid !== undefined && local !== null
  return {
    outcome: isServed ? 'received' : outcome,
    to,
    local,
    text,
    heard,
    receivedBy: isServed ? { program, pid } : null,
    // The kernel hands over a datagram whole, udp(7).
    seenByServer: isServed ? { text, peer: local } : null,
  }
}

/** A datagram that was read may be answered, for a while. */
async function watchQueue(
  silenceMs: number,
  waiting: () => Member | undefined,
  enough: AbortController,
  isOver: () => boolean,
): Promise<void> {
  let quietSince: number | null = null
  while (!isOver()) {
    const now = performance.now()
    quietSince = waiting() ? null : (quietSince ?? now)
    if (quietSince !== null && now - quietSince > silenceMs) return enough.abort('no more')
    await pause(LOOK_MS)
  }
}

/** How many datagrams were read from sockets of this network: RFC 4113, udpInDatagrams. Linux counts where recvmsg(2) does. */
const datagramsRead = () => readCounter('snmp', 'Udp', 'InDatagrams')
